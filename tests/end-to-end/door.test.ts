import { randomBytes, randomUUID } from 'node:crypto';
import { signHeaders } from '../../local/gitlab/sign-headers.ts';
import {
  deployed,
  executionEnd,
  executions,
  gitlab,
  healthy,
  putTarget,
  rehearsed,
  until,
} from '../support/deployed.ts';
import { counting, doorLog, dropPending, knock, putHookSecret, withoutRight } from '../support/deployed-door.ts';

const token = deployed.webhookToken;
const noTarget = JSON.stringify({ object_kind: 'push', project: { id: 1 } });
const refused = { status: 401, body: '' };

/** What the door says of an authentic hook that nobody waits for. */
const accepted = { status: 200, body: expect.stringContaining('"ignored"') as string };

const withToken = (value: string) => signHeaders({ body: noTarget, token: value });

const untilAnswered = (status: number, value: string, what: string) =>
  until(what, async () => {
    const answer = await knock(withToken(value), noTarget);
    return answer.status === status ? answer : undefined;
  });

describe('a plain token', () => {
  test.each([
    ['is wrong', withToken('w'.repeat(token.length))],
    ['is missing', signHeaders({ body: noTarget })],
    ['is cut', withToken(token.slice(0, -1))],
  ])('%s: 401, empty, counted, and nothing of the hook read', async (_what, headers) => {
    const since = Date.now();
    const marker = randomUUID();
    const body = JSON.stringify({ object_kind: 'pipeline', project: { id: marker } });
    expect(await counting('HookRefused', () => knock(headers, body))).toEqual(refused);
    const lines = (await doorLog(since)).join('\n');
    expect(lines).not.toContain(marker);
    expect(lines).not.toMatch(/HookUnreadable|HookIgnored|pipeline-webhook"/);
    for (const value of Object.values(headers).filter((text) => text.length > 20)) expect(lines).not.toContain(value);
  });

  test('of the current and of the pending version is accepted, and of the pending one no more once it is gone', async () => {
    const pending = deployed.planted.pendingToken;
    expect(await knock(withToken(pending), noTarget)).toEqual(refused);
    const version = await putHookSecret({ webhook_token: pending }, 'AWSPENDING');
    await untilAnswered(200, pending, 'the pending token to be accepted');
    expect(await knock(withToken(token), noTarget)).toEqual(accepted);
    await dropPending(version);
    await untilAnswered(401, pending, 'the dropped token to be refused');
    expect(await knock(withToken(token), noTarget)).toEqual(accepted);
  }, 30_000);
});

describe('a signature, once there is a signing token', () => {
  const { signingToken } = deployed.planted;
  const signed = (change: Partial<Parameters<typeof signHeaders>[0]> = {}) =>
    signHeaders({ body: noTarget, token, signingToken, ...change });
  const signature = (headers: Record<string, string>): string => headers['webhook-signature'] ?? '';

  // Tests beside this one let the registry in meanwhile.
  const plain = { webhook_token: token, registry_token: deployed.registryToken };

  beforeAll(async () => {
    await putHookSecret({ ...plain, webhook_signing_token: signingToken }, 'AWSCURRENT');
    await untilAnswered(401, token, 'the door to ask for a signature');
  });

  afterAll(async () => {
    await putHookSecret(plain, 'AWSCURRENT');
    await untilAnswered(200, token, 'the plain token to be enough again');
  });

  test('that is right is accepted', async () => {
    expect(await knock(signed(), noTarget)).toEqual(accepted);
  });

  test.each([
    ['is absent, though the plain token is right', () => withToken(token)],
    ['is cut', () => ({ ...signed(), 'webhook-signature': signature(signed()).slice(0, -4) })],
    ["is another hook's", () => ({ ...signed(), 'webhook-signature': signature(signed({ body: '{}' })) })],
    ['is stale', () => signed({ timestamp: Math.floor(Date.now() / 1000) - 3600 })],
    ['is from the future', () => signed({ timestamp: Math.floor(Date.now() / 1000) + 3600 })],
    ["is another key's", () => signed({ signingToken: `whsec_${randomBytes(32).toString('base64')}` })],
  ])('that %s: 401, empty, counted', async (_what, headers) => {
    expect(await counting('HookRefused', () => knock(headers(), noTarget))).toEqual(refused);
  });
});

const authentic = (headers: Record<string, string> = {}) => ({ ...signHeaders({ body: '', token }), ...headers });

test.each([
  ['not JSON', '{"object_kind":', {}, 'HookUnreadable'],
  [
    'of another type',
    'object_kind=pipeline',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'HookUnreadable',
  ],
  ['of another shape', '{"object_kind":"pipeline","project":7}', {}, 'HookUnreadable'],
  ['5 MiB and a byte', ' '.repeat(5 * 1024 * 1024 + 1), {}, 'HookUnreadable'],
  ['of an unknown kind', '{"object_kind":"note"}', { 'X-Gitlab-Event': 'Note Hook' }, 'HookIgnored'],
] as const)('an authentic hook that is %s: 200, ignored, counted', async (_what, body, headers, metric) => {
  expect(await counting(metric, () => knock(authentic(headers), body))).toEqual(accepted);
});

rehearsed("a foreign project's hook is ignored and starts nothing", 'foreign', async (scene) => {
  const { id: project } = await gitlab.createProject({ path: 'acme/foreign-to-all-targets' });
  const { hookUrl: url, hookHeaders: headers } = deployed;
  await gitlab.installHook({ project, url, headers, token, pipelineEvents: true });
  const { sha } = await gitlab.push({ project, ref: 'main' });
  await counting('HookIgnored', async () => {
    await gitlab.runPipeline({ project, sha });
    await gitlab.idle();
  });
  const [delivery] = await gitlab.deliveries({ project });
  expect(delivery).toMatchObject({ responseStatus: 200, responseBody: '{"ignored":"no target asks for it"}' });
  expect(await executions(`${project}-`)).toEqual([]);
  expect(await scene.updates()).toEqual([]);
});

rehearsed('a broken target is skipped alone: named in the log, counted', 'broken-beside', async (scene) => {
  const since = Date.now();
  await putTarget(scene.project, 'broken', { on: { pipeline: {} } });
  const { execution } = await counting('TargetBroken', () => scene.release(healthy));
  expect(await executionEnd(execution)).toMatchObject({
    status: 'SUCCEEDED',
    output: { end: { outcome: 'deployed' } },
  });
  expect((await doorLog(since)).filter((line) => line.includes('target skipped'))[0]).toContain(
    `${scene.project}/broken`,
  );
});

rehearsed('Secrets Manager refuses: what is cached serves', 'no-secrets', async (scene) => {
  expect((await knock(withToken(token), noTarget)).status).toBe(200);
  const { execution } = await withoutRight('secretsmanager:GetSecretValue', () => scene.release(healthy));
  expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
});

describe.each(['ssm:GetParametersByPath', 'states:StartExecution'])('%s is refused', (action) => {
  const name = action.replace(':', '-').toLowerCase();
  rehearsed('503, empty, nothing started; the resent hook deploys', name, async (scene) => {
    const { sha } = await scene.commit(healthy);
    const { project } = scene;
    const pipeline = await withoutRight(action, async () => {
      const run = await gitlab.runPipeline({ project, sha });
      await gitlab.idle();
      return run;
    });
    const failed = (await gitlab.deliveries({ project })).filter(({ responseStatus }) => responseStatus === 503);
    expect([...new Set(failed.map(({ responseBody }) => responseBody))]).toEqual(['']);
    expect(await scene.begun()).toEqual([]);
    await gitlab.sendHook({ project, pipeline: pipeline.id });
    const [execution = ''] = await scene.begun();
    expect(execution).toMatch(/-1$/);
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await scene.updates()).toHaveLength(1);
  });
});
