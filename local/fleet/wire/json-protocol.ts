import type { Input } from '../operation.ts';
import type { ServiceModel } from './models.ts';
import { shapeOf } from './models.ts';
import type { Protocol } from './protocol.ts';
import { MalformedRequest } from './protocol.ts';

/** AWS JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html): timestamps in seconds, blobs in base64. */
export const jsonProtocol: Protocol = {
  codes: {
    invalid: 'InvalidParameterException',
    malformed: 'SerializationException',
    unknownOperation: 'UnknownOperationException',
    throttled: 'ThrottlingException',
    broken: 'ServerException',
  },
  contentType: 'application/x-amz-json-1.1',
  decode: (model, operation, body) => {
    const given = parse(body);
    return (operation.input === undefined ? given : fromJson(model, operation.input.shape, given)) as Input;
  },
  encode: (model, operation, { output }) =>
    JSON.stringify(operation.output === undefined ? {} : toJson(model, operation.output.shape, output)),
  encodeError: (_model, { code, message, fields }) => JSON.stringify({ ...fields, __type: code, message }),
};

/** Application Auto Scaling has words of its own for what its callers or it itself did wrong. */
const scalingProtocol: Protocol = {
  ...jsonProtocol,
  codes: { ...jsonProtocol.codes, invalid: 'ValidationException', broken: 'InternalServiceException' },
};

/** JSON as the service of this model speaks it. */
export const jsonProtocolOf = (model: ServiceModel | undefined): Protocol =>
  model?.name === 'application-autoscaling' ? scalingProtocol : jsonProtocol;

const parse = (body: Buffer): Record<string, unknown> => {
  if (body.length === 0) return {};
  let given: unknown;
  try {
    given = JSON.parse(body.toString('utf8'));
  } catch {
    throw new MalformedRequest('The request body is not valid JSON');
  }
  if (!isRecord(given)) throw new MalformedRequest('Start of structure or map found where not expected');
  return given;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const fromJson = (model: ServiceModel, shapeName: string, value: unknown): unknown =>
  converted({ model, leaf: decodedLeaf }, shapeName, value);

const toJson = (model: ServiceModel, shapeName: string, value: unknown): unknown =>
  converted({ model, leaf: encodedLeaf }, shapeName, value);

type Leaf = (type: string, value: unknown) => unknown;

/** Walks value and shape together and converts the leaves; what does not fit its shape stays as it is. Null means absent. */
const converted = (walk: { model: ServiceModel; leaf: Leaf }, shapeName: string, value: unknown): unknown => {
  const shape = shapeOf(walk.model, shapeName);
  if (shape.document === true) return value;
  if (shape.type === 'list' && Array.isArray(value)) {
    return value.map((item) => converted(walk, shape.member?.shape ?? '', item));
  }
  if ((shape.type === 'structure' || shape.type === 'map') && isRecord(value)) {
    const inner = (member: string): string | undefined =>
      shape.type === 'map' ? shape.value?.shape : shape.members?.[member]?.shape;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null && item !== undefined)
        .map(([member, item]) => {
          const name = inner(member);
          return [member, name === undefined ? item : converted(walk, name, item)];
        }),
    );
  }
  return walk.leaf(shape.type, value);
};

const decodedLeaf: Leaf = (type, value) => {
  if (type === 'timestamp' && typeof value === 'number') return new Date(value * 1000);
  if (type === 'blob' && typeof value === 'string') return Buffer.from(value, 'base64');
  return value;
};

const encodedLeaf: Leaf = (_type, value) => {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value;
};
