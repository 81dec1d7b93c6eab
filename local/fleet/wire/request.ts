import type { IncomingHttpHeaders } from 'node:http';
import type { OperationModel, ServiceModel, Models } from './models.ts';
import { jsonProtocolOf } from './json-protocol.ts';
import type { Protocol } from './protocol.ts';
import { queryProtocol } from './query-protocol.ts';

/** An HTTP request as it came in, to be read here and forwarded unchanged to the judge. */
export interface WireRequest {
  method: string;
  url: string;
  rawHeaders: string[];
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** Which AWS call a request is. */
export interface Call {
  /** as the client names it, also when nobody knows it */
  service: string;
  operation: string;
  caller: string;
  /** whose words an error is put in */
  model: ServiceModel;
  protocol: Protocol;
  /** absent when AWS has no such operation, or the fleet no such service */
  known?: OperationModel;
}

/** Reads which call it is from `X-Amz-Target` (JSON) or from the form's `Action` (query); undefined for anything else. */
export const callOf = (models: Models, request: WireRequest): Call | undefined => {
  const target = request.headers['x-amz-target'];
  if (request.method !== 'POST') return undefined;
  if (typeof target === 'string') return jsonCall(models, request, target);
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return undefined;
  return queryCall(models, request);
};

/** Which call a request is about to make, by its headers alone; undefined where only the body tells it. */
export const announcedCall = (models: Models, request: Omit<WireRequest, 'body'>): Call | undefined =>
  request.headers['x-amz-target'] === undefined ? undefined : callOf(models, { ...request, body: Buffer.alloc(0) });

const jsonCall = (models: Models, request: WireRequest, target: string): Call => {
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, Math.max(0, dot));
  const model = Object.values(models).find(
    ({ protocol, targetPrefix }) => protocol === 'json' && targetPrefix === prefix,
  );
  return {
    service: model?.name ?? prefix,
    operation: target.slice(dot + 1),
    caller: callerOf(request),
    model: model ?? models.ecs,
    protocol: jsonProtocolOf(model),
    ...knownIn(model, target.slice(dot + 1)),
  };
};

const queryCall = (models: Models, request: WireRequest): Call => {
  const form = new URLSearchParams(request.body.toString('utf8'));
  const version = form.get('Version') ?? '';
  const operation = form.get('Action') ?? '';
  const model = Object.values(models).find(
    ({ protocol, apiVersion }) => protocol === 'query' && apiVersion === version,
  );
  return {
    service: model?.name ?? version,
    operation,
    caller: callerOf(request),
    model: model ?? models.elbv2,
    protocol: queryProtocol,
    ...knownIn(model, operation),
  };
};

/** AWS's operation of that name, where there is one. */
export const knownIn = (model: ServiceModel | undefined, operation: string): { known?: OperationModel } => {
  const known = model !== undefined && Object.hasOwn(model.operations, operation) && model.operations[operation];
  return known ? { known } : {};
};

/** The application's name (`AWS_SDK_UA_APP_ID`), which every AWS SDK puts into its user agent; empty when it has none. */
export const callerOf = ({ headers }: Pick<WireRequest, 'headers'>): string => {
  const agent = `${headers['user-agent'] ?? ''} ${String(headers['x-amz-user-agent'] ?? '')}`;
  return /(?:^|\s)app\/(\S+)/.exec(agent)?.[1] ?? '';
};
