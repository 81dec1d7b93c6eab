import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gitlabApi } from '../../../lib/adapters/gitlab/gitlab-api.ts';
import type { GitlabCredentials } from '../../../lib/ports/vault.ts';
import { finishedAt, jobFacts, pipelineFacts, project, sha } from '../../support/samples.ts';

const pipeline = {
  id: 90001,
  project_id: project,
  sha,
  ref: 'main',
  tag: false,
  status: 'success',
  source: 'push',
  finished_at: '2026-01-05T09:40:00.123Z',
  detailed_status: { text: 'passed' },
};
const job = {
  id: 700001,
  name: 'deploy-prod',
  status: 'success',
  ref: 'main',
  tag: false,
  finished_at: '2026-01-05T09:40:00.123Z',
  pipeline: { id: 90001, project_id: project, status: 'running' },
};

let server: Server;
let url: string;
let asked: IncomingMessage[];
let answer: (response: ServerResponse) => void;

const json =
  (body: unknown, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request);
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const credentials = (token: string): GitlabCredentials => ({
  url,
  token,
  registry: { host: 'registry.example.com', username: 'drawbridge', password: token },
});

/** `pending`: what a rotation has staged, if anything. */
const gitlab = (pending?: string) =>
  gitlabApi((refused) => Promise.resolve(credentials(refused === undefined ? 'hunter2' : (pending ?? refused.token))));

test('a pipeline, in our words, asked for with the token in its header', async () => {
  answer = json(pipeline);
  expect(await gitlab().pipeline(project, 90001)).toEqual({ state: 'found', value: { ...pipelineFacts(), sha } });
  expect(asked[0]?.url).toBe('/api/v4/projects/4711/pipelines/90001');
  expect(asked[0]?.headers['private-token']).toBe('hunter2');
});

test.each([
  [{ source: 'merge_request_event' }, true],
  [{ ref: 'refs/merge-requests/5/head' }, true],
  [{ ref: 'refs/merge-requests/5/merge', source: 'push' }, true],
  [{ ref: 'feature/refs/merge-requests/5' }, false],
])('a pipeline with %p is of a merge request: %p', async (change, mergeRequest) => {
  answer = json({ ...pipeline, ...change });
  expect(await gitlab().pipeline(project, 90001)).toMatchObject({ value: { mergeRequest } });
});

test('a pipeline that runs has not finished', async () => {
  answer = json({ ...pipeline, status: 'running', finished_at: null });
  expect(await gitlab().pipeline(project, 90001)).not.toHaveProperty('value.finishedAt');
});

test('a job, with its pipeline', async () => {
  answer = json(job);
  expect(await gitlab().job(project, 700001)).toEqual({ state: 'found', value: { ...jobFacts(), finishedAt } });
  expect(asked[0]?.url).toBe('/api/v4/projects/4711/jobs/700001');
});

test.each([
  [{ name: 'feature/a b?#..', tag: false }, '/api/v4/projects/4711/repository/branches/feature%2Fa%20b%3F%23..'],
  [{ name: 'v1', tag: true }, '/api/v4/projects/4711/repository/tags/v1'],
])('whether %p is protected', async (ref, path) => {
  answer = json({ name: ref.name, protected: true });
  expect(await gitlab().refProtected(project, ref)).toEqual({ state: 'found', value: true });
  expect(asked[0]?.url).toBe(path);
});

test('404 is missing', async () => {
  answer = json({ message: '404 Not found' }, 404);
  expect(await gitlab().pipeline(project, 1)).toEqual({ state: 'missing' });
  expect(await gitlab().refProtected(project, { name: 'main', tag: false })).toEqual({ state: 'missing' });
});

test("a project's path, as its URLs have it", async () => {
  answer = json({ id: project, path: 'Web', path_with_namespace: 'Acme/Sub/Web' });
  expect(await gitlab().projectPath(project)).toEqual({ state: 'found', value: 'Acme/Sub/Web' });
  expect(asked[0]?.url).toBe('/api/v4/projects/4711');
  answer = json({}, 404);
  expect(await gitlab().projectPath(project)).toEqual({ state: 'missing' });
});

describe('a 401 is asked once more with the token that a rotation has staged', () => {
  const shown = () => asked.map(({ headers }) => headers['private-token']);
  const takenIs = (token: string) => {
    answer = (response) => {
      json(pipeline, asked.at(-1)?.headers['private-token'] === token ? 200 : 401)(response);
    };
  };

  test('and its answer counts', async () => {
    takenIs('hunter2-next');
    expect(await gitlab('hunter2-next').pipeline(project, 90001)).toMatchObject({ state: 'found' });
    expect(shown()).toEqual(['hunter2', 'hunter2-next']);
  });

  test('which may be refused as well: no third time', async () => {
    takenIs('none');
    const said = await gitlab('hunter2-next').pipeline(project, 90001);
    expect(said).toEqual({ state: 'unavailable', because: 'GitLab answered 401' });
    expect(shown()).toEqual(['hunter2', 'hunter2-next']);
  });

  test('unless there is none: the same is not shown twice', async () => {
    takenIs('none');
    await gitlab().pipeline(project, 90001);
    expect(shown()).toEqual(['hunter2']);
  });
});

describe('whether a tag of images is protected', () => {
  const rule = (pattern: string, push = 'maintainer') => ({
    id: 1,
    project_id: project,
    tag_name_pattern: pattern,
    minimum_access_level_for_push: push,
    minimum_access_level_for_delete: push,
  });
  const web = { id: project, path: 'Acme/Web' };
  const graphql = (...patterns: string[]) => ({
    data: {
      project: { containerProtectionTagRules: { nodes: patterns.map((tagNamePattern) => ({ tagNamePattern })) } },
    },
  });
  const isProtected = (rules: object[], byGraphql: unknown = graphql()) => {
    answer = (response) => {
      json(asked.at(-1)?.url === '/api/graphql' ? byGraphql : rules)(response);
    };
    return gitlab().imageTagProtected(web, 'v1.2');
  };
  const found = (value: boolean) => ({ state: 'found', value });

  test('is asked of the project, and true by any of its rules', async () => {
    expect(await isProtected([rule('^latest$'), rule('^v')])).toEqual(found(true));
    expect(asked.map(({ url }) => url)).toEqual(['/api/v4/projects/4711/registry/protection/tag/rules']);
    expect(await isProtected([rule('^latest$')])).toEqual(found(false));
    expect(await isProtected([])).toEqual(found(false));
  });

  test('is true by a rule that makes it immutable, of which GraphQL alone tells', async () => {
    expect(await isProtected([rule('^latest$')], graphql('^latest$', '^v'))).toEqual(found(true));
    expect(asked.at(-1)?.method).toBe('POST');
    expect(asked.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer hunter2',
      'content-type': 'application/json',
    });
    expect(await isProtected([], graphql('^latest$'))).toEqual(found(false));
  });

  test.each([
    { data: { project: null } },
    { data: { project: { containerProtectionTagRules: null } } },
    { errors: [{ message: 'hunter2' }] },
    { data: null, errors: [] },
  ])('is false when GraphQL has nothing to tell: %j', async (body) => {
    expect(await isProtected([], body)).toEqual(found(false));
  });

  test('is asked again when GraphQL answers in another shape', async () => {
    expect(
      await isProtected([], { data: { project: { containerProtectionTagRules: { nodes: [{}] } } } }),
    ).toMatchObject({
      state: 'unavailable',
    });
  });

  test.each([403, 404])('is not to be known when GitLab answers %d', async (status) => {
    answer = json({ message: 'hunter2' }, status);
    expect(await gitlab().imageTagProtected(web, 'v1')).toEqual({ state: 'missing' });
  });

  test.each([401, 429, 500])('is asked again when GitLab answers %d', async (status) => {
    answer = json({ message: 'hunter2' }, status);
    expect(await gitlab().imageTagProtected(web, 'v1')).toMatchObject({ state: 'unavailable' });
  });

  test('is asked again when the answer has another shape', async () => {
    answer = json([{ id: 1 }]);
    expect(await gitlab().imageTagProtected(web, 'v1')).toMatchObject({ state: 'unavailable' });
  });
});

describe('anything else says nothing about the thing asked for', () => {
  test.each([401, 403, 429, 500, 502, 503])('%p', async (status) => {
    answer = json({ message: 'hunter2' }, status);
    expect(await gitlab().job(project, 1)).toEqual({ state: 'unavailable', because: `GitLab answered ${status}` });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['another shape', json({ ...pipeline, status: 1 })],
    ['a list', json([])],
    ['no JSON', (response) => response.end('<html>hunter2')],
    [
      'a redirect, which the token would follow',
      (response) => response.writeHead(302, { location: `${url}/elsewhere` }).end(),
    ],
    ['a cut connection', (response) => response.socket?.destroy()],
  ])('%s', async (_what, act) => {
    answer = act;
    const said = await gitlab().pipeline(project, 90001);
    expect(said).toMatchObject({ state: 'unavailable' });
    expect(JSON.stringify(said)).not.toMatch(/hunter2|127\.0\.0\.1/);
    expect(asked).toHaveLength(1);
  });
});
