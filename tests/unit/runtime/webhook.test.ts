import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import fc from 'fast-check';
import { startDeployments } from '../../../lib/app/start-deployments.ts';
import type { HookOutcome } from '../../../lib/app/start-planned.ts';
import { DeployFailure, Rejection } from '../../../lib/domain/failure.ts';
import { readPipelineHook } from '../../../lib/webhooks/read-pipeline-hook.ts';
import { gitlabHook } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { failing } from '../../support/memory-faults.ts';
import { memoryTargets, memoryWorkflows } from '../../support/memory-ports.ts';
import { project, target } from '../../support/samples.ts';
import { printedLines } from './printed-lines.ts';

process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Drawbridge';
process.env['POWERTOOLS_SERVICE_NAME'] = 'drawbridge-test';
const { webhook } = await import('../../../lib/runtime/webhook.ts');

const name = 'pipeline-webhook';
const token = 'sample-webhook-token-0123456789abcdef';
const authentic = { 'content-type': 'application/json', 'x-gitlab-token': token };
const pipeline = {
  object_kind: 'pipeline',
  object_attributes: {
    id: 90001,
    ref: 'main',
    tag: false,
    source: 'push',
    status: 'success',
    finished_at: '2026-01-05T09:40:00Z',
    variables: [{ key: 'X', value: 'hunter2' }],
  },
  merge_request: null,
  project: { id: project },
};

interface Sent {
  headers?: Record<string, string>;
  body?: string;
  base64?: boolean;
}
type Handler = (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;

const eventOf = ({ headers = authentic, body = JSON.stringify(pipeline), base64 = false }: Sent) =>
  ({ headers, body, isBase64Encoded: base64 }) as unknown as APIGatewayProxyEventV2;

const send = async (handler: unknown, sent: Sent = {}) => {
  let answer: APIGatewayProxyStructuredResultV2 = {};
  const lines = await printedLines(async () => {
    answer = await (handler as Handler)(eventOf(sent), {} as Context);
  });
  return { answer, lines };
};

const verify = gitlabHook(
  { cached: () => Promise.resolve([{ webhookToken: token }]), fresh: () => Promise.resolve([{ webhookToken: token }]) },
  () => new Date(),
);

/** The door as it is, in front of ports in memory. */
const door = (workflows = memoryWorkflows(), targets = memoryTargets(target())) =>
  webhook({ name, verify, read: readPipelineHook, act: startDeployments({ targets, workflows }) });

const counted = (lines: string[]) =>
  lines.flatMap((line) => {
    const metrics = JSON.parse(line) as { _aws?: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
    return metrics._aws?.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name)) ?? [];
  });

const ignored = (reason: string) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ignored: reason }),
});

describe('202', () => {
  test('with what began; the same hook again answers the same and starts nothing', async () => {
    const workflows = memoryWorkflows();
    const first = await send(door(workflows));
    const execution = [...workflows.executions.keys()][0];
    expect(first.answer.statusCode).toBe(202);
    expect(JSON.parse(first.answer.body ?? '')).toEqual({ started: [{ target: '4711/web', execution }] });
    expect(counted(first.lines)).toEqual(['DeploymentStarted']);
    expect((await send(door(workflows))).answer).toEqual(first.answer);
    expect(workflows.executions.size).toBe(1);
  });

  test.each([
    ['base64', { body: Buffer.from(JSON.stringify(pipeline)).toString('base64'), base64: true }],
    ['headers in capitals', { headers: { 'Content-Type': 'application/json', 'X-Gitlab-Token': token } }],
    ['a charset', { headers: { ...authentic, 'content-type': 'application/json; charset=utf-8' } }],
  ])('with %s', async (_what, sent) => {
    expect((await send(door(), sent)).answer.statusCode).toBe(202);
  });

  test('beside a broken target, which is named and counted', async () => {
    const targets = memoryTargets(target());
    targets.broken.push({ project, name: 'api', problems: ['image: must be …'] });
    const { answer, lines } = await send(door(memoryWorkflows(), targets));
    expect(answer.statusCode).toBe(202);
    expect(counted(lines)).toContain('TargetBroken');
    expect(lines.join()).toContain('"target":"4711/api"');
  });
});

describe('200, ignored', () => {
  test('another kind starts nothing, and nothing is lost by it: no alarm', async () => {
    const { answer, lines } = await send(door(), { body: '{"object_kind":"push"}' });
    expect(answer).toEqual(ignored('hooks of this kind start nothing'));
    expect(counted(lines)).toEqual(['HookIgnored']);
  });

  test('a warning that a token ends is counted, and starts nothing', async () => {
    const { answer, lines } = await send(door(), { body: '{"object_kind":"access_token"}' });
    expect(answer).toEqual(ignored('a warning is only counted'));
    expect(counted(lines)).toEqual(['TokenExpiring', 'HookIgnored']);
  });

  test('nothing asks for it', async () => {
    const { answer, lines } = await send(door(memoryWorkflows(), memoryTargets()));
    expect(answer).toEqual(ignored('no target asks for it'));
    expect(counted(lines)).toEqual(['HookIgnored']);
  });

  test('it ended before, by the name of that end', async () => {
    const workflows = memoryWorkflows();
    await send(door(workflows));
    workflows.end([...workflows.executions.keys()][0] ?? '', 'RolloutFailed');
    expect((await send(door(workflows))).answer).toEqual(ignored('4711/web ended as RolloutFailed'));
  });

  test.each<[string, Sent, string]>([
    ['text that is not JSON', { body: '{' }, 'the hook is not JSON'],
    ['no body', { body: '' }, 'the hook is not JSON'],
    ['another content type', { headers: { ...authentic, 'content-type': 'text/xml' } }, 'the hook is not JSON'],
    ['no content type', { headers: { 'x-gitlab-token': token } }, 'the hook is not JSON'],
    ['a forbidden key', { body: '{"__proto__":{},"object_kind":"pipeline"}' }, 'the hook is not JSON'],
    ['deep nesting', { body: '['.repeat(200_000) + ']'.repeat(200_000) }, 'the hook is not JSON'],
    ['base64 that is none', { body: '%%%', base64: true }, 'the hook is not JSON'],
    ['over 5 MiB', { body: `"${' '.repeat(5 * 1024 * 1024)}"` }, 'the hook is larger than 5 MiB'],
  ])('%s: counted, for the alarm', async (_what, sent, reason) => {
    const { answer, lines } = await send(door(), sent);
    expect(answer).toEqual(ignored(reason));
    expect(counted(lines)).toEqual(['HookUnreadable', 'HookIgnored']);
  });

  test('5 MiB are counted in bytes as sent, not as base64 or in characters', async () => {
    const padded = JSON.stringify({ ...pipeline, pad: 'ä'.repeat(2_700_000) });
    expect((await send(door(), { body: padded })).answer).toEqual(ignored('the hook is larger than 5 MiB'));
    const fits = JSON.stringify({ ...pipeline, pad: 'a'.repeat(4 * 1024 * 1024) });
    const sent = { body: Buffer.from(fits).toString('base64'), base64: true };
    expect((await send(door(), sent)).answer.statusCode).toBe(202);
  });
});

test('what else it could not read, and what it could not use, is counted and told beside what began', async () => {
  const outcome: HookOutcome = {
    started: [{ target: '4711/web', execution: 'web-1' }],
    ended: [],
    broken: [],
    unreadable: ['an event has another shape than expected at target.tag', 'an event has another shape'],
  };
  const { answer, lines } = await send(
    webhook({ name, verify, read: readPipelineHook, act: () => Promise.resolve(outcome) }),
  );
  expect(answer).toMatchObject({ statusCode: 202, body: JSON.stringify({ started: outcome.started }) });
  expect(counted(lines)).toEqual(['HookUnreadable', 'DeploymentStarted']);
  expect(lines.join()).toContain('"HookUnreadable":2');
  expect(lines.join()).toContain('at target.tag');
});

test('the log line has the name of the door', async () => {
  const act = () => Promise.resolve<HookOutcome>({ started: [], ended: [], broken: [] });
  const { lines } = await send(webhook({ name: 'another-door', verify, read: readPipelineHook, act }));
  expect(lines.map((line) => (JSON.parse(line) as { message?: string }).message)).toContain('another-door');
});

describe('401', () => {
  const stranger = { ...authentic, 'x-gitlab-token': 'wrong' };

  test('empty, counted, and nothing of the hook is told or logged', async () => {
    const { answer, lines } = await send(door(), { headers: stranger });
    expect(answer).toEqual({ statusCode: 401 });
    expect(counted(lines)).toEqual(['HookRefused']);
    for (const secret of ['wrong', 'hunter2', 'pipeline', 'main']) expect(lines.join()).not.toContain(secret);
  });

  test.each<[string, Sent]>([
    ['not JSON', { headers: stranger, body: '{' }],
    ['of another type', { headers: { ...stranger, 'content-type': 'text/xml' } }],
    ['over 5 MiB', { headers: stranger, body: ' '.repeat(5 * 1024 * 1024 + 1) }],
    ['without headers', { headers: {} }],
  ])('comes before anything else: a hook %s', async (_what, sent) => {
    expect((await send(door(), sent)).answer).toEqual({ statusCode: 401 });
  });

  test('nothing is read or done', async () => {
    const done: string[] = [];
    const refuse = () => Promise.reject(new Rejection('refused', 'x'));
    const read = () => done.push('read');
    const act = () => {
      done.push('act');
      return Promise.resolve<HookOutcome>({ started: [], ended: [], broken: [] });
    };
    expect((await send(webhook({ name, verify: refuse, read, act }))).answer).toEqual({ statusCode: 401 });
    expect(done).toEqual([]);
  });
});

describe('503', () => {
  test.each([
    ['AWS refuses the start', () => door(failing(memoryWorkflows(), 'start'))],
    ['targets cannot be read', () => door(memoryWorkflows(), failing(memoryTargets(target()), 'ofProject'))],
    [
      'the secret cannot be read',
      () =>
        webhook({
          name,
          verify: () => Promise.reject(new DeployFailure('AwsRefused', 'x')),
          read: readPipelineHook,
          act: () => Promise.reject(new Error()),
        }),
    ],
  ])('empty, when %s', async (_what, made) => {
    const { answer, lines } = await send(made());
    expect(answer).toEqual({ statusCode: 503 });
    expect(lines.join()).not.toContain(token);
  });

  test('a fault of our own is not told, and its text, which could quote anything, not logged', async () => {
    const act = () => Promise.reject(new TypeError('cannot read hunter2'));
    const { answer, lines } = await send(webhook({ name, verify, read: readPipelineHook, act }));
    expect(answer).toEqual({ statusCode: 503 });
    expect(lines.join()).toContain('TypeError');
    expect(lines.join()).not.toContain('hunter2');
  });
});

test('a hook’s log line names the execution, and holds no token and no variable', async () => {
  const { lines } = await send(door());
  expect(lines.join()).toContain('"execution":"web-');
  for (const secret of [token, 'hunter2', 'variables']) expect(lines.join()).not.toContain(secret);
});

test('whatever is sent: one of four answers, none of them telling anything of it', async () => {
  const headers = fc.record({
    'content-type': fc.constantFrom('application/json', 'text/plain'),
    'x-gitlab-token': fc.constantFrom(token, 'wrong', ''),
  });
  const body = fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(pipeline)));
  await fc.assert(
    fc.asyncProperty(headers, body, fc.boolean(), async (given, text, base64) => {
      const { answer } = await send(door(), { headers: given, body: text, base64 });
      expect(given['x-gitlab-token'] === token ? [200, 202] : [401]).toContain(answer.statusCode);
      if (answer.statusCode === 401) expect(answer.body).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});
