import { gitlabDeployments } from '../../../lib/adapters/gitlab/gitlab-deployments.ts';
import type { GitlabCredentials } from '../../../lib/ports/vault.ts';
import { failureOf, gitlabStage, type Said } from './gitlab-stage.ts';

const { stage, answers, calls } = gitlabStage();
const commit = { sha: 'a'.repeat(40), ref: 'main', tag: false };

const credentials = (token: string): GitlabCredentials => ({
  url: stage.url,
  token,
  registry: { host: 'registry.example.com', username: 'drawbridge', password: token },
});
const gitlab = () =>
  gitlabDeployments((refused) =>
    Promise.resolve(credentials(refused === undefined ? 'hunter2-token' : (stage.pending ?? refused.token))),
  );
const create = () => gitlab().create(4711, 'production', commit);

test('a deployment is asked for with all that GitLab wants to know', async () => {
  answers({ status: 201, body: { id: 615 } });
  expect(await create()).toEqual({ state: 'done', value: 615 });
  expect(stage.sent).toMatchObject([
    {
      call: 'POST /api/v4/projects/4711/deployments',
      body: { environment: 'production', ...commit, status: 'running' },
    },
  ]);
  expect(stage.sent[0]?.headers['private-token']).toBe('hunter2-token');
});

test('a list is asked for newest first, of the one environment', async () => {
  answers({ body: [], headers: { date: 'Mon, 05 Jan 2026 09:40:00 GMT' } });
  const told = await gitlab().list(4711, 'review/a b');
  expect(told).toEqual({ state: 'done', value: { at: '2026-01-05T09:40:00.000Z', deployments: [] } });
  const query = 'environment=review%2Fa%20b&order_by=id&sort=desc&per_page=20&page=1';
  expect(calls()).toEqual([`GET /api/v4/projects/4711/deployments?${query}`]);
});

/** In GitLab's own words. */
const word = { message: 'hunter2' };

test.each([400, 403, 404, 405, 413, 422])(
  '%d is a refusal for good, and shows nothing of what GitLab said',
  async (status) => {
    answers({ status, body: word });
    const told = await create();
    expect(told).toEqual({ state: 'refused', because: `a new deployment of project 4711: GitLab answered ${status}` });
    expect(calls()).toHaveLength(1);
  },
);

test.each<[string, Said]>([
  ...[401, 408, 409, 429, 500, 502, 503].map((status): [string, Said] => [String(status), { status, body: word }]),
  ['a proxy’s 403', { status: 403, body: '<html>hunter2</html>' }],
  ['a proxy’s 404', { status: 404, body: '<html>hunter2</html>' }],
  ['garbage', { status: 201, body: '<html>hunter2</html>' }],
  ['another shape', { status: 201, body: { id: 'hunter2' } }],
  ['a redirect', { status: 302, headers: { location: '/elsewhere' } }],
  ['a cut connection', 'cut'],
])('%s says nothing: it is to be tried again, and is not by us', async (_what, said) => {
  answers(said);
  expect(await failureOf(create)).toMatchObject({ name: 'GitLabUnavailable' });
  expect(calls()).toHaveLength(1);
});

test('an answer without a date tells no time', async () => {
  answers({ body: [], headers: { date: 'hunter2' } });
  expect(await failureOf(() => gitlab().list(4711, 'production'))).toMatchObject({ name: 'GitLabUnavailable' });
});

test('after a 401 the token that a rotation has staged is shown', async () => {
  stage.pending = 'hunter2-next';
  answers({ status: 401, body: word }, { status: 201, body: { id: 615 } });
  expect(await create()).toEqual({ state: 'done', value: 615 });
  expect(stage.sent.map(({ headers }) => headers['private-token'])).toEqual(['hunter2-token', 'hunter2-next']);
});

describe('a status that GitLab does not take', () => {
  const set = () => gitlab().setStatus(4711, 615, 'success');

  test('is done when it is so already', async () => {
    answers({ status: 400, body: word }, { body: { status: 'success' } });
    expect(await set()).toEqual({ state: 'done', value: undefined });
    expect(calls()).toEqual(['PUT', 'GET'].map((method) => `${method} /api/v4/projects/4711/deployments/615`));
  });

  test('is refused when it is not', async () => {
    answers({ status: 400, body: word }, { body: { status: 'running' } });
    expect(await set()).toEqual({ state: 'refused', because: 'deployment 615 of project 4711: GitLab answered 400' });
  });
});

describe('an environment’s address', () => {
  const set = () => gitlab().setUrl(4711, 'production', 'https://www.example.com/');
  const of = (external_url: string | null) => ({ body: [{ id: 3, external_url }] });

  test('is written when it is another', async () => {
    answers(of(null), { body: {} });
    expect(await set()).toEqual({ state: 'done', value: undefined });
    expect(stage.sent[1]).toMatchObject({
      call: 'PUT /api/v4/projects/4711/environments/3',
      body: { external_url: 'https://www.example.com/' },
    });
  });

  test('is left when it is the same, or the environment is not there', async () => {
    for (const said of [of('https://www.example.com/'), { body: [] }]) {
      answers(said);
      expect(await set()).toEqual({ state: 'done', value: undefined });
    }
    expect(calls().filter((call) => call.startsWith('PUT'))).toEqual([]);
  });
});

describe('a commit', () => {
  const find = () => gitlab().commit(4711, commit.sha);
  const branch = { body: { default_branch: 'trunk' } };

  test('is on its latest pipeline’s branch', async () => {
    answers({ body: { id: commit.sha, last_pipeline: { ref: 'release' } } });
    expect(await find()).toEqual({ ...commit, ref: 'release' });
  });

  test.each([null, { ref: 'refs/merge-requests/5/head' }])(
    'with %j it is on the default branch',
    async (last_pipeline) => {
      answers({ body: { id: commit.sha, last_pipeline } }, branch);
      expect(await find()).toEqual({ ...commit, ref: 'trunk' });
    },
  );

  test('is none where the project has no branch, or GitLab has found another by that name', async () => {
    answers({ body: { id: commit.sha } }, { body: { default_branch: null } });
    expect(await find()).toBeUndefined();
    answers({ body: { id: 'b'.repeat(40) } });
    expect(await find()).toBeUndefined();
  });
});
