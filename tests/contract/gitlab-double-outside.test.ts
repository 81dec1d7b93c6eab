import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

/** The double as the rotation of secrets meets it: hooks under their true URL, GitLab's clock, warnings, older versions. */

const trueUrl = 'https://abcdef1234.execute-api.us-gov-west-1.amazonaws.com/webhooks/pipeline?x=1';
const host = 'abcdef1234.execute-api.localhost';
const token = 'a-plain-token-of-more-than-32-characters';

let double: Double;
let origin: string;
beforeEach(async () => {
  double = await startDouble({
    hosts: (name) => (name.includes('.execute-api.') ? { url: origin, host } : undefined),
  });
  origin = new URL(double.receiver.url).origin;
});
afterEach(() => double.close());

const arrived = async () => {
  await double.control.idle();
  return double.receiver.received.splice(0);
};

describe('a hook under its true URL', () => {
  test('is sent to where its host really is, under the Host by which that knows it', async () => {
    await double.control.installHook({ project: 4711, url: trueUrl, token });
    await double.control.runPipeline({ project: 4711, jobs: [] });
    expect((await arrived()).map(({ headers }) => headers)).toMatchObject([{ host, 'x-gitlab-token': token }]);
    expect(await double.control.deliveries()).toMatchObject([{ url: trueUrl, responseStatus: 202 }]);
  });

  test('another host is what it says', async () => {
    await double.control.installHook({ project: 4711, url: double.receiver.url });
    await double.control.runPipeline({ project: 4711, jobs: [] });
    expect((await arrived()).map(({ headers }) => headers.host)).toEqual([new URL(origin).host]);
  });
});

test("GitLab's answers are dated by its own clock, refusals too", async () => {
  double.clock.advance(90_500);
  const dates = async (path: string) => (await double.api(`GET ${path}`)).headers.get('date');
  expect(await dates('/version')).toBe('Thu, 01 Jan 2026 00:01:30 GMT');
  expect(await dates('/projects/1')).toBe('Thu, 01 Jan 2026 00:01:30 GMT');
});

test('an idle connection stays open, for as long as GitLab leaves it', async () => {
  expect((await double.api('GET /version')).headers.get('keep-alive')).toBe('timeout=65');
});

test('a list may come as a form', async () => {
  const body = 'name=pull&scopes[]=read_repository&scopes[]=read_registry';
  const headers = { 'PRIVATE-TOKEN': double.token, 'content-type': 'application/x-www-form-urlencoded' };
  const url = `${double.url}/api/v4/projects/4711/deploy_tokens`;
  const made: unknown = await (await fetch(url, { method: 'POST', headers, body })).json();
  expect(made).toMatchObject({ name: 'pull', scopes: ['read_repository', 'read_registry'] });
});

test.each([
  ['16.10.4-ee', 404],
  ['16.11.0-ee', 201],
])('GitLab %s answers a test of a hook with %d', async (version, status) => {
  await double.control.setInstance({ version });
  const { id } = await double.control.installHook({ project: 4711, url: double.receiver.url });
  expect((await double.api(`POST /projects/4711/hooks/${id}/test/push_events`)).status).toBe(status);
});

describe('the warning that a token will soon end', () => {
  const warned = { object_kind: 'access_token', event_name: 'expiring_access_token', project: { id: 4711 } };

  test('goes to the hooks that ask for it, and holds no value', async () => {
    const made = await double.control.createAccessToken({ project: 4711, name: 'bot', expiresAt: '2026-01-08' });
    await double.control.installHook({ project: 4711, url: double.receiver.url, tokenEvents: true });
    await double.control.installHook({ project: 4711, url: double.receiver.url });
    await double.control.warnOfExpiry({ id: made.id });
    const hooks = await arrived();
    expect(hooks.map(({ headers }) => headers['x-gitlab-event'])).toEqual(['Resource Access Token Hook']);
    const object_attributes = { id: made.id, name: 'bot', expires_at: '2026-01-08' };
    expect(JSON.parse(hooks[0]?.body ?? '')).toMatchObject({ ...warned, object_attributes });
    expect(hooks[0]?.body).not.toContain(made.token);
  });

  test('can be tested, once the project has a token', async () => {
    const { id } = await double.control.installHook({ project: 4711, url: double.receiver.url });
    const tested = async () =>
      (await double.api(`POST /projects/4711/hooks/${id}/test/resource_access_token_events`)).status;
    expect(await tested()).toBe(422);
    await double.control.createAccessToken({ project: 4711 });
    expect(await tested()).toBe(201);
    expect(JSON.parse((await arrived())[0]?.body ?? '')).toMatchObject(warned);
  });

  test("is for a project's token", async () => {
    const { id } = await double.control.createAccessToken({});
    await expect(double.control.warnOfExpiry({ id })).rejects.toThrow(`access token ${id} is no project's`);
  });
});

describe('deploy tokens of a group', () => {
  const wish = { name: 'pull', scopes: ['read_registry'] };

  test('are made, listed and deleted there, and nowhere else', async () => {
    const made = (await double.api('POST /groups/acme/deploy_tokens', wish)).body as { id: number };
    const at = `/groups/501/deploy_tokens`;
    expect((await double.api(`GET ${at}?active=true`)).body).toMatchObject([{ id: made.id, name: 'pull' }]);
    await double.control.createProject({ id: 501, path: 'other/of-the-same-number' });
    expect((await double.api('GET /projects/501/deploy_tokens')).body).toEqual([]);
    expect((await double.api(`DELETE /projects/4711/deploy_tokens/${made.id}`)).status).toBe(404);
    expect((await double.api(`DELETE ${at}/${made.id}`)).status).toBe(204);
    expect((await double.api(`GET ${at}`)).body).toEqual([]);
  });

  test('pull from every project of the group, and from no other', async () => {
    await double.control.createProject({ path: 'acme/sub/api' });
    await double.control.createProject({ path: 'other/web' });
    const made = (await double.api('POST /groups/acme/deploy_tokens', wish)).body as Record<string, string>;
    expect(await double.control.deployTokens()).toMatchObject([{ owner: 'group', ownerId: 501 }]);
    const authorization = `Basic ${Buffer.from(`${made['username'] ?? ''}:${made['token'] ?? ''}`).toString('base64')}`;
    const allowed = async (repository: string) => {
      const query = `service=container_registry&scope=repository:${repository}:pull`;
      const answer = await fetch(`${double.url}/jwt/auth?${query}`, { headers: { authorization } });
      const { token: jwt } = (await answer.json()) as { token: string };
      const headers = { authorization: `Bearer ${jwt}` };
      return (await fetch(`http://${double.registryHost}/v2/${repository}/tags/list`, { headers })).status;
    };
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    await double.control.pushImage({ repository: 'acme/sub/api', tag: 'v1' });
    await double.control.pushImage({ repository: 'other/web', tag: 'v1' });
    expect([await allowed('acme/web'), await allowed('acme/sub/api'), await allowed('other/web')]).toEqual([
      200, 200, 401,
    ]);
  });

  test("are an owner's business", async () => {
    const status = async (accessLevel: number) => {
      const made = await double.control.createAccessToken({ group: 'acme', accessLevel });
      return (await double.api('POST /groups/acme/deploy_tokens', wish, { 'PRIVATE-TOKEN': made.token })).status;
    };
    expect([await status(40), await status(50)]).toEqual([403, 201]);
  });
});
