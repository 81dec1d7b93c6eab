import { createHmac } from 'node:crypto';
import { signingToken, startDouble, type Double, type Received } from '../unit/gitlab-double/receiver.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(() => double.close());

const token = 'a-plain-token-of-more-than-32-characters';

const install = async (more: { signingToken?: string; headers?: Record<string, string> } = {}): Promise<number> =>
  (await double.control.installHook({ project: 4711, url: double.receiver.url, token, ...more })).id;

const event = ({ body }: Received): string => {
  const payload = JSON.parse(body) as {
    object_attributes?: { status: string };
    build_name?: string;
    build_status?: string;
  };
  return `${payload.build_name ?? 'pipeline'} ${payload.object_attributes?.status ?? payload.build_status ?? ''}`;
};

/** what the receiver got since the last time */
const arrived = async (): Promise<Received[]> => {
  await double.control.idle();
  return double.receiver.received.splice(0);
};

const onlyPipelines = (received: readonly Received[]): Received[] =>
  received.filter(({ headers }) => headers['x-gitlab-event'] === 'Pipeline Hook');

describe('a delivery', () => {
  test('carries the real headers, and the Host that the hook names', async () => {
    await install({ signingToken, headers: { Host: 'abc.execute-api.localhost', 'X-Gitlab-Token': 'not this' } });
    await double.control.runPipeline({ project: 4711 });
    const [hook] = onlyPipelines(await arrived());
    if (hook === undefined) throw new Error('no pipeline hook came');
    const { headers, body } = hook;
    expect(headers).toMatchObject({
      host: 'abc.execute-api.localhost',
      'content-type': 'application/json',
      'user-agent': 'GitLab/19.2.0-ee',
      'x-gitlab-event': 'Pipeline Hook',
      'x-gitlab-instance': double.url,
      'x-gitlab-token': token,
    });
    expect(headers['webhook-id']).toBe(headers['idempotency-key']);
    const at = String(headers['webhook-timestamp']);
    expect(Math.abs(Number(at) - Date.now() / 1000)).toBeLessThan(60);
    const text = `${String(headers['webhook-id'])}.${at}.${body}`;
    const key = Buffer.from(signingToken.slice('whsec_'.length), 'base64');
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(text).digest('base64')}`);
  });

  test('has a key of its own, also when it repeats an event', async () => {
    await install();
    const { id } = await double.control.runPipeline({ project: 4711, jobs: [] });
    await double.control.sendHook({ project: 4711, pipeline: id });
    const [first, again] = await arrived();
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['idempotency-key']).not.toBe(first?.headers['idempotency-key']);
  });

  test('may lie: the hook claims success where the API says failed', async () => {
    await install();
    const { id } = await double.control.runPipeline({ project: 4711, jobs: [], status: 'failed' });
    await double.control.sendHook({ project: 4711, pipeline: id, changes: { status: 'success' } });
    expect((await arrived()).map(event)).toEqual(['pipeline failed', 'pipeline success']);
    expect((await double.api(`GET /projects/4711/pipelines/${id}`)).body).toMatchObject({ status: 'failed' });
  });

  test('may be anything at all, with any header replaced or taken away', async () => {
    const hook = await install();
    double.receiver.answer.status = 401;
    const sent = await double.control.sendRaw({
      hook,
      body: 'not json',
      headers: { 'x-gitlab-token': null, 'X-Odd': '1' },
    });
    expect(sent).toMatchObject({ responseStatus: 401, requestData: {} });
    const [raw] = await arrived();
    expect(raw?.body).toBe('not json');
    expect(raw?.headers).toMatchObject({ 'x-odd': '1', 'x-gitlab-event': 'Pipeline Hook' });
    expect(raw?.headers).not.toHaveProperty('x-gitlab-token');
  });

  test('goes only to hooks that ask for its kind', async () => {
    await double.control.installHook({ project: 4711, url: double.receiver.url, jobEvents: false });
    await double.control.push({ project: 4711, ref: 'main' });
    await double.control.runPipeline({ project: 4711 });
    expect((await arrived()).map(event)).toEqual(['pipeline success']);
  });
});

describe('what happens in CI', () => {
  const jobs = [{ name: 'test' }, { name: 'deploy-prod', manual: true }];

  test('a played job makes its pipeline succeed again, with the same id and a newer end', async () => {
    await install();
    const run = await double.control.runPipeline({ project: 4711, jobs });
    expect((await arrived()).map(event).sort()).toEqual(['deploy-prod manual', 'pipeline success', 'test success']);
    const played = await double.control.playJob({ project: 4711, job: run.jobs[1]?.id ?? 0 });
    const events = (await arrived()).map(event).sort();
    expect(events).toEqual(['deploy-prod running', 'deploy-prod success', 'pipeline running', 'pipeline success']);
    expect(played.id).toBe(run.id);
    expect(Date.parse(played.finishedAt ?? '')).toBeGreaterThan(Date.parse(run.finishedAt ?? ''));
  });

  test('a payload is built when it is sent: two quick changes may both say success', async () => {
    await install();
    const run = await double.control.runPipeline({ project: 4711, jobs });
    await arrived();
    await double.control.setInstance({ hookDelay: 5 });
    await double.control.playJob({ project: 4711, job: run.jobs[1]?.id ?? 0 });
    double.clock.advance(5000);
    const hooks = onlyPipelines(await arrived());
    expect(hooks.map(event)).toEqual(['pipeline success', 'pipeline success']);
    expect(new Set(hooks.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);
    expect(new Set(hooks.map(({ body }) => body)).size).toBe(1);
  });

  test('a running pipeline is finished later', async () => {
    await install();
    const { id } = await double.control.runPipeline({ project: 4711, status: 'running' });
    await arrived();
    await double.control.finishPipeline({ project: 4711, pipeline: id });
    expect((await arrived()).map(event).sort()).toEqual(['pipeline success', 'test success']);
  });

  test('a hook made without push_events: false gets pushes, and tag pushes when it asks', async () => {
    await double.api('POST /projects/4711/hooks', { url: double.receiver.url, tag_push_events: true });
    const { sha } = await double.control.push({ project: 4711, ref: 'main' });
    await double.control.push({ project: 4711, ref: 'v1', tag: true, sha });
    const got = (await arrived()).map(({ headers, body }) => [headers['x-gitlab-event'], JSON.parse(body) as unknown]);
    expect(got).toMatchObject([
      ['Push Hook', { object_kind: 'push', ref: 'refs/heads/main', checkout_sha: sha, project: { id: 4711 } }],
      ['Tag Push Hook', { object_kind: 'tag_push', ref: 'refs/tags/v1', checkout_sha: sha }],
    ]);
  });
});

describe('failures', () => {
  const send = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      await double.control.runPipeline({ project: 4711, jobs: [] });
      await double.control.idle();
    }
  };

  test('nothing is sent twice; the fourth in a row disables, and then events are lost without a trace', async () => {
    await install();
    double.receiver.answer.status = 400;
    await send(6);
    expect(double.receiver.received).toHaveLength(4);
    expect(await double.control.deliveries()).toHaveLength(4);
    expect((await double.api('GET /projects/4711/hooks')).body).toMatchObject([
      { alert_status: 'temporarily_disabled', disabled_until: '2026-01-01T00:01:00.000Z' },
    ]);
    double.clock.advance(60_001);
    double.receiver.answer.status = 200;
    await send(1);
    expect(double.receiver.received).toHaveLength(5);
    expect((await double.api('GET /projects/4711/hooks')).body).toMatchObject([
      { alert_status: 'executable', disabled_until: null },
    ]);
  });

  test('a redirect is no failure, and is not followed', async () => {
    await install();
    double.receiver.answer.status = 302;
    await send(5);
    expect(double.receiver.received).toHaveLength(5);
  });

  test('no answer in time is an internal error', async () => {
    await install();
    await double.control.setInstance({ webhookTimeout: 0.05 });
    double.receiver.answer.status = 'none';
    await send(1);
    expect(await double.control.deliveries({ project: 'acme/web' })).toMatchObject([
      { responseStatus: 'internal error', error: expect.stringContaining('execution expired') as string },
    ]);
  });

  test('of an answer 8 KB are kept', async () => {
    await install();
    double.receiver.answer.body = 'x'.repeat(10_000);
    await send(1);
    const [delivery] = await double.control.deliveries();
    expect(delivery?.responseBody).toHaveLength(8192);
  });
});
