import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(() => double.close());

interface Made {
  id: number;
  token: string;
  user_id: number;
}

const tokens = '/projects/4711/access_tokens';
const own = '/personal_access_tokens/self';
const day = 86_400_000;
const fields = { name: 'drawbridge/prod/1', scopes: ['read_api'], access_level: 30, expires_at: '2026-02-14' };

const as = (token: string) => (call: string, body?: unknown) => double.api(call, body, { 'PRIVATE-TOKEN': token });
const create = async (more: Record<string, unknown> = {}): Promise<Made> => {
  const { status, body } = await double.api(`POST ${tokens}`, { ...fields, ...more });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body as Made;
};
const rotate = async (made: Made): Promise<Made> => {
  const { status, body } = await as(made.token)(`POST ${tokens}/self/rotate`, { expires_at: '2026-03-01' });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Made;
};
const statusOf = async ({ token }: { token: string }): Promise<number> => (await as(token)(`GET ${own}`)).status;

describe('create', () => {
  test('a project token: its value is shown once, and works at once', async () => {
    const { token, ...shown } = await create();
    expect(token).toMatch(/^glpat-/);
    expect(shown).toMatchObject({
      name: 'drawbridge/prod/1',
      scopes: ['read_api'],
      access_level: 30,
      expires_at: '2026-02-14',
      active: true,
      revoked: false,
      resource_type: 'project',
      resource_id: 4711,
    });
    const one = (await double.api(`GET ${tokens}/${shown.id}`)).body;
    expect(one).toEqual(shown);
    expect((await double.api(`GET ${tokens}`)).body).toEqual([one]);
    expect((await as(token)(`GET ${own}`)).body).toMatchObject({ id: shown.id, user_id: shown.user_id, active: true });
  });

  test('a group token opens the projects of its group', async () => {
    await double.control.createProject({ id: 2, path: 'other/web' });
    const made = await double.api('POST /groups/acme/access_tokens', fields);
    const { token } = made.body as Made;
    expect(made).toMatchObject({ status: 201, body: { resource_type: 'group' } });
    expect((await as(token)('GET /projects/4711')).status).toBe(200);
    expect((await as(token)('GET /projects/2')).status).toBe(404);
    expect((await double.api('GET /groups/none/access_tokens')).body).toEqual({ message: '404 Group Not Found' });
  });

  test.each([
    [{ name: undefined }, { error: 'name is missing' }],
    [{ scopes: undefined }, { error: 'scopes is missing' }],
    [{ scopes: ['read_api', 'nonsense'] }, { error: 'scopes does not have a valid value' }],
    [{ scopes: [] }, { error: 'scopes does not have a valid value' }],
    [{ access_level: 41 }, { error: 'access_level does not have a valid value' }],
    [{ expires_at: undefined }, { error: 'expires_at is missing' }],
    [{ expires_at: 'tomorrow' }, { error: 'expires_at is invalid' }],
    [{ expires_at: '2027-01-02' }, { message: '400 Bad request - Expires at must be before 2027-01-01' }],
  ])('%j is refused', async (wrong, body) => {
    expect(await double.api(`POST ${tokens}`, { ...fields, ...wrong })).toMatchObject({ status: 400, body });
    expect((await double.api(`GET ${tokens}`)).body).toEqual([]);
  });

  test("the instance's limit counts to the day, also when a token is rotated", async () => {
    await double.control.setInstance({ tokenDays: 30 });
    const made = await create({ expires_at: '2026-01-31', scopes: ['self_rotate'] });
    const message = '400 Bad request - Expires at must be before 2026-01-31';
    expect((await double.api(`POST ${tokens}`, { ...fields, expires_at: '2026-02-01' })).body).toEqual({ message });
    const late = await as(made.token)(`POST ${own}/rotate`, { expires_at: '2026-02-01' });
    expect(late).toMatchObject({ status: 400, body: { message } });
    expect(await statusOf(made)).toBe(200);
  });

  test('no bot makes a token, and nobody one above their own role', async () => {
    const bot = await create({ scopes: ['api'], access_level: 50 });
    const message = '400 Bad request - User does not have permission to create project access token';
    expect(await as(bot.token)(`POST ${tokens}`, fields)).toMatchObject({ status: 400, body: { message } });
    const manager = await double.control.createAccessToken({ accessLevel: 40 });
    expect((await as(manager.token)(`POST ${tokens}`, { ...fields, access_level: 50 })).status).toBe(400);
    expect((await as(manager.token)(`POST ${tokens}`, { ...fields, access_level: 40 })).status).toBe(201);
    expect((await as(manager.token)('POST /groups/acme/access_tokens', fields)).status).toBe(400);
    const developer = await double.control.createAccessToken({ accessLevel: 30 });
    expect((await as(developer.token)(`POST ${tokens}`, fields)).status).toBe(400);
    expect((await as(developer.token)(`GET ${tokens}`)).status).toBe(401);
  });
});

describe('list and revoke', () => {
  test('by state, revoked, part of the name, and in pages', async () => {
    const [first, second, third] = [await create(), await create({ name: 'other' }), await create()];
    expect((await double.api(`DELETE ${tokens}/${first.id}`)).status).toBe(204);
    await double.control.expireAccessToken({ id: second.id });
    const ids = async (query: string) =>
      ((await double.api(`GET ${tokens}?${query}`)).body as Made[]).map(({ id }) => id);
    expect(await ids('state=active')).toEqual([third.id]);
    expect(await ids('state=inactive')).toEqual([first.id, second.id]);
    expect(await ids('revoked=true')).toEqual([first.id]);
    expect(await ids('search=DRAWBRIDGE')).toEqual([first.id, third.id]);
    expect(await ids('per_page=1&page=2')).toEqual([second.id]);
  });

  test('a revoked token and an expired one open nothing', async () => {
    const [gone, old] = [await create(), await create({ expires_at: '2026-01-02' })];
    expect((await as(gone.token)(`DELETE ${own}`)).status).toBe(204);
    expect(await as(gone.token)('GET /version')).toMatchObject({
      status: 401,
      body: { error: 'invalid_token', error_description: expect.stringContaining('revoked') as string },
    });
    double.clock.advance(day - 1);
    expect(await statusOf(old)).toBe(200);
    double.clock.advance(1);
    expect(await statusOf(old)).toBe(401);
    expect(await double.api(`GET ${tokens}/1`)).toMatchObject({ status: 404 });
  });

  test('everybody sees and revokes only what is their own', async () => {
    const [mine, other] = [await double.control.createAccessToken({}), await double.control.createAccessToken({})];
    const call = as(mine.token);
    expect((await call('GET /personal_access_tokens')).body).toMatchObject([{ id: mine.id }]);
    expect((await call(`GET /personal_access_tokens/${mine.id}`)).status).toBe(200);
    expect((await call(`GET /personal_access_tokens/${other.id}`)).status).toBe(401);
    expect((await call(`DELETE /personal_access_tokens/${other.id}`)).status).toBe(401);
    expect((await call(`DELETE /personal_access_tokens/${mine.id}`)).status).toBe(204);
    expect([await statusOf(mine), await statusOf(other)]).toEqual([401, 200]);
  });
});

describe('scopes and roles', () => {
  test('a developer neither revokes nor rotates what a maintainer made', async () => {
    const made = await create();
    const call = as((await double.control.createAccessToken({ accessLevel: 30 })).token);
    expect((await call(`DELETE ${tokens}/${made.id}`)).status).toBe(400);
    expect((await call(`POST ${tokens}/${made.id}/rotate`)).status).toBe(401);
    expect(await statusOf(made)).toBe(200);
  });

  test("a project's route knows no other project's tokens, nor its group's", async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    const made = await create();
    const group = await double.control.createAccessToken({ group: 'acme' });
    const at = '/projects/2/access_tokens';
    expect((await double.api(`GET ${at}`)).body).toEqual([]);
    expect((await double.api(`DELETE ${at}/${made.id}`)).status).toBe(404);
    expect((await double.api(`POST ${at}/${made.id}/rotate`)).status).toBe(401);
    expect((await as(group.token)(`POST ${at}/self/rotate`)).status).toBe(401);
    expect([await statusOf(made), await statusOf(group)]).toEqual([200, 200]);
  });

  test('read_api reads, api writes, self_rotate does neither', async () => {
    const hook = { url: 'https://example.com' };
    const seen = async (scopes: string[]) => {
      const call = as((await create({ scopes, access_level: 40 })).token);
      const answers = [await call('GET /projects/4711/hooks'), await call('POST /projects/4711/hooks', hook)];
      return [...answers, await call(`GET ${own}`)].map(({ status }) => status);
    };
    expect(await seen(['api'])).toEqual([200, 201, 200]);
    expect(await seen(['read_api'])).toEqual([200, 403, 200]);
    expect(await seen(['self_rotate'])).toEqual([403, 403, 200]);
    const { token } = await create();
    const refused = await as(token)(`POST ${own}/rotate`);
    expect(refused.body).toMatchObject({ error: 'insufficient_scope', scope: 'api self_rotate' });
    expect(await statusOf({ token })).toBe(200);
  });
});

describe('rotate', () => {
  const scopes = ['self_rotate'];

  test('the old token is dead at once; the new one is the same with another id', async () => {
    const first = await create({ scopes });
    const second = await rotate(first);
    expect(second).toMatchObject({ user_id: first.user_id, name: fields.name, scopes, expires_at: '2026-03-01' });
    expect(second.id).not.toBe(first.id);
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
  });

  test('a week is what it lives unless it is told', async () => {
    const { token } = await create({ scopes });
    expect((await as(token)(`POST ${own}/rotate`)).body).toMatchObject({ expires_at: '2026-01-08' });
  });

  test('by a manager; of one that is revoked already, it costs the whole family', async () => {
    const first = await create({ scopes });
    const second = (await double.api(`POST ${tokens}/${first.id}/rotate`)).body as Made;
    expect([await statusOf(first), await statusOf(second)]).toEqual([401, 200]);
    expect((await double.api(`POST ${tokens}/${first.id}/rotate`)).status).toBe(400);
    expect(await statusOf(second)).toBe(401);
  });

  test.each([`${tokens}/self/rotate`, `${own}/rotate`])('reuse at %s revokes every successor', async (path) => {
    const [first, bystander] = [await create({ scopes }), await create({ scopes })];
    const third = await rotate(await rotate(first));
    expect((await as(first.token)(`POST ${path}`)).status).toBe(401);
    expect([await statusOf(third), await statusOf(bystander)]).toEqual([401, 200]);
    const seen = await double.control.requests();
    expect(seen.filter(({ reuse }) => reuse).map(({ token }) => token)).toEqual([first.id]);
  });

  test('anything else asked with a revoked token is a 401 and no more', async () => {
    const first = await create({ scopes: ['api'] });
    const second = await rotate(first);
    const calls = [`GET ${own}`, `DELETE ${own}`, `GET ${tokens}`, 'GET /projects/4711', `POST ${tokens}`];
    for (const call of calls) expect((await as(first.token)(call)).status).toBe(401);
    expect(await statusOf(second)).toBe(200);
    expect((await double.control.requests()).filter(({ reuse }) => reuse)).toEqual([]);
  });

  test("a person's token has no business at a project's route", async () => {
    const person = await double.control.createAccessToken({});
    expect((await as(person.token)(`POST ${tokens}/self/rotate`)).status).toBe(405);
    expect(await statusOf(person)).toBe(200);
  });
});

describe('what goes wrong', () => {
  test('an answer is lost after the work was done: a second try kills the successor', async () => {
    const first = await create({ scopes: ['self_rotate'] });
    await double.control.setFault({ route: `POST ${own}/rotate`, fault: { kind: 'answer lost' } });
    await expect(as(first.token)(`POST ${own}/rotate`)).rejects.toThrow('fetch failed');
    const family = async () => (await double.control.accessTokens()).filter(({ family }) => family === first.id);
    expect(await family()).toMatchObject([{ revoked: true }, { revoked: false, active: true }]);
    expect((await as(first.token)(`POST ${own}/rotate`)).status).toBe(401);
    expect(await family()).toMatchObject([{ revoked: true }, { revoked: true, active: false }]);
  });

  test('a 429 changes nothing', async () => {
    await double.control.setFault({ route: `POST ${tokens}`, fault: { kind: 'rate limit', retryAfter: 7 } });
    const limited = await double.api(`POST ${tokens}`, fields);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await double.api(`GET ${tokens}`)).body).toEqual([]);
  });

  test('the record names tokens by id, and holds no value', async () => {
    const made = await create({ scopes: ['api'] });
    await as(made.token)(`GET /projects/4711?private_token=${made.token}`);
    const person = await double.control.createAccessToken({ name: 'manager' });
    await double.control.revokeAccessToken({ id: person.id });
    expect(await statusOf(person)).toBe(401);
    const [requests, all] = [await double.control.requests(), await double.control.accessTokens()];
    expect(requests.map(({ token }) => token)).toEqual([1, made.id, person.id]);
    expect(all.find(({ id }) => id === made.id)).toMatchObject({ lastUsedAt: '2026-01-01T00:00:00.000Z' });
    for (const value of [made.token, person.token, double.token]) {
      expect(JSON.stringify([requests, all])).not.toContain(value);
    }
  });
});
