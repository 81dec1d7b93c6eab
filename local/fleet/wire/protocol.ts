import type { Input, Output } from '../operation.ts';
import type { OperationModel, ServiceModel } from './models.ts';

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string | Buffer;
}

/** An error as it goes out: the code on the wire, and further members of its shape. */
export interface WireError {
  code: string;
  message: string;
  status: number;
  fields: Record<string, unknown>;
}

/** The codes in which a service of that protocol says what any service may have to say. */
export interface Codes {
  /** a parameter that does not fit the model */
  invalid: string;
  /** a body that cannot be read at all */
  malformed: string;
  unknownOperation: string;
  throttled: string;
  /** the service's own fault */
  broken: string;
}

/** One of AWS's protocols: how the input of a call is read, and how answers and errors are written. */
export interface Protocol {
  codes: Codes;
  contentType: string;
  /** The input, well-formed or not (`fit` judges it). Raises MalformedRequest when the body is not even that protocol. */
  decode: (model: ServiceModel, operation: OperationModel, body: Buffer) => Input;
  encode: (model: ServiceModel, operation: OperationModel, answer: { output: Output; requestId: string }) => string;
  encodeError: (model: ServiceModel, error: WireError, requestId: string) => string;
}

/** The body of a call cannot be read at all. */
export class MalformedRequest extends Error {
  override readonly name = 'MalformedRequest';
}
