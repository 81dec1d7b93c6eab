import type { AnotherCall } from '../seeds.ts';
import type { Wire } from './answer-call.ts';
import { answerUnjudged } from './answer-call.ts';
import { jsonProtocolOf } from './json-protocol.ts';
import type { Models } from './models.ts';
import { knownIn } from './request.ts';

/** Carries out an AWS call of somebody else; the answer is as AWS's JSON protocol writes it. Throws AWS's error as `Code: message`. */
export const callAs = (wire: Wire, models: Models, made: AnotherCall): unknown => {
  const { service, operation, caller = 'somebody-else', input = {} } = made;
  const model = models[service];
  const call = { service, operation, caller, model, protocol: jsonProtocolOf(model), ...knownIn(model, operation) };
  const { status, body } = answerUnjudged(wire, call, Buffer.from(JSON.stringify(input)));
  const answer = JSON.parse(body.toString()) as { __type?: string; message?: string };
  if (status < 400) return answer;
  throw new Error(`${answer.__type ?? ''}: ${answer.message ?? ''}`);
};
