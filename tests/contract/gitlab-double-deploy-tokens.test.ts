import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { json, registryClient } from '../unit/gitlab-double/registry-client.ts';

let double: Double;
let client: ReturnType<typeof registryClient>;
beforeEach(async () => {
  double = await startDouble();
  client = registryClient(double);
});
afterEach(() => double.close());

interface Made {
  id: number;
  username: string;
  token: string;
}

const tokens = '/projects/4711/deploy_tokens';
const pull = 'repository:acme/web:pull';

const create = async (more: Record<string, unknown> = {}): Promise<Made> => {
  const { status, body } = await double.api(`POST ${tokens}`, { name: 'pull', scopes: ['read_registry'], ...more });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body as Made;
};

const login = async ({ username, token }: Pick<Made, 'username' | 'token'>): Promise<number> =>
  (await client.login(pull, username, token)).status;

/** What the registry lets the holder do with the tags of acme/web: read them, and begin an upload. */
const allowed = async (username: string, secret: string): Promise<number[]> => {
  const answer = await client.login('repository:acme/web:pull,push', username, secret);
  if (answer.status !== 200) return [answer.status];
  const { token } = json(answer) as { token: string };
  const read = await client.ask('/acme/web/tags/list', token);
  return [read.status, (await client.ask('/acme/web/blobs/uploads/', token, { method: 'POST' })).status];
};

describe('deploy tokens', () => {
  test('one is made, shown with its value once, listed, deleted', async () => {
    const { token, ...shown } = await create({ expires_at: '2026-02-01' });
    expect(token).toMatch(/^gldt-/);
    expect(shown).toEqual({
      id: shown.id,
      name: 'pull',
      username: `gitlab+deploy-token-${shown.id}`,
      expires_at: '2026-02-01T00:00:00.000Z',
      scopes: ['read_registry'],
      revoked: false,
      expired: false,
    });
    expect((await double.api(`GET ${tokens}/${shown.id}`)).body).toEqual(shown);
    expect((await double.api(`GET ${tokens}`)).body).toEqual([shown]);
    expect((await double.api(`DELETE ${tokens}/${shown.id}`)).status).toBe(204);
    expect((await double.api(`GET ${tokens}/${shown.id}`)).status).toBe(404);
    expect((await double.api(`DELETE ${tokens}/${shown.id}`)).status).toBe(404);
  });

  test('it logs in to the registry under its own name, until it is deleted', async () => {
    const made = await create({ username: 'puller' });
    expect(await login(made)).toBe(200);
    expect(await login({ ...made, username: 'another' })).toBe(401);
    expect(await double.control.deployTokens()).toMatchObject([{ id: made.id, logins: 1, active: true }]);
    await double.api(`DELETE ${tokens}/${made.id}`);
    expect(await login(made)).toBe(401);
  });

  test('or until it expires; the list can leave such out', async () => {
    const made = await create({ expires_at: '2026-01-01T06:00:00Z' });
    double.clock.advance(6 * 3_600_000 - 1);
    expect(await login(made)).toBe(200);
    double.clock.advance(1);
    expect(await login(made)).toBe(401);
    expect((await double.api(`GET ${tokens}`)).body).toMatchObject([{ expired: true }]);
    expect((await double.api(`GET ${tokens}?active=true`)).body).toEqual([]);
  });

  test('it does what its scopes say, in its own project', async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    const [reader, both, none] = [
      await create(),
      await create({ scopes: ['read_registry', 'write_registry'] }),
      await create({ scopes: ['read_repository'] }),
    ];
    const foreign = await double.api('POST /projects/2/deploy_tokens', { name: 'x', scopes: ['read_registry'] });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    expect(await allowed(reader.username, reader.token)).toEqual([200, 401]);
    expect(await allowed(both.username, both.token)).toEqual([200, 202]);
    expect(await allowed(none.username, none.token)).toEqual([403]);
    const { id, username, token } = foreign.body as Made;
    expect((await double.api(`DELETE ${tokens}/${id}`)).status).toBe(404);
    expect(await allowed(username, token)).toEqual([401, 401]);
  });

  test.each([
    [{ name: undefined }, 'name is missing'],
    [{ scopes: ['api'] }, 'scopes does not have a valid value'],
    [{ expires_at: 'soon' }, 'expires_at is invalid'],
    [{ username: 7 }, 'username is invalid'],
  ])('%j is refused', async (wrong, error) => {
    const fields = { name: 'pull', scopes: ['read_registry'], ...wrong };
    expect(await double.api(`POST ${tokens}`, fields)).toMatchObject({ status: 400, body: { error } });
    expect((await double.api(`GET ${tokens}`)).body).toEqual([]);
  });

  test('a maintaining bot may make one, a developer may not, and none is known to the API', async () => {
    const bot = async (accessLevel: number) =>
      (await double.control.createAccessToken({ project: 4711, accessLevel })).token;
    const call = async (token: string) =>
      (await double.api(`POST ${tokens}`, { name: 'x', scopes: ['read_registry'] }, { 'PRIVATE-TOKEN': token })).status;
    expect(await call(await bot(40))).toBe(201);
    expect(await call(await bot(30))).toBe(403);
    expect(await call((await create()).token)).toBe(401);
  });
});

describe('access tokens at the registry', () => {
  test('by scope, role and project, and only while they are active', async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    const seed = double.control.createAccessToken;
    const seen = async (input: Parameters<typeof seed>[0]) => allowed('any', (await seed(input)).token);
    expect(await seen({ project: 4711, scopes: ['read_registry'] })).toEqual([200, 401]);
    expect(await seen({ group: 'acme', scopes: ['read_registry', 'write_registry'] })).toEqual([200, 202]);
    expect(await seen({ project: 4711, accessLevel: 20 })).toEqual([200, 401]);
    expect(await seen({ project: 2 })).toEqual([401, 401]);
    expect(await seen({ scopes: ['read_api', 'self_rotate'] })).toEqual([403]);
    const { id, token } = await seed({ scopes: ['read_registry'] });
    await double.control.expireAccessToken({ id });
    expect(await allowed('any', token)).toEqual([401]);
  });
});
