import { selfRotateLimit } from '../../../lib/domain/self-rotation.ts';
import { gitlabTokens } from '../../../lib/adapters/gitlab/gitlab-tokens.ts';
import { failureOf, gitlabStage, managerToken, refusals, type Said } from './gitlab-stage.ts';

const { stage, answers, manager, calls } = gitlabStage();
const tokens = () => gitlabTokens(manager());

const project = { kind: 'project', id: 1 } as const;
const group = { kind: 'group', id: 501 } as const;
const value = 'glpat-hunter2';
const access = {
  id: 7,
  name: 'drawbridge/prod/x/1',
  active: true,
  revoked: false,
  created_at: '2026-01-05T09:40:00.123Z',
  scopes: ['read_api'],
  expires_at: '2026-02-01',
};
const deploy = {
  id: 9,
  name: 'drawbridge/prod/x/1',
  username: 'gitlab+deploy-token-9',
  expires_at: '2026-02-01T00:00:00.000Z',
  scopes: ['read_registry'],
  revoked: false,
  expired: false,
};
const ours = { id: 7, name: access.name, active: true, createdAt: access.created_at, expiresAt: '2026-02-01' };
const shown = () => stage.sent.map(({ headers }) => headers['private-token']);
const dated = { date: 'Mon, 05 Jan 2026 09:40:00 GMT' };

describe('list', () => {
  test.each([
    ['access', project, '/projects/1/access_tokens?state=active'],
    ['access', group, '/groups/501/access_tokens?state=active'],
    ['deploy', project, '/projects/1/deploy_tokens?active=true'],
    ['deploy', group, '/groups/501/deploy_tokens?active=true'],
  ] as const)('%s tokens of %j', async (kind, owner, path) => {
    answers({ body: [], headers: dated });
    expect(await tokens().list(kind, owner)).toEqual({ at: new Date('2026-01-05T09:40:00Z'), tokens: [] });
    expect(calls()).toEqual([`GET /api/v4${path}&per_page=100&page=1`]);
    expect(shown()).toEqual([managerToken]);
  });

  test('access tokens in our words, those alone that are alive', async () => {
    const endless = { ...access, id: 8, expires_at: null };
    answers({ body: [access, endless, { ...access, id: 9, active: false }], headers: dated });
    const { name, active, createdAt } = ours;
    expect((await tokens().list('access', project)).tokens).toEqual([ours, { id: 8, name, active, createdAt }]);
  });

  test('deploy tokens in our words, those alone that are alive', async () => {
    const gone = [
      { ...deploy, revoked: true },
      { ...deploy, expired: true },
    ];
    const endless = { ...deploy, id: 10, expires_at: null };
    const late = { ...deploy, id: 11, expires_at: '2026-02-01T01:00:00.000+02:00' };
    answers({ body: [deploy, endless, late, ...gone], headers: dated });
    const word = { name: deploy.name, username: deploy.username, active: true };
    expect((await tokens().list('deploy', project)).tokens).toEqual([
      { ...word, id: 9, expiresAt: '2026-02-01' },
      { ...word, id: 10 },
      { ...word, id: 11, expiresAt: '2026-01-31' },
    ]);
  });

  test('from all pages, at the time of the first: no token looks older than it is', async () => {
    answers(
      { body: [access], headers: { ...dated, 'x-next-page': '2' } },
      { body: [{ ...access, id: 8 }], headers: { date: 'Mon, 05 Jan 2026 09:50:00 GMT' } },
    );
    const { at, tokens: found } = await tokens().list('access', project);
    expect([at.toISOString(), found.map(({ id }) => id)]).toEqual(['2026-01-05T09:40:00.000Z', [7, 8]]);
  });

  test.each<[string, Said]>([
    ['no date that is one', { body: [access], headers: { date: 'hunter2' } }],
    ['another shape', { body: [{ ...access, active: 'hunter2' }], headers: dated }],
    ['a date that is none', { body: [{ ...access, expires_at: 'hunter2' }], headers: dated }],
  ])('is unknown when GitLab answers %s', async (_what, said) => {
    answers(said);
    expect(await failureOf(() => tokens().list('access', project))).toMatchObject({ name: 'GitLabUnavailable' });
  });
});

describe('create', () => {
  const wish = { name: 'drawbridge/prod/x/1', scopes: ['read_api'], expiresAt: '2026-03-01' };
  const asked = { name: wish.name, scopes: wish.scopes };

  test('an access token: its value, id and end', async () => {
    answers({ status: 201, body: { ...access, token: value } });
    expect(await tokens().create('access', group, { ...wish, accessLevel: 20 })).toEqual({
      id: 7,
      value,
      expiresAt: '2026-02-01',
    });
    expect(calls()).toEqual(['POST /api/v4/groups/501/access_tokens']);
    expect(stage.sent[0]?.body).toEqual({ ...asked, access_level: 20, expires_at: '2026-03-01' });
  });

  test('a deploy token: with its user', async () => {
    answers({ status: 201, body: { ...deploy, token: 'gldt-x' } });
    const made = await tokens().create('deploy', project, { ...wish, scopes: ['read_registry'] });
    expect(made).toEqual({ id: 9, value: 'gldt-x', username: deploy.username, expiresAt: '2026-02-01' });
    expect(stage.sent[0]?.body).toEqual({ ...asked, scopes: ['read_registry'], expires_at: '2026-03-01' });
  });

  test.each([
    { message: '400 Bad request - Expires at must be before 2026-03-01' },
    { message: { expires_at: ['must be before 2026-03-01'] } },
  ])('for the last day that GitLab allows, when it names one: %j', async (body) => {
    answers({ status: 400, body }, { status: 201, body: { ...access, token: value } });
    await tokens().create('access', project, { ...wish, expiresAt: '2026-03-05' });
    expect(stage.sent.map((sent) => sent.body)).toEqual(
      ['2026-03-05', '2026-02-28'].map((day) => ({ ...asked, expires_at: day })),
    );
  });

  test.each<[string, unknown, number]>([
    ['no date', { message: '400 Bad request - hunter2' }, 1],
    ['a date that is none', { message: 'before 2026-13-01' }, 1],
    ['a day after the one that was asked for', { message: 'before 2026-03-05' }, 1],
    ['a day that it then refuses as well', { message: 'before 2026-02-20' }, 2],
    ['nothing that can be read', 'hunter2', 1],
  ])('is refused when GitLab names %s', async (_what, body, requests) => {
    answers({ status: 400, body });
    expect(await failureOf(() => tokens().create('access', project, wish))).toMatchObject({ name: 'GitLabRefused' });
    expect(stage.sent).toHaveLength(requests);
  });

  test.each([{ ...access }, { ...access, token: '' }])('without a value is unknown: %j', async (body) => {
    answers({ status: 201, body });
    const failure = await failureOf(() => tokens().create('access', project, wish));
    expect(failure).toMatchObject({ name: 'GitLabUnavailable' });
  });
});

test.each([204, 404])('revoke: %d is fine', async (status) => {
  answers({ status });
  await tokens().revoke('access', project, 7);
  await tokens().revoke('deploy', group, 9);
  expect(calls()).toEqual(['DELETE /api/v4/projects/1/access_tokens/7', 'DELETE /api/v4/groups/501/deploy_tokens/9']);
});

describe('a token asks for itself', () => {
  test('self: what GitLab says of it, and nothing when it is dead', async () => {
    answers({ body: access }, { status: 401 });
    expect(await tokens().self(value)).toEqual(ours);
    expect(await tokens().self(value)).toBeUndefined();
    expect(calls()).toEqual(Array(2).fill('GET /api/v4/personal_access_tokens/self'));
    expect(shown()).toEqual([value, value]);
  });

  test.each([
    [200, true],
    [403, false],
    [404, false],
  ])('sees: %d is %p', async (status, seen) => {
    answers({ status });
    expect(await tokens().sees(value, 1)).toBe(seen);
    expect([calls(), shown()]).toEqual([['GET /api/v4/projects/1'], [value]]);
  });

  test.each([
    [200, true],
    [401, false],
    [403, false],
  ])('logsIn: %d is %p', async (status, taken) => {
    answers({ status });
    expect(await tokens().logsIn('gitlab+deploy-token-9', 'gldt-hunter2')).toBe(taken);
    expect(calls()).toEqual(['GET /jwt/auth?service=container_registry']);
    const basic = Buffer.from('gitlab+deploy-token-9:gldt-hunter2').toString('base64');
    expect(stage.sent[0]?.headers).toMatchObject({ authorization: `Basic ${basic}` });
    expect(stage.sent[0]?.headers).not.toHaveProperty('private-token');
  });

  test('rotateSelf: its successor', async () => {
    answers({ body: { ...access, id: 8, token: 'glpat-next' } });
    expect(await tokens().rotateSelf(value, '2026-03-01')).toEqual({
      id: 8,
      value: 'glpat-next',
      expiresAt: '2026-02-01',
    });
    expect([calls(), shown()]).toEqual([['POST /api/v4/personal_access_tokens/self/rotate'], [value]]);
    expect(stage.sent[0]?.body).toEqual({ expires_at: '2026-03-01' });
  });
});

describe('anything else', () => {
  const wish = { name: 'drawbridge/x', scopes: ['read_api'], expiresAt: '2026-03-01' };
  const verbs: { about: string; act: () => Promise<unknown>; understood?: number[] }[] = [
    { about: 'access tokens of project 1', act: () => tokens().list('access', project) },
    {
      about: 'token drawbridge/x, to be made among the deploy tokens of group 501',
      act: () => tokens().create('deploy', group, wish),
    },
    {
      about: 'token 7 of the access tokens of project 1',
      act: () => tokens().revoke('access', project, 7),
      understood: [404],
    },
    { about: "an access token's own data", act: () => tokens().self(value), understood: [401] },
    { about: 'project 1', act: () => tokens().sees(value, 1), understood: [403, 404] },
    { about: "the registry's login", act: () => tokens().logsIn('user', 'hunter2'), understood: [401, 403] },
    { about: "an access token's replacement by itself", act: () => tokens().rotateSelf(value, '2026-03-01') },
  ];
  const cases = refusals.flatMap(([said, name]) =>
    verbs
      .filter(({ understood = [] }) => said === 'cut' || !understood.includes(said.status ?? 200))
      .map(({ about, act }) => ({ said, name, about, act })),
  );

  test.each(cases)('$about: $said is $name, told without a value and not tried again', async (one) => {
    answers(one.said);
    const failure = await failureOf(one.act);
    expect(failure).toMatchObject({ name: one.name });
    expect(failure.message).toContain(`"${one.about}: `);
    expect(stage.sent).toHaveLength(1);
  });

  test("a dead token's rotation is not shown another token instead", async () => {
    stage.pending = 'hunter2-next';
    answers({ status: 401 });
    await failureOf(() => tokens().rotateSelf(value, '2026-03-01'));
    expect(shown()).toEqual([value]);
  });

  test('an answer that does not come is given up after 15 s, so that two tries of a rotation by itself fit into its 30', async () => {
    const limits: number[] = [];
    const spy = import.meta.jest.spyOn(AbortSignal, 'timeout').mockImplementation((limit) => {
      limits.push(limit);
      return AbortSignal.abort();
    });
    try {
      for (const { act } of verbs) expect(await failureOf(act)).toMatchObject({ name: 'GitLabUnavailable' });
    } finally {
      spy.mockRestore();
    }
    expect(limits).toEqual(verbs.map(() => 15_000));
    expect(selfRotateLimit).toBe(30_000);
  });
});
