import type { AwsError } from '../operation.ts';
import { fit } from './fit.ts';
import type { ServiceModel, Shape } from './models.ts';
import type { WireError } from './protocol.ts';

/** Errors that every service may answer without its model saying so (its "Common Errors" page). */
const commonErrors = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'InternalFailure',
  'InvalidAction',
  'OptInRequired',
  'ServerException',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'UnknownOperationException',
  'ValidationError',
  'ValidationException',
]);

/** The error in the service's own words, and what about it does not fit the service's model. */
export const wireError = (model: ServiceModel, error: AwsError): { error: WireError; misfits: string[] } => {
  const named = modelled(model, error.code);
  const status =
    error.status !== 400 ? error.status : (named?.shape.error?.httpStatusCode ?? (named?.shape.fault ? 500 : 400));
  const code = named?.shape.error?.code ?? error.code;
  return {
    error: { code, message: error.message, status, fields: error.fields },
    misfits: misfits(model, named, error),
  };
};

interface Named {
  name: string;
  shape: Shape;
}

const modelled = (model: ServiceModel, code: string): Named | undefined => {
  const found = Object.entries(model.shapes).find(
    ([name, shape]) => shape.exception === true && (name === code || shape.error?.code === code),
  );
  return found && { name: found[0], shape: found[1] };
};

const misfits = (model: ServiceModel, named: Named | undefined, error: AwsError): string[] => {
  if (named !== undefined) return fit(model, named.name, error.fields).misfits;
  return commonErrors.has(error.code) ? [] : [`${model.name} has no error ${error.code}`];
};
