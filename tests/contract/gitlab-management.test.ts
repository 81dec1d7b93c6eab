import { hookLog } from '../../lib/adapters/gitlab/hook-log.ts';
import { gitlabTokens } from '../../lib/adapters/gitlab/gitlab-tokens.ts';
import { projectHooks } from '../../lib/adapters/gitlab/project-hooks.ts';
import type { TokenKind, TokenOwner } from '../../lib/domain/gitlab-token.ts';
import { raisedBy } from '../unit/adapters/canned-answers.ts';
import { signingToken, startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

/** What rotation does at GitLab, done to a GitLab: the double, under a manager's own token. */

let double: Double;
let shown: { token: string; manager: boolean };
beforeEach(async () => {
  double = await startDouble();
  const { token } = await double.control.createAccessToken({ name: 'manager', accessLevel: 50 });
  shown = { token, manager: true };
});
afterEach(() => double.close());

const manager = () => Promise.resolve({ url: double.url, ...shown });
const hooks = () => projectHooks(manager);
const tokens = () => gitlabTokens(manager);

const project = 4711;
const ofProject: TokenOwner = { kind: 'project', id: project };
const ofGroup: TokenOwner = { kind: 'group', id: 501 };
const events = { pipeline: true, job: false };
const token = 'a-plain-token-of-more-than-32-characters';
const fault = (route: string, kind: 'answer lost' | 'reset') => double.control.setFault({ route, fault: { kind } });

describe('hooks', () => {
  const made = async (more: { signingToken?: string } = {}) => {
    await hooks().create(project, { url: double.receiver.url, token, ...more }, events);
    const found = (await hooks().list(project)).at(-1);
    if (found === undefined) throw new Error('no hook was made');
    return found;
  };

  test('are made with what is needed, listed, and set; a signing token is read back', async () => {
    const hook = await made();
    expect(hook).toEqual({
      ...{ id: hook.id, url: double.receiver.url, ...events, signing: false, sslVerification: true },
      ...{ alertStatus: 'executable', disabledUntil: undefined },
    });
    expect((await double.api(`GET /projects/4711/hooks/${hook.id}`)).body).toMatchObject({
      name: 'Drawbridge',
      push_events: false,
      pipeline_events: true,
      job_events: false,
      enable_ssl_verification: true,
    });
    await hooks().set(project, hook.id, { url: hook.url, token: `${token}-2`, signingToken });
    expect(await hooks().list(project)).toEqual([{ ...hook, signing: true }]);
    await double.control.runPipeline({ project, jobs: [] });
    await double.control.idle();
    const [received] = double.receiver.received;
    expect(received?.headers).toMatchObject({ 'x-gitlab-token': `${token}-2` });
    expect(received?.headers).toHaveProperty('webhook-signature');
  });

  test('are set right in what they tell of, and in their verification, only when that is asked', async () => {
    const { id } = await made();
    const path = `/projects/4711/hooks/${id}`;
    await double.api(`PUT ${path}`, {
      url: double.receiver.url,
      pipeline_events: false,
      enable_ssl_verification: false,
    });
    const values = { url: double.receiver.url, token };
    await hooks().set(project, id, values);
    expect(await hooks().list(project)).toMatchObject([{ pipeline: false, job: false, sslVerification: false }]);
    await hooks().set(project, id, values, { pipeline: true, job: true });
    expect(await hooks().list(project)).toMatchObject([{ pipeline: true, job: true, sslVerification: true }]);
  });

  test('that failed too often rest, and say so', async () => {
    await made();
    double.receiver.answer.status = 500;
    for (let sent = 0; sent < 4; sent += 1) {
      await double.control.runPipeline({ project, jobs: [] });
      await double.control.idle();
    }
    expect(await hooks().list(project)).toMatchObject([{ alertStatus: 'temporarily_disabled' }]);
  });

  test('of more than a page are all listed', async () => {
    for (let made = 0; made < 101; made += 1)
      await double.control.installHook({ project, url: `https://a.example/${made}` });
    expect(await hooks().list(project)).toHaveLength(101);
  });

  test('of a GitLab before 19.0 tell nothing of signing, and keep none', async () => {
    await double.control.setInstance({ version: '18.11.0-ee' });
    const hook = await made({ signingToken });
    expect(hook.signing).toBeUndefined();
    await double.control.setInstance({ version: '19.0.0-ee' });
    expect((await hooks().list(project))[0]?.signing).toBe(false);
  });

  test('are proven by a push that the receiver takes', async () => {
    const { id } = await made();
    await hooks().test(project, id);
    expect(double.receiver.received.map(({ headers }) => headers['x-gitlab-event'])).toEqual(['Push Hook']);
    double.receiver.answer.status = 401;
    expect(await raisedBy(() => hooks().test(project, id))).toMatchObject({ name: 'NotProven' });
  });

  test('are not proven without a push to send', async () => {
    const { id } = await made();
    await double.control.deleteBranch({ project, ref: 'main' });
    expect(await raisedBy(() => hooks().test(project, id))).toMatchObject({ name: 'NotProven' });
    expect(double.receiver.received).toEqual([]);
  });

  test('are tested no more than GitLab lets: the sixth in a minute is for later', async () => {
    const { id } = await made();
    for (let tested = 0; tested < 5; tested += 1) await hooks().test(project, id);
    expect(await raisedBy(() => hooks().test(project, id))).toMatchObject({ name: 'GitLabUnavailable' });
    double.clock.advance(60_000);
    await hooks().test(project, id);
  });

  test('cannot be tested before 16.11', async () => {
    const { id } = await made();
    await double.control.setInstance({ version: '16.10.0-ee' });
    expect(await raisedBy(() => hooks().test(project, id))).toMatchObject({ name: 'OutOfReach' });
  });

  test('out of reach are another project, a hook that is gone, and a dead token', async () => {
    const bot = await double.control.createAccessToken({ project });
    await double.control.createProject({ id: 2, path: 'other/web' });
    shown = { token: bot.token, manager: false };
    expect(await raisedBy(() => hooks().list(2))).toMatchObject({ name: 'OutOfReach' });
    const gone = await raisedBy(() => hooks().set(project, 99, { url: double.receiver.url, token }));
    expect(gone).toMatchObject({ name: 'OutOfReach' });
    await double.control.revokeAccessToken({ id: bot.id });
    expect(await raisedBy(() => hooks().list(project))).toMatchObject({ name: 'OutOfReach' });
  });

  test('are no business of a developer', async () => {
    shown = { token: (await double.control.createAccessToken({ project, accessLevel: 30 })).token, manager: false };
    expect(await raisedBy(() => hooks().list(project))).toMatchObject({ name: 'OutOfReach' });
  });

  test('what GitLab does not take, it refuses', async () => {
    const act = () => hooks().create(project, { url: 'nowhere', token }, events);
    expect(await raisedBy(act)).toMatchObject({ name: 'GitLabRefused' });
    expect(await hooks().list(project)).toEqual([]);
  });

  test('one may be there although the answer was lost', async () => {
    await fault('POST /projects/*/hooks', 'answer lost');
    const act = () => hooks().create(project, { url: double.receiver.url, token }, events);
    expect(await raisedBy(act)).toMatchObject({ name: 'GitLabUnavailable' });
    expect(await hooks().list(project)).toHaveLength(1);
  });
});

describe('the log of a hook', () => {
  const log = () => hookLog(manager);
  const installed = async (): Promise<number> => {
    const hook = { project, url: double.receiver.url, token, pipelineEvents: true };
    return (await double.control.installHook(hook)).id;
  };
  /** So many pipelines succeed, one after the other, while the receiver answers so. */
  const send = async (status: number, times = 1): Promise<void> => {
    double.receiver.answer.status = status;
    for (let sent = 0; sent < times; sent += 1) {
      await double.control.runPipeline({ project, jobs: [] });
      await double.control.idle();
    }
  };
  const statusOf = async (): Promise<unknown> => (await hooks().list(project))[0]?.alertStatus;

  test('tells newest first what was sent, and of it what failed by the receiver’s fault', async () => {
    const id = await installed();
    for (const status of [500, 404, 202, 503]) await send(status);
    const newest = await log().newest(project, id);
    expect(newest.map(({ arrived }) => arrived)).toEqual([false, true, false, false]);
    const failed = await log().failed(project, id);
    expect(failed).toEqual([newest[0], newest[3]]);
    const keys = double.receiver.received.map(({ headers }) => headers['idempotency-key']);
    expect(failed.map(({ key }) => key)).toEqual([keys[3], keys[0]]);
    expect(failed[0]?.body).toMatchObject({ object_kind: 'pipeline', project: { id: project } });
  });

  test('is told to sixty of those that failed', async () => {
    const id = await installed();
    for (let turn = 0; turn < 21; turn += 1) {
      await send(500, 3);
      await send(202);
    }
    expect(await log().newest(project, id)).toHaveLength(20);
    expect(await log().failed(project, id)).toHaveLength(60);
  });

  test('sends once more, and says whether it arrived', async () => {
    const id = await installed();
    await send(500);
    const [lost] = await log().failed(project, id);
    if (lost === undefined) throw new Error('nothing is in the log');
    expect(await log().resend(project, id, lost.event)).toBe(false);
    double.receiver.answer.status = 202;
    expect(await log().resend(project, id, lost.event)).toBe(true);
    expect((await log().newest(project, id)).map(({ key }) => key)).toEqual(Array(3).fill(lost.key));
    expect(await log().resend(project, id, 999)).toBe(false);
  });

  test('sends nothing over a disabled hook: its state is told, a test by a push brings it back', async () => {
    const id = await installed();
    await send(500, 5);
    expect(await statusOf()).toBe('temporarily_disabled');
    expect((await hooks().list(project))[0]?.disabledUntil).toBe('2026-01-01T00:01:00.000Z');
    double.receiver.answer.status = 202;
    const failed = await log().failed(project, id);
    // The fifth was dropped without an entry.
    expect(failed).toHaveLength(4);
    const [lost] = failed;
    expect(await log().resend(project, id, lost?.event ?? 0)).toBe(false);
    expect(double.receiver.received).toHaveLength(4);
    await hooks().test(project, id);
    expect(await statusOf()).toBe('executable');
    expect(await log().resend(project, id, lost?.event ?? 0)).toBe(true);
  });

  test('five resends a minute for all hooks of a project, and five tests beside them', async () => {
    const ids = [await installed(), await installed()];
    await send(500);
    double.receiver.answer.status = 202;
    const [one = 0, other = 0] = ids;
    const [lost] = await log().failed(project, one);
    const [others] = await log().failed(project, other);
    for (let sent = 0; sent < 5; sent += 1) await log().resend(project, one, lost?.event ?? 0);
    const refusal = await raisedBy(() => log().resend(project, other, others?.event ?? 0));
    expect(refusal).toMatchObject({ name: 'GitLabUnavailable', facts: { status: 429 } });
    for (let sent = 0; sent < 5; sent += 1) await hooks().test(project, one);
    expect(await raisedBy(() => hooks().test(project, other))).toMatchObject({ facts: { status: 429 } });
  });

  test('is not kept before 17.3, and nothing is sent again before 17.4', async () => {
    const id = await installed();
    await send(500);
    const [lost] = await log().failed(project, id);
    await double.control.setInstance({ version: '17.3.0-ee' });
    expect(await log().failed(project, id)).toHaveLength(1);
    expect(await log().resend(project, id, lost?.event ?? 0)).toBe(false);
    await double.control.setInstance({ version: '17.2.0-ee' });
    expect([await log().failed(project, id), await log().newest(project, id)]).toEqual([[], []]);
    expect(double.receiver.received).toHaveLength(1);
  });

  test('is no business of a developer, nor of a project out of reach', async () => {
    const id = await installed();
    shown = { token: (await double.control.createAccessToken({ project, accessLevel: 30 })).token, manager: false };
    expect(await raisedBy(() => log().resend(project, id, 1))).toMatchObject({ name: 'OutOfReach' });
  });
});

describe('tokens', () => {
  const wish = (kind: TokenKind, expiresAt = '2026-03-02') =>
    kind === 'access'
      ? { name: 'drawbridge/prod/x/1', scopes: ['read_api', 'read_registry'], expiresAt, accessLevel: 20 }
      : { name: 'drawbridge/prod/x/1', scopes: ['read_registry'], expiresAt };

  const kinds = (['access', 'deploy'] as const).flatMap((kind) =>
    [ofProject, ofGroup].map((owner): [TokenKind, TokenOwner] => [kind, owner]),
  );

  test.each(kinds)('%s tokens of %j are made, listed and revoked, and gone is fine', async (kind, owner) => {
    const made = await tokens().create(kind, owner, wish(kind));
    double.clock.advance(61_000);
    const { at, tokens: listed } = await tokens().list(kind, owner);
    expect(at.toISOString()).toBe('2026-01-01T00:01:01.000Z');
    expect(listed).toMatchObject([{ id: made.id, name: 'drawbridge/prod/x/1', active: true, expiresAt: '2026-03-02' }]);
    await tokens().revoke(kind, owner, made.id);
    expect((await tokens().list(kind, owner)).tokens).toEqual([]);
    await tokens().revoke(kind, owner, made.id);
  });

  test('GitLab tells when an access token was made, and whose name a deploy token has', async () => {
    const made = await tokens().create('deploy', ofProject, wish('deploy'));
    await tokens().create('access', ofProject, wish('access'));
    expect((await tokens().list('access', ofProject)).tokens).toMatchObject([
      { createdAt: '2026-01-01T00:00:00.000Z' },
    ]);
    expect((await tokens().list('deploy', ofProject)).tokens).toMatchObject([{ username: made.username }]);
    expect(made.username).toBe(`gitlab+deploy-token-${made.id}`);
  });

  test('one that may not live so long lives as long as it may', async () => {
    await double.control.setInstance({ tokenDays: 30 });
    expect(await tokens().create('access', ofProject, wish('access'))).toMatchObject({ expiresAt: '2026-01-30' });
    expect((await tokens().list('access', ofProject)).tokens).toHaveLength(1);
  });

  test('no bot makes one', async () => {
    shown = { token: (await double.control.createAccessToken({ project, accessLevel: 50 })).token, manager: true };
    const act = () => tokens().create('access', ofProject, wish('access'));
    expect(await raisedBy(act)).toMatchObject({ name: 'GitLabRefused' });
  });

  test.each(kinds)('a lost answer leaves one %s token of %j behind, and no second', async (kind, owner) => {
    await fault(`POST /*/*/${kind}_tokens`, 'answer lost');
    expect(await raisedBy(() => tokens().create(kind, owner, wish(kind)))).toMatchObject({ name: 'GitLabUnavailable' });
    expect((await tokens().list(kind, owner)).tokens).toHaveLength(1);
  });

  test.each([
    { kind: 'rate limit', retryAfter: 60 },
    { kind: 'error', status: 500 },
    { kind: 'error', status: 502 },
    { kind: 'reset' },
  ] as const)('%j leaves none', async (fault) => {
    await double.control.setFault({ route: 'POST /*/*/access_tokens', fault });
    const act = () => tokens().create('access', ofProject, wish('access'));
    expect(await raisedBy(act)).toMatchObject({ name: 'GitLabUnavailable' });
    expect((await tokens().list('access', ofProject)).tokens).toEqual([]);
  });

  test('what a token is, sees and opens: by itself', async () => {
    await double.control.createProject({ id: 2, path: 'other/web' });
    const made = await tokens().create('access', ofGroup, wish('access'));
    expect(await tokens().self(made.value)).toMatchObject({ id: made.id, expiresAt: '2026-03-02' });
    expect([await tokens().sees(made.value, project), await tokens().sees(made.value, 2)]).toEqual([true, false]);
    expect(await tokens().logsIn('anybody', made.value)).toBe(true);
    await tokens().revoke('access', ofGroup, made.id);
    expect(await tokens().self(made.value)).toBeUndefined();
    expect(await raisedBy(() => tokens().sees(made.value, project))).toMatchObject({ name: 'OutOfReach' });
    expect(await tokens().logsIn('anybody', made.value)).toBe(false);
  });

  test('a deploy token logs in under its own name, for as long as it lives', async () => {
    const { id, username = '', value } = await tokens().create('deploy', ofProject, wish('deploy'));
    expect([await tokens().logsIn(username, value), await tokens().logsIn('another', value)]).toEqual([true, false]);
    await tokens().revoke('deploy', ofProject, id);
    expect(await tokens().logsIn(username, value)).toBe(false);
  });
});

describe('a token that replaces itself', () => {
  const rotate = 'POST /personal_access_tokens/self/rotate';
  const first = () => double.control.createAccessToken({ project, scopes: ['read_api', 'self_rotate'] });
  const rotations = async () =>
    (await double.control.requests()).filter(({ path }) => path.endsWith('/rotate')).map(({ reuse }) => reuse === true);

  test('is dead at once, and its successor alive', async () => {
    const old = await first();
    const next = await tokens().rotateSelf(old.token, '2026-03-02');
    expect(next.expiresAt).toBe('2026-03-02');
    expect(await tokens().self(old.token)).toBeUndefined();
    expect(await tokens().self(next.value)).toMatchObject({ id: next.id });
  });

  test('lives only as long as GitLab allows; a refused date has revoked nothing', async () => {
    await double.control.setInstance({ tokenDays: 20 });
    const old = await first();
    const next = await tokens().rotateSelf(old.token, '2026-06-01');
    expect(next.expiresAt).toMatch(/^2026-01-/);
    expect(await tokens().self(next.value)).toMatchObject({ id: next.id });
    expect(await rotations()).toEqual([false, false]);
  });

  test('takes its successor with it when it is asked again: GitLab sees a reuse', async () => {
    const old = await first();
    const next = await tokens().rotateSelf(old.token, '2026-03-02');
    expect(await raisedBy(() => tokens().rotateSelf(old.token, '2026-03-02'))).toMatchObject({ name: 'OutOfReach' });
    expect(await tokens().self(next.value)).toBeUndefined();
    expect(await rotations()).toEqual([false, true]);
  });

  test('is asked once when the answer is lost; whether it is dead can be asked safely', async () => {
    const old = await first();
    await fault(rotate, 'answer lost');
    const failure = await raisedBy(() => tokens().rotateSelf(old.token, '2026-03-02'));
    expect(failure).toMatchObject({ name: 'GitLabUnavailable' });
    expect(await tokens().self(old.token)).toBeUndefined();
    expect(await rotations()).toEqual([false]);
    const alive = (await double.control.accessTokens()).filter(({ family, active }) => family === old.id && active);
    expect(alive).toHaveLength(1);
  });

  test('is alive when the request never came', async () => {
    const old = await first();
    await fault(rotate, 'reset');
    await raisedBy(() => tokens().rotateSelf(old.token, '2026-03-02'));
    expect(await tokens().self(old.token)).toMatchObject({ id: old.id });
    expect(await rotations()).toEqual([false]);
  });
});

test('no value stands in the record of requests', async () => {
  const made = await tokens().create('access', ofProject, { name: 'x', scopes: ['read_api'], expiresAt: '2026-03-02' });
  await tokens().self(made.value);
  await hooks().create(project, { url: double.receiver.url, token, signingToken }, events);
  const record = JSON.stringify(await double.control.requests());
  for (const value of [made.value, shown.token, token, signingToken]) expect(record).not.toContain(value);
});
