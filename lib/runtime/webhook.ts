import middy, { type MiddlewareObj } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HookOutcome } from '../app/start-planned.ts';
import { DeployFailure, Rejection } from '../domain/failure.ts';
import type { RawHook } from '../webhooks/let-pass.ts';
import { count, logger } from './log.ts';

type Event = APIGatewayProxyEventV2;
type Answer = APIGatewayProxyStructuredResultV2;

/** What a door does with a hook: `verify` the raw bytes, `read` the parsed body, `act` on what was read. */
export interface Door<Facts> {
  /** the Lambda's, for its log line */
  name: string;
  verify: (hook: RawHook) => Promise<void>;
  read: (body: unknown) => Facts;
  act: (facts: Facts) => Promise<HookOutcome>;
}

const largestBody = 5 * 1024 * 1024;

const rawHook = ({ headers, body, isBase64Encoded }: Event): RawHook => ({
  headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
  body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8'),
});

const answer = (statusCode: number, body?: object): Answer =>
  body === undefined
    ? { statusCode }
    : { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };

/** Verification comes before everything: until it passed, nothing of the body is read or logged. */
const verified = (verify: Door<unknown>['verify']): MiddlewareObj<Event, Answer> => ({
  before: async ({ event }) => {
    const hook = rawHook(event);
    await verify(hook);
    if (hook.body.length > largestBody) throw new Rejection('unreadable', 'the hook is larger than 5 MiB');
  },
});

const ignored = (reason: string): Answer => {
  count('HookIgnored');
  return answer(200, { ignored: reason });
};

/** What stopped nothing and yet may have cost a deployment. */
const tellOfLosses = ({ broken, unreadable = [] }: HookOutcome): void => {
  for (const { name, problems } of broken) logger.warn('target skipped', { target: name, problems: [...problems] });
  if (broken.length > 0) count('TargetBroken', broken.length);
  for (const reason of unreadable) logger.warn('event ignored', { reason });
  if (unreadable.length > 0) count('HookUnreadable', unreadable.length);
};

const answerOutcome = (door: string, outcome: HookOutcome): Answer => {
  const { started, ended } = outcome;
  tellOfLosses(outcome);
  logger.info(door, { started, ended });
  if (started.length === 0) {
    const reasons = ended.map(({ target, as }) => `${target} ended as ${as}`);
    return ignored(reasons.length === 0 ? 'no target asks for it' : reasons.join(', '));
  }
  count('DeploymentStarted', started.length);
  return answer(202, { started });
};

// What the body parser raises for another content type and for text that is not JSON.
const unreadable = new Set([415, 422]);

const rejectionOf = (error: unknown): Rejection | undefined => {
  if (error instanceof Rejection) return error;
  const unread = unreadable.has((error as { statusCode?: number }).statusCode ?? 0);
  return unread ? new Rejection('unreadable', 'the hook is not JSON') : undefined;
};

const answerError = (error: unknown): Answer => {
  if (error instanceof Rejection && error.kind === 'refused') {
    count('HookRefused');
    return answer(401);
  }
  const rejection = rejectionOf(error);
  if (rejection !== undefined) {
    if (rejection.kind === 'unreadable') count('HookUnreadable');
    if (rejection.kind === 'expiring') count('TokenExpiring');
    logger.warn('hook ignored', { reason: rejection.reason });
    return ignored(rejection.reason);
  }
  // The text of an error that is not our own could quote anything.
  const because = error instanceof DeployFailure ? error.message : '';
  logger.error('hook not recorded', { failure: error instanceof Error ? error.name : 'Unknown', because });
  return answer(503);
};

/**
 * The one pipeline of the doors. 202: deployments began. 200: authentic, and nothing to do, also when it cannot be
 * read (GitLab disables hooks that fail, a registry's other events wait behind one that does). 401, empty: not authentic. 503, empty: we could not record it.
 */
export const webhook = <Facts>({ name, verify, read, act }: Door<Facts>) =>
  middy<Event, Answer>()
    .use(verified(verify))
    .use(httpJsonBodyParser<Event>())
    .onError((request) => {
      request.response = answerError(request.error);
    })
    .handler(async (event: Event) => answerOutcome(name, await act(read(event.body))));
