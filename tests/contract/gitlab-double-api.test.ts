import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(() => double.close());

const isoWithMs = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

describe('login', () => {
  test('PRIVATE-TOKEN and Bearer are both taken', async () => {
    const { api, token } = double;
    expect((await api('GET /version')).body).toMatchObject({ version: '19.2.0-ee' });
    expect((await api('GET /version', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  test.each([{}, { 'PRIVATE-TOKEN': 'glpat-wrong' }, { authorization: 'Bearer wrong' }])(
    '%p is a 401',
    async (headers) => {
      const answer = await double.api('GET /projects/4711', undefined, headers);
      expect(answer).toMatchObject({ status: 401, body: { message: '401 Unauthorized' } });
    },
  );
});

describe('what is not there', () => {
  test.each([
    ['/projects/1', { message: '404 Project Not Found' }],
    ['/projects/acme%2Fnone', { message: '404 Project Not Found' }],
    ['/projects/4711/pipelines/1', { message: '404 Not found' }],
    ['/projects/4711/jobs/1', { message: '404 Not found' }],
    ['/projects/4711/repository/branches/none', { message: '404 Branch Not Found' }],
    ['/projects/4711/repository/tags/main', { message: '404 Tag Not Found' }],
    ['/projects/4711/repository/commits/none', { message: '404 Commit Not Found' }],
    ['/projects/4711/hooks/1', { message: '404 Not found' }],
    ['/projects/4711/issues', { error: '404 Not Found' }],
  ])('GET %s', async (path, body) => {
    expect(await double.api(`GET ${path}`)).toMatchObject({ status: 404, body });
  });

  test('an id that is no number is a 400', async () => {
    const answer = await double.api('GET /projects/4711/pipelines/latest');
    expect(answer).toMatchObject({ status: 400, body: { error: 'pipeline_id is invalid' } });
  });
});

describe('pipelines and jobs', () => {
  test('a pipeline by number or path of its project', async () => {
    const { api, control } = double;
    const run = await control.runPipeline({ project: 4711 });
    const byNumber = await api(`GET /projects/4711/pipelines/${run.id}`);
    expect(byNumber.body).toMatchObject({
      id: run.id,
      project_id: 4711,
      ref: 'main',
      sha: run.sha,
      tag: false,
      status: 'success',
      source: 'push',
      created_at: isoWithMs,
      finished_at: isoWithMs,
    });
    expect((await api(`GET /projects/acme%2Fweb/pipelines/${run.id}`)).body).toEqual(byNumber.body);
  });

  test("a fork's merge request pipeline has the merge request's ref", async () => {
    const run = await double.control.runPipeline({
      project: 4711,
      ref: 'main',
      mergeRequest: { iid: 3, sourceProject: 5922 },
    });
    const { body } = await double.api(`GET /projects/4711/pipelines/${run.id}`);
    expect(body).toMatchObject({ ref: 'refs/merge-requests/3/head', source: 'merge_request_event' });
  });

  test('the API may not know a pipeline, nor its jobs, just after the hook', async () => {
    const { api, clock, control } = double;
    const run = await control.runPipeline({ project: 4711, apiLag: 20 });
    const paths = [`/projects/4711/pipelines/${run.id}`, `/projects/4711/jobs/${run.jobs[0]?.id ?? 0}`];
    const statuses = () => Promise.all(paths.map(async (path) => (await api(`GET ${path}`)).status));
    expect(await statuses()).toEqual([404, 404]);
    expect((await api('GET /projects/4711/pipelines')).body).toEqual([]);
    clock.advance(20_000);
    expect(await statuses()).toEqual([200, 200]);
  });

  test('a job tells of its pipeline', async () => {
    const run = await double.control.runPipeline({ project: 4711, jobs: [{ name: 'deploy-prod', manual: true }] });
    const job = run.jobs[0]?.id ?? 0;
    const path = `GET /projects/4711/jobs/${job}`;
    expect((await double.api(path)).body).toMatchObject({ id: job, status: 'manual', finished_at: null });
    await double.control.playJob({ project: 4711, job });
    expect((await double.api(path)).body).toMatchObject({
      id: job,
      name: 'deploy-prod',
      status: 'success',
      ref: 'main',
      tag: false,
      finished_at: isoWithMs,
      pipeline: { id: run.id, project_id: 4711, ref: 'main', sha: run.sha, status: 'success', source: 'push' },
      commit: { id: run.sha },
    });
  });

  test("a pipeline's jobs: newest first, retried ones on request only", async () => {
    const { api, control } = double;
    const run = await control.runPipeline({ project: 4711 });
    const [build = 0, old = 0] = run.jobs.map(({ id }) => id);
    const again = (await control.retryJob({ project: 4711, job: old })).jobs.at(-1)?.id;
    const ids = async (query: string) =>
      ((await api(`GET /projects/4711/pipelines/${run.id}/jobs${query}`)).body as { id: number }[]).map(({ id }) => id);
    expect(await ids('')).toEqual([again, build]);
    expect(await ids('?include_retried=true')).toEqual([again, old, build]);
  });
});

test("a project's jobs: newest first, retried ones too, by status, in pages", async () => {
  const { api, control } = double;
  const run = await control.runPipeline({ project: 4711 });
  const [build = 0, old = 0] = run.jobs.map(({ id }) => id);
  const again = (await control.retryJob({ project: 4711, job: old })).jobs.at(-1)?.id;
  const failed = (await control.runPipeline({ project: 4711, status: 'failed', jobs: [{ name: 'build' }] })).jobs[0]
    ?.id;
  const ids = async (query: string) =>
    ((await api(`GET /projects/4711/jobs${query}`)).body as { id: number }[]).map(({ id }) => id);
  expect(await ids('')).toEqual([failed, again, old, build]);
  expect(await ids('?scope[]=success')).toEqual([again, old, build]);
  expect(await ids('?scope[]=success&per_page=2&page=2')).toEqual([build]);
  const first = await api('GET /projects/4711/jobs?scope[]=success&per_page=2');
  expect(first.headers.get('x-next-page')).toBe('2');
  expect(first.body).toMatchObject([
    { pipeline: { id: run.id, source: 'push' } },
    { name: expect.any(String) as string },
  ]);
});

describe('list of pipelines', () => {
  const ids = async (query: string): Promise<number[]> =>
    ((await double.api(`GET /projects/4711/pipelines${query}`)).body as { id: number }[]).map(({ id }) => id);

  test('newest first, without children unless asked for; filters', async () => {
    const { clock, control } = double;
    const first = await control.runPipeline({ project: 4711 });
    const since = new Date(clock.now()).toISOString();
    clock.advance(60_000);
    const failed = await control.runPipeline({ project: 4711, ref: 'topic', status: 'failed' });
    const child = await control.runPipeline({ project: 4711, parent: first.id });
    expect(await ids('')).toEqual([failed.id, first.id]);
    expect(await ids('?sort=asc')).toEqual([first.id, failed.id]);
    expect(await ids('?source=parent_pipeline')).toEqual([child.id]);
    expect(await ids('?ref=main')).toEqual([first.id]);
    expect(await ids('?status=failed')).toEqual([failed.id]);
    expect(await ids(`?updated_after=${since}`)).toEqual([failed.id]);
    clock.advance(60_000);
    await control.retryJob({ project: 4711, job: first.jobs[1]?.id ?? 0 });
    expect(await ids('?order_by=updated_at')).toEqual([first.id, failed.id]);
  });

  test('of tags: the newest of each, and then the filters', async () => {
    const { control } = double;
    const first = await control.runPipeline({ project: 4711, ref: 'v1', tag: true });
    await control.runPipeline({ project: 4711, ref: 'v2', tag: true });
    const again = await control.runPipeline({ project: 4711, ref: 'v2', tag: true, status: 'failed' });
    await control.runPipeline({ project: 4711 });
    expect(await ids('?scope=tags')).toEqual([again.id, first.id]);
    expect(await ids('?scope=tags&status=success')).toEqual([first.id]);
  });

  test('pages with headers', async () => {
    for (let n = 0; n < 5; n += 1) await double.control.runPipeline({ project: 4711 });
    const { headers, body } = await double.api('GET /projects/4711/pipelines?per_page=2&page=2');
    expect(body).toHaveLength(2);
    const named = ['x-page', 'x-per-page', 'x-next-page', 'x-prev-page', 'x-total', 'x-total-pages'];
    expect(named.map((name) => headers.get(name))).toEqual(['2', '2', '3', '1', '5', '3']);
    expect((await double.api('GET /projects/4711/pipelines?page=3&per_page=2')).headers.get('x-next-page')).toBe('');
  });

  test.each(['order_by=name', 'sort=up', 'scope=all', 'updated_after=yesterday', 'page=x'])(
    '?%s is a 400',
    async (query) => {
      expect((await double.api(`GET /projects/4711/pipelines?${query}`)).status).toBe(400);
    },
  );
});

describe('protection', () => {
  test('of a branch, by pattern, as it is now', async () => {
    const { api, control } = double;
    await control.push({ project: 4711, ref: 'release/1.0' });
    const branch = async () => (await api('GET /projects/4711/repository/branches/release%2F1.0')).body;
    expect(await branch()).toMatchObject({ name: 'release/1.0', protected: false, default: false });
    await control.protect({ project: 4711, ref: 'release/*' });
    expect(await branch()).toMatchObject({ protected: true });
    const rules = async () => (await api('GET /projects/4711/protected_branches')).body;
    expect(await rules()).toMatchObject([{ name: 'main' }, { name: 'release/*' }]);
    await control.unprotect({ project: 4711, ref: 'release/*' });
    expect([await branch(), await rules()]).toMatchObject([{ protected: false }, [{ name: 'main' }]]);
  });

  test('of a tag is another than that of the branch with its name', async () => {
    const { api, control } = double;
    await control.push({ project: 4711, ref: 'main', tag: true });
    const tag = async () => (await api('GET /projects/4711/repository/tags/main')).body;
    expect(await tag()).toMatchObject({ protected: false });
    await control.protect({ project: 4711, ref: 'm*', tag: true });
    expect(await tag()).toMatchObject({ protected: true });
    expect((await api('GET /projects/4711/protected_tags')).body).toMatchObject([{ name: 'm*' }]);
  });

  test('a deleted branch is gone, its pipeline and commit are not', async () => {
    const { api, control } = double;
    const run = await control.runPipeline({ project: 4711, ref: 'topic' });
    await control.deleteBranch({ project: 4711, ref: 'topic' });
    expect((await api('GET /projects/4711/repository/branches/topic')).status).toBe(404);
    expect((await api(`GET /projects/4711/pipelines/${run.id}`)).status).toBe(200);
    expect((await api(`GET /projects/4711/repository/commits/${run.sha.slice(0, 8)}`)).body).toMatchObject({
      id: run.sha,
    });
  });
});

describe('faults', () => {
  const path = '/projects/4711';
  const route = 'GET /projects/*';

  test('500, then the truth', async () => {
    await double.control.setFault({ route, fault: { kind: 'error', status: 500 } });
    expect(await double.api(`GET ${path}`)).toMatchObject({
      status: 500,
      body: { message: '500 Internal Server Error' },
    });
    expect((await double.api(`GET ${path}`)).status).toBe(200);
  });

  test('429 says when to come back', async () => {
    await double.control.setFault({ route, fault: { kind: 'rate limit', retryAfter: 7 } });
    const answer = await double.api(`GET ${path}`);
    expect([answer.status, answer.headers.get('retry-after'), answer.body]).toEqual([429, '7', 'Retry later\n']);
  });

  test('down: every connection is reset for a while of world time', async () => {
    await double.control.setFault({ route: '**', forSeconds: 60, fault: { kind: 'reset' } });
    await expect(double.api(`GET ${path}`)).rejects.toThrow('fetch failed');
    await expect(double.api('GET /version')).rejects.toThrow('fetch failed');
    double.clock.advance(60_000);
    expect((await double.api(`GET ${path}`)).status).toBe(200);
  });

  test('slow: the true answer, once world time has passed', async () => {
    const { api, clock, control } = double;
    await control.setFault({ route, fault: { kind: 'slow', seconds: 30 } });
    const answer = api(`GET ${path}`);
    const underWay = async (): Promise<void> => {
      if ((await control.requests()).at(-1)?.fault !== 'slow') await underWay();
    };
    await underWay();
    expect((await control.requests()).at(-1)).toMatchObject({ status: 'under way' });
    clock.advance(30_000);
    expect((await answer).status).toBe(200);
  });
});

test('every request is recorded, without the token', async () => {
  const { api, control, token } = double;
  await control.setFault({ route: 'GET /version', fault: { kind: 'error', status: 401 } });
  await api('GET /version');
  await api(`GET /projects/4711?private_token=${token}`);
  await api('POST /projects/4711/deployments', {});
  const requests = await control.requests();
  expect(requests.map(({ method, path, status, fault }) => [method, path, status, fault])).toEqual([
    ['GET', '/api/v4/version', 401, 'error'],
    ['GET', '/api/v4/projects/4711?private_token=[REDACTED]', 200, undefined],
    ['POST', '/api/v4/projects/4711/deployments', 400, undefined],
  ]);
  expect(JSON.stringify(requests)).not.toContain(token);
});

test('the control refuses what it does not know', async () => {
  const { control, url } = double;
  await expect(control.runPipeline({ project: 1 })).rejects.toThrow('there is no project 1');
  const misspelt = await fetch(`${url}/_gitlab/runPipeline`, { method: 'POST', body: '{"project":4711,"branch":"x"}' });
  expect([misspelt.status, await misspelt.text()]).toEqual([400, expect.stringContaining('branch')]);
  const unknown = await fetch(`${url}/_gitlab/explode`, { method: 'POST' });
  expect([unknown.status, await unknown.text()]).toEqual([400, expect.stringContaining('no such verb')]);
});
