import { DeployFailure } from '../../../../lib/domain/failure.ts';
import {
  day,
  firstDocument,
  gitlabWorld,
  hour,
  minute,
  nameOf,
  ours,
  rotate,
  second,
  secret,
  step,
  tend,
  type GitlabWorld,
} from '../../../support/gitlab-rotation-world.ts';
import { noAnswer } from '../../../support/memory-gitlab-tokens.ts';

const pair = { registry_username: 'puller', registry_password: 'pulls' };

/** With a deploy token of a person's, rotated so often, eleven minutes apart. */
const rotated = async (times: number): Promise<GitlabWorld> => {
  const world = gitlabWorld(firstDocument(pair));
  world.tokens.add({ kind: 'deploy', username: 'puller', value: 'pulls', name: 'of a person too' });
  for (let nth = 1; nth <= times; nth += 1) {
    await rotate(world, `v${nth}`);
    world.time.now += 11 * minute;
  }
  return world;
};
const living = ({ tokens }: GitlabWorld): string[] => tokens.named('').map(({ kind, name }) => `${kind} ${name}`);
const both = (version: string): string[] => [`access ${ours}${version}`, `deploy ${ours}${version}`];

describe('predecessors', () => {
  test('of a person are reported and never revoked, however long ago', async () => {
    const world = await rotated(1);
    expect(await tend(world)).toMatchObject({ revoked: 0, foreign: 2 });
    world.time.now += day;
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0, foreign: 2 });
    expect(living(world)).toEqual(['access of a person', 'deploy of a person too', ...both('v1')]);
    world.tokens.held.slice(0, 2).forEach((token) => (token.revoked = true));
    expect(await tend(world)).toMatchObject({ foreign: 0 });
  });

  test('of a person that AWSCURRENT still holds are no predecessors', async () => {
    const world = gitlabWorld();
    world.secrets.edit(secret, firstDocument({ other: 1 }));
    expect(await tend(world)).toMatchObject({ foreign: 0 });
  });

  test('of a person are reported also when a deploy token has the same id: GitLab numbers the kinds by themselves', async () => {
    const world = gitlabWorld();
    await rotate(world);
    world.tokens.add({ kind: 'deploy', id: 1 });
    expect(await tend(world)).toMatchObject({ foreign: 1 });
  });

  test('of ours are revoked when the overlap has passed since their successors were first seen', async () => {
    const world = await rotated(2);
    expect(await tend(world)).toMatchObject({ revoked: 0, foreign: 0 });
    world.time.now += hour - 1;
    expect(await tend(world)).toMatchObject({ revoked: 0 });
    world.time.now += 1;
    expect(await tend(world)).toMatchObject({ revoked: 2, foreign: 0 });
    expect(living(world).slice(2)).toEqual(both('v2'));
    expect(await tend(world)).toMatchObject({ revoked: 0 });
  });

  test('of ours are revoked at once when a person says so', async () => {
    const world = await rotated(2);
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 2 });
    expect(living(world).slice(2)).toEqual(both('v2'));
  });

  test('have an overlap of their own with each rotation', async () => {
    const world = await rotated(1);
    await tend(world);
    world.time.now += 2 * hour;
    await rotate(world, 'v2');
    expect(await tend(world)).toMatchObject({ revoked: 0 });
  });

  test('that the manager does not list, for the owner has changed, are reported', async () => {
    const world = await rotated(1);
    world.secrets.edit(secret, { ...world.secrets.valueOf(secret, 'AWSCURRENT'), gitlab_group_id: '7' });
    expect(await nameOf(step(world, 'testSecret', 'v1'))).toBe('BaseChanged');
    await rotate(world, 'v2');
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0, foreign: 1 });
  });

  test('are left alone when AWSPREVIOUS cannot be read', async () => {
    const world = await rotated(2);
    const { value } = world.secrets.gitlab;
    const unreadable = async (name: string, version: string) => {
      if (version === 'v1') throw new DeployFailure('Misconfigured', 'it is not JSON');
      return value(name, version);
    };
    world.ports.versions = { ...world.secrets.gitlab, value: unreadable };
    expect(await nameOf(tend(world))).toBeUndefined();
    world.ports.versions = {
      ...world.secrets.gitlab,
      value: async (name, version) => (version === 'v1' ? Promise.reject(noAnswer()) : value(name, version)),
    };
    expect(await nameOf(tend(world))).toBe('GitLabUnavailable');
  });
});

test('AWSPENDING that stayed on what was promoted counts no more when somebody then changed the secret', async () => {
  const world = await rotated(1);
  // The last step died just before it would have taken the label off.
  world.secrets.begin(secret, 'v1');
  world.secrets.edit(secret, firstDocument({ gitlab_token: world.tokens.add({ expiresAt: '2026-12-02' }).value }));
  expect(world.secrets.labelled(secret, 'AWSPENDING')).toBe('v1');
  expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 2, started: true });
  expect(world.tokens.named(ours)).toEqual([]);
});

describe('orphans', () => {
  const lost = (world: GitlabWorld, name: string) => [
    world.tokens.add({ name }),
    world.tokens.add({ kind: 'deploy', name }),
  ];

  test('are revoked once they are ten minutes old; a deploy token, whose age GitLab does not tell, at once', async () => {
    const world = await rotated(1);
    lost(world, `${ours}v0`);
    world.time.now += 10 * minute;
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 1 });
    world.time.now += 1;
    expect(await tend(world)).toMatchObject({ revoked: 1 });
    expect(living(world).slice(2)).toEqual(both('v1'));
  });

  test("are as old as GitLab's clock says", async () => {
    const world = await rotated(1);
    lost(world, `${ours}v0`);
    const { list } = world.tokens;
    world.tokens.list = async (...args) => ({ ...(await list(...args)), at: new Date(world.time.now + 11 * minute) });
    expect(await tend(world)).toMatchObject({ revoked: 2 });
  });

  test.each([
    'of a person',
    `drawbridge/test/${secret}/v0`,
    `drawbridge/prod/other/v0`,
    ours,
    `${ours}more/v0`,
    ` ${ours}v0`,
  ])('are only tokens of that name: %j is not', async (name) => {
    const world = await rotated(1);
    lost(world, name);
    world.time.now += day;
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0 });
  });

  test('are not what a rotation that is at work has made and not stored yet', async () => {
    const world = await rotated(1);
    world.secrets.begin(secret, 'v2');
    const [access, deploy] = lost(world, `${ours}v2`);
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0 });
    world.time.now += 11 * minute;
    expect(await tend(world)).toMatchObject({ revoked: 1 });
    expect([access?.revoked, deploy?.revoked]).toEqual([true, false]);
    await rotate(world, 'v2');
    expect(await tend(world)).toMatchObject({ revoked: 1 });
    expect(deploy?.revoked).toBe(true);
  });

  test('are what a slower createSecret made, once the version has its value', async () => {
    const world = await rotated(1);
    world.secrets.begin(secret, 'v2');
    await step(world, 'createSecret', 'v2');
    const [, deploy] = lost(world, `${ours}v2`);
    expect(await tend(world)).toMatchObject({ revoked: 1 });
    expect(deploy?.revoked).toBe(true);
  });

  test('a rotation that begins while tokens are listed loses none', async () => {
    const world = await rotated(1);
    const { list } = world.tokens;
    world.tokens.list = async (...args) => {
      const listed = await list(...args);
      if (args[0] === 'access') {
        world.secrets.begin(secret, 'v2');
        lost(world, `${ours}v2`);
      }
      return listed;
    };
    expect(await tend(world)).toMatchObject({ revoked: 0 });
  });
});

describe('tokens in a live version', () => {
  test('are never revoked, also when AWSPENDING waits for long', async () => {
    const world = await rotated(1);
    world.secrets.begin(secret, 'v2');
    await step(world, 'createSecret', 'v2');
    world.time.now += day;
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0 });
    expect(living(world).slice(2)).toEqual([...both('v1'), ...both('v2')]);
  });

  test('are known by their value where a person wrote the secret without their ids, or with another', async () => {
    const world = await rotated(2);
    const kept = Object.entries(world.secrets.valueOf(secret, 'AWSCURRENT') ?? {}).filter(
      ([key]) => !key.endsWith('_id'),
    );
    const rest = { ...Object.fromEntries(kept), gitlab_project_id: '42' };
    for (const ids of [{}, { gitlab_token_id: 1, registry_token_id: 1 }]) {
      world.secrets.edit(secret, { ...rest, ...ids });
      world.time.now += day;
      await tend(world, { revokeNow: true });
      expect(living(world).slice(2)).toEqual(both('v2'));
    }
  });

  test('are known by their ids where they were copied with the secret', async () => {
    const world = await rotated(1);
    world.secrets.edit(secret, { ...world.secrets.valueOf(secret, 'AWSCURRENT'), other: 1 });
    expect(await tend(world, { revokeNow: true })).toMatchObject({ revoked: 0, foreign: 0 });
  });
});

describe('days left', () => {
  test("are GitLab's, of all three credentials, and shown each as it is learnt", async () => {
    const world = await rotated(1);
    world.tokens.add({ value: 'of-the-manager', owner: undefined, expiresAt: '2026-12-31' });
    const daysLeft = { gitlab_token: 59, registry_password: 59, gitlab_manager_token: 29 };
    expect(await tend(world)).toMatchObject({ started: false, daysLeft });
    expect(world.shown).toEqual(Object.entries(daysLeft));
  });

  test('are 0 of what is dead, and not told of what never ends', async () => {
    const world = await rotated(1);
    world.tokens.named(ours).forEach((token) => (token.revoked = true));
    expect((await tend(world)).daysLeft).toEqual({ gitlab_token: 0, registry_password: 0, gitlab_manager_token: 0 });
    world.tokens.add({ value: 'of-the-manager' });
    for (const token of world.tokens.held) [token.revoked, token.expiresAt] = [false, undefined];
    expect((await tend(world)).daysLeft).toEqual({});
  });

  test('of a person’s registry user are unknown', async () => {
    const world = gitlabWorld(firstDocument(pair));
    expect((await tend(world)).daysLeft).not.toHaveProperty('registry_password');
  });

  test.each([
    ['self', ['registry_password']],
    ['list', ['gitlab_token', 'gitlab_manager_token']],
    ['revoke', ['gitlab_token', 'registry_password', 'gitlab_manager_token']],
  ] as const)('are shown of the others when GitLab does not answer %s', async (name, known) => {
    const world = await rotated(2);
    world.tokens[name] = async () => Promise.reject(noAnswer());
    expect(await nameOf(tend(world, { revokeNow: true }))).toBe('GitLabUnavailable');
    expect(world.shown.map(([credential]) => credential)).toEqual(known);
  });

  test("are shown of gitlab_token when the manager's secret cannot be read", async () => {
    const world = await rotated(1);
    world.ports.manager = async () => Promise.reject(noAnswer());
    expect(await nameOf(tend(world))).toBe('GitLabUnavailable');
    expect(world.shown).toEqual([['gitlab_token', 59]]);
  });
});

test('one token that cannot be revoked does not keep the others', async () => {
  const world = await rotated(2);
  const { revoke } = world.tokens;
  world.tokens.revoke = async (kind, ...rest) =>
    kind === 'access' ? Promise.reject(noAnswer()) : revoke(kind, ...rest);
  expect(await nameOf(tend(world, { revokeNow: true }))).toBe('GitLabUnavailable');
  expect(living(world).slice(2)).toEqual([`access ${ours}v1`, ...both('v2')]);
});

describe('a rotation before its time', () => {
  const fewDays = async (): Promise<GitlabWorld> => {
    const world = await rotated(1);
    world.time.now = Date.parse('2027-01-16T00:00:00Z');
    return world;
  };

  test('is begun at 14 days, and not before', async () => {
    const world = await fewDays();
    world.time.now -= 1;
    world.tokens.named(ours).forEach((token) => (token.expiresAt = '2027-01-31'));
    expect(await tend(world)).toMatchObject({ started: false, daysLeft: { gitlab_token: 15, registry_password: 15 } });
    world.tokens.named(ours).forEach((token) => (token.expiresAt = '2027-01-30'));
    expect(await tend(world)).toMatchObject({ started: true, daysLeft: { gitlab_token: 14, registry_password: 14 } });
    expect(world.started).toEqual([secret]);
  });

  test.each(['access', 'deploy'])('is begun for the %s token alone', async (kind) => {
    const world = await fewDays();
    world.tokens.named(ours).forEach((token) => (token.expiresAt = token.kind === kind ? '2027-01-17' : '2027-05-01'));
    expect(await tend(world)).toMatchObject({ started: true });
  });

  test("is not begun for the manager's token, which no rotation replaces", async () => {
    const world = await rotated(1);
    expect(await tend(world)).toMatchObject({ started: false, daysLeft: { gitlab_manager_token: 0 } });
  });

  test('is begun at most once in 24 hours, also when beginning it failed or died', async () => {
    const world = await fewDays();
    const { start } = world.ports;
    world.ports.start = async () => Promise.reject(noAnswer());
    expect(await nameOf(tend(world))).toBe('GitLabUnavailable');
    world.ports.start = start;
    world.time.now += day - 1;
    expect(await tend(world)).toMatchObject({ started: false });
    world.time.now += 1;
    expect(await tend(world)).toMatchObject({ started: true });
    expect(await tend(world)).toMatchObject({ started: false });
    expect(world.started).toEqual([secret]);
  });

  test('is not begun by two at once', async () => {
    const world = await fewDays();
    await tend(world);
    world.time.now += day;
    const results = await Promise.all([tend(world), tend(world)]);
    expect(results.filter(({ started }) => started)).toHaveLength(1);
  });

  test('is not begun while one is under way; AWSPENDING beside AWSCURRENT is none', async () => {
    const world = await fewDays();
    world.secrets.begin(secret, 'v2');
    expect(await tend(world)).toMatchObject({ started: false });
    await world.secrets.gitlab.takeOff(secret, 'v2');
    // As a last step that died leaves it.
    world.secrets.begin(secret, 'v1');
    expect(await tend(world)).toMatchObject({ started: true });
  });

  test('is not begun where nobody could make a token; in self mode not for registry_password', async () => {
    const world = await fewDays();
    const { manager } = world.ports;
    world.ports.manager = async () => Promise.resolve({ ...(await manager()), manager: false });
    expect(await tend(world)).toMatchObject({ started: false, daysLeft: { gitlab_token: 14 } });
    world.ports.manager = manager;
    world.tokens
      .named(ours)
      .forEach((token) => (token.expiresAt = token.kind === 'deploy' ? '2027-01-17' : '2027-05-01'));
    world.secrets.edit(secret, { ...world.secrets.valueOf(secret, 'AWSCURRENT'), rotate_gitlab_token: 'self' });
    expect(await tend(world)).toMatchObject({ started: false, daysLeft: { registry_password: 1 } });
  });
});

test('a secret that nobody filled is quiet', async () => {
  const world = gitlabWorld();
  world.secrets.add(secret);
  world.tokens.forbidden = true;
  expect(await tend(world)).toEqual({ revoked: 0, foreign: 0, started: false, daysLeft: {} });
});

test('a manager without an owner to make tokens for is misconfigured, and days are shown all the same', async () => {
  const world = gitlabWorld(firstDocument({ gitlab_project_id: undefined as never }));
  expect(await nameOf(tend(world))).toBe('Misconfigured');
  expect(world.shown.map(([credential]) => credential)).toContain('gitlab_token');
});

test('without a manager nothing is listed or revoked', async () => {
  const world = await rotated(2);
  world.time.now += 10 * second;
  world.ports.manager = async () => Promise.resolve({ url: '', token: '', manager: false });
  world.tokens.forbidden = true;
  expect(await tend(world, { revokeNow: true })).toMatchObject({
    revoked: 0,
    foreign: 1,
    daysLeft: { gitlab_token: 59 },
  });
});
