import { signingToken, startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(() => double.close());

const hooks = '/projects/4711/hooks';

const create = async (more: Record<string, unknown> = {}): Promise<number> => {
  const fields = { url: double.receiver.url, push_events: false, pipeline_events: true, token: 'plain', ...more };
  const answer = await double.api(`POST ${hooks}`, fields);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return (answer.body as { id: number }).id;
};

describe('create and read', () => {
  test('tokens are taken and never shown', async () => {
    const id = await create({ signing_token: signingToken, custom_headers: [{ key: 'X-Route', value: 'hidden' }] });
    const { body } = await double.api(`GET ${hooks}/${id}`);
    expect(body).toMatchObject({
      id,
      project_id: 4711,
      url: double.receiver.url,
      push_events: false,
      pipeline_events: true,
      job_events: false,
      enable_ssl_verification: true,
      alert_status: 'executable',
      disabled_until: null,
      token_present: true,
      signing_token_present: true,
      custom_headers: [{ key: 'X-Route' }],
    });
    expect(JSON.stringify(body)).not.toMatch(/plain|whsec_|hidden/);
    expect((await double.api(`GET ${hooks}`)).body).toEqual([body]);
  });

  test('push events are on unless they are switched off', async () => {
    const { body } = await double.api(`POST ${hooks}`, { url: 'https://example.com' });
    expect(body).toMatchObject({ push_events: true, pipeline_events: false, token_present: false });
  });

  test('before 19.0 a signing token is ignored without a word', async () => {
    await double.control.setInstance({ version: '18.11.3-ee' });
    const id = await create({ signing_token: signingToken });
    const { body } = await double.api(`GET ${hooks}/${id}`);
    expect(body).not.toHaveProperty('signing_token_present');
    expect(body).not.toHaveProperty('token_present');
    await double.control.runPipeline({ project: 4711 });
    await double.control.idle();
    const names = Object.keys(double.receiver.received[0]?.headers ?? {});
    expect(names).toContain('x-gitlab-token');
    expect(names.filter((name) => name.startsWith('webhook-'))).toEqual([]);
  });

  test('nor does it become known by an upgrade, nor is a wrong one refused', async () => {
    await double.control.setInstance({ version: '18.11.3-ee' });
    const ids = [await create({ signing_token: signingToken }), await create({ signing_token: 'wrong' })];
    await double.control.setInstance({ version: '19.0.0-ee' });
    for (const id of ids) {
      expect((await double.api(`GET ${hooks}/${id}`)).body).toMatchObject({ signing_token_present: false });
    }
  });

  test.each([
    [{}, 400],
    [{ url: 'nonsense' }, 422],
    [{ url: 'https://example.com', signing_token: 'whsec_dG9vIHNob3J0' }, 422],
    [{ url: 'https://example.com', signing_token: 'plain' }, 422],
    [{ url: 'https://example.com', pipeline_events: 'perhaps' }, 400],
  ])('%j is refused with %i', async (fields, status) => {
    expect((await double.api(`POST ${hooks}`, fields)).status).toBe(status);
    expect((await double.api(`GET ${hooks}`)).body).toEqual([]);
  });
});

describe('change and delete', () => {
  test('a new url forgets both tokens and the custom headers, unless they come with it', async () => {
    const id = await create({ signing_token: signingToken, custom_headers: [{ key: 'X-Route', value: '1' }] });
    const put = async (fields: Record<string, unknown>) => (await double.api(`PUT ${hooks}/${id}`, fields)).body;
    const kept = { token_present: true, signing_token_present: true, custom_headers: [{ key: 'X-Route' }] };
    expect(await put({ url: double.receiver.url, job_events: true })).toMatchObject({ ...kept, job_events: true });
    const lost = { token_present: false, signing_token_present: false, custom_headers: [] };
    expect(await put({ url: 'https://example.com/other' })).toMatchObject(lost);
    expect(await put({ url: double.receiver.url, token: 't', signing_token: signingToken })).toMatchObject({
      token_present: true,
      signing_token_present: true,
    });
  });

  test('a refused change changes nothing', async () => {
    const id = await create();
    const answer = await double.api(`PUT ${hooks}/${id}`, { url: 'https://example.com/other', signing_token: 'plain' });
    expect(answer.status).toBe(422);
    expect((await double.api(`GET ${hooks}/${id}`)).body).toMatchObject({
      url: double.receiver.url,
      token_present: true,
    });
  });

  test('a deleted hook is gone and gets nothing', async () => {
    const id = await create();
    expect((await double.api(`DELETE ${hooks}/${id}`)).status).toBe(204);
    expect((await double.api(`DELETE ${hooks}/${id}`)).status).toBe(404);
    await double.control.runPipeline({ project: 4711 });
    await double.control.idle();
    expect(double.receiver.received).toEqual([]);
  });
});

describe('test', () => {
  test('of a hook sends the latest pipeline, just like a genuine event', async () => {
    const id = await create();
    const run = await double.control.runPipeline({ project: 4711 });
    await double.control.idle();
    expect(await double.api(`POST ${hooks}/${id}/test/pipeline_events`)).toMatchObject({
      status: 201,
      body: { message: '201 Created' },
    });
    const [genuine, test] = double.receiver.received;
    expect(test?.body).toBe(genuine?.body);
    expect(JSON.parse(test?.body ?? '')).toMatchObject({ object_attributes: { id: run.id, status: 'success' } });
  });

  test('of a disabled hook enables it again when it succeeds', async () => {
    const id = await create();
    await double.control.runPipeline({ project: 4711 });
    await double.control.idle();
    double.receiver.answer.status = 500;
    for (let n = 0; n < 4; n += 1)
      expect((await double.api(`POST ${hooks}/${id}/test/pipeline_events`)).status).toBe(422);
    expect((await double.api(`GET ${hooks}/${id}`)).body).toMatchObject({ alert_status: 'temporarily_disabled' });
    double.receiver.answer.status = 202;
    expect((await double.api(`POST ${hooks}/${id}/test/pipeline_events`)).status).toBe(201);
    expect((await double.api(`GET ${hooks}/${id}`)).body).toMatchObject({ alert_status: 'executable' });
  });

  test('is allowed five times a minute', async () => {
    const id = await create();
    await double.control.runPipeline({ project: 4711 });
    const test = async () => (await double.api(`POST ${hooks}/${id}/test/pipeline_events`)).status;
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) statuses.push(await test());
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
    double.clock.advance(60_000);
    expect(await test()).toBe(201);
  });

  test.each([
    ['pipeline_events', 422],
    ['issues_events', 422],
    ['deployments', 400],
  ])('%s in a project without any is a %i', async (trigger, status) => {
    const id = await create();
    expect((await double.api(`POST ${hooks}/${id}/test/${trigger}`)).status).toBe(status);
  });
});

describe('log and resend', () => {
  interface HookEvent {
    id: number;
    response_status: string;
    request_headers: Record<string, string>;
    request_data: unknown;
  }

  const events = async (id: number, query = ''): Promise<HookEvent[]> =>
    (await double.api(`GET ${hooks}/${id}/events${query}`)).body as HookEvent[];

  const sendWith = async (status: number | 'none'): Promise<void> => {
    double.receiver.answer.status = status;
    await double.control.runPipeline({ project: 4711, jobs: [] });
    await double.control.idle();
  };

  test('events come newest first, filtered by kind of status; a timeout is a server failure', async () => {
    const id = await create();
    await double.control.setInstance({ webhookTimeout: 0.05 });
    await sendWith(202);
    await sendWith(404);
    await sendWith('none');
    const statuses = async (query = '') => (await events(id, query)).map((entry) => entry.response_status);
    expect(await statuses()).toEqual(['internal error', '404', '202']);
    expect(await statuses('?status=successful')).toEqual(['202']);
    expect(await statuses('?status=client_failure')).toEqual(['404']);
    expect(await statuses('?status=server_failure')).toEqual(['internal error']);
    expect(await statuses('?status=404,successful')).toEqual(['404', '202']);
    expect((await double.api(`GET ${hooks}/${id}/events?status=odd`)).status).toBe(400);
    double.clock.advance(8 * 24 * 60 * 60_000);
    expect(await statuses()).toEqual([]);
  });

  test('the log hides the token', async () => {
    const id = await create();
    await sendWith(202);
    const [event] = await events(id);
    expect(event?.request_headers).toMatchObject({ 'X-Gitlab-Token': '[REDACTED]', 'X-Gitlab-Event': 'Pipeline Hook' });
  });

  test('a resend keeps the Idempotency-Key and changes the body', async () => {
    const id = await create({ signing_token: signingToken });
    await sendWith(500);
    double.receiver.answer.status = 202;
    const [event] = await events(id);
    const answer = await double.api(`POST ${hooks}/${id}/events/${event?.id ?? 0}/resend`);
    expect(answer).toMatchObject({ status: 201, body: { response_status: 202 } });
    const [first, again] = double.receiver.received;
    expect(again?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(again?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature']);
    expect(again?.body).toBe(first?.body.replace('ops-bot@example.com', '[REDACTED]'));
    expect(again?.body).not.toBe(first?.body);
    expect(await events(id)).toHaveLength(2);
  });

  test('a disabled hook sends nothing again, a moved one neither', async () => {
    const id = await create();
    for (let n = 0; n < 4; n += 1) await sendWith(500);
    const [event] = await events(id);
    const resend = () => double.api(`POST ${hooks}/${id}/events/${event?.id ?? 0}/resend`);
    expect(await resend()).toMatchObject({ status: 422, body: { message: 'Hook disabled' } });
    double.clock.advance(60_001);
    await double.api(`PUT ${hooks}/${id}`, { url: `${double.receiver.url}/other` });
    const moved = 'The hook URL has changed, and this log entry cannot be retried';
    expect(await resend()).toMatchObject({ status: 422, body: { message: moved } });
    expect(double.receiver.received).toHaveLength(4);
  });

  test('is allowed five times a minute', async () => {
    const id = await create();
    await sendWith(202);
    const [event] = await events(id);
    const statuses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      statuses.push((await double.api(`POST ${hooks}/${id}/events/${event?.id ?? 0}/resend`)).status);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });
});
