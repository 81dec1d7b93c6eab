import { RotationFailure } from '../../../../lib/domain/failure.ts';
import { noAnswer } from '../../../support/memory-gitlab-tokens.ts';
import type { Target } from '../../../../lib/domain/target.ts';
import { target } from '../../../support/samples.ts';
import {
  firstDocument,
  gitlabWorld,
  minute,
  nameOf,
  ours,
  rotate,
  secret,
  step,
  type GitlabWorld,
} from '../../../support/gitlab-rotation-world.ts';

const current = ({ secrets }: GitlabWorld) => secrets.valueOf(secret, 'AWSCURRENT');
const pending = ({ secrets }: GitlabWorld) => secrets.valueOf(secret, 'AWSPENDING');
const begun = (document?: Parameters<typeof gitlabWorld>[0]): GitlabWorld => {
  const world = gitlabWorld(document);
  world.secrets.begin(secret, 'v1');
  return world;
};

const waitingForImages: Target = { ...target(), on: { kind: 'image', repository: 'a/b', tag: '*' } };

describe('a whole rotation', () => {
  test('makes a token for the project, proves and promotes it, and leaves the old one alive', async () => {
    const world = gitlabWorld(firstDocument({ other: { kept: 1 }, made_at: 'before', base_version: 'before' }));
    expect(await rotate(world)).toEqual([
      'gitlab_token made',
      'nothing to set: GitLab made the tokens',
      'proven',
      'promoted',
    ]);
    const [made] = world.tokens.named(ours);
    expect(made).toMatchObject({
      ...{ kind: 'access', owner: { kind: 'project', id: 42 }, name: `${ours}v1`, expiresAt: '2027-01-30' },
      ...{ scopes: ['read_api', 'read_registry'], accessLevel: 20 },
    });
    expect(current(world)).toEqual({
      ...firstDocument({ other: { kept: 1 } }),
      ...{ gitlab_token: made?.value, gitlab_token_id: made?.id },
      ...{ made_at: '2026-12-01T12:00:00.000Z', base_version: 'edit-1' },
    });
    expect(world.tokens.alive('of-a-person')).toBe(true);
  });

  test('makes it for the group where one is given', async () => {
    const world = gitlabWorld(firstDocument({ gitlab_group_id: '7' }));
    await rotate(world);
    expect(world.tokens.named(ours)).toMatchObject([{ owner: { kind: 'group', id: 7 } }]);
  });

  test('makes it a Maintainer where tag rules are looked at, and only there', async () => {
    for (const [more, accessLevel] of [
      [{}, 40],
      [{ unprotectedTags: true as const }, 20],
    ] as const) {
      const world = gitlabWorld();
      world.targets.push(target(), { ...waitingForImages, ...more });
      await rotate(world);
      expect(world.tokens.named(ours)).toMatchObject([{ accessLevel }]);
    }
  });

  test('lets its token outlive the interval between rotations by thirty days', async () => {
    const world = gitlabWorld();
    world.ports.rotationDays = 7;
    await rotate(world);
    expect(world.tokens.named(ours)).toMatchObject([{ expiresAt: '2027-01-07' }]);
  });

  test("reckons the date by GitLab's clock", async () => {
    const world = gitlabWorld();
    const { list } = world.tokens;
    world.tokens.list = async (kind, owner) => ({ ...(await list(kind, owner)), at: new Date('2026-12-25T23:59:59Z') });
    await rotate(world);
    expect(world.tokens.named(ours)).toMatchObject([{ expiresAt: '2027-02-23' }]);
  });
});

describe('registry_password', () => {
  const pair = { registry_username: 'puller', registry_password: 'pulls' };

  test('of a deploy token is replaced with its name, and its predecessor lives on', async () => {
    const world = gitlabWorld(firstDocument(pair));
    world.tokens.add({ kind: 'deploy', username: 'puller', value: 'pulls' });
    expect((await rotate(world))[0]).toBe('gitlab_token and registry_password made');
    const [access, deploy] = world.tokens.named(ours);
    expect(access).toMatchObject({ kind: 'access', scopes: ['read_api'] });
    expect(deploy).toMatchObject({
      ...{ kind: 'deploy', owner: { kind: 'project', id: 42 }, name: `${ours}v1` },
      ...{ scopes: ['read_registry'], expiresAt: '2027-01-30' },
    });
    expect(current(world)).toMatchObject({
      ...{ registry_username: deploy?.username, registry_password: deploy?.value, registry_token_id: deploy?.id },
      gitlab_token: access?.value,
    });
    expect(world.tokens.alive('pulls')).toBe(true);
  });

  test("of a person is left alone, also beside another's deploy token", async () => {
    const world = gitlabWorld(firstDocument(pair));
    world.tokens.add({ kind: 'deploy', username: 'another' });
    expect((await rotate(world))[0]).toContain('left alone');
    expect(current(world)).toMatchObject(pair);
    expect(current(world)).not.toHaveProperty('registry_token_id');
    expect(world.tokens.named(ours)).toMatchObject([{ scopes: ['read_api'] }]);
  });

  test('of a deploy token of ours that is gone is replaced; one that a person put in its place is not', async () => {
    const gone = gitlabWorld(firstDocument({ ...pair, registry_token_id: 99 }));
    expect((await rotate(gone))[0]).toBe('gitlab_token and registry_password made');
    const stale = gitlabWorld(firstDocument({ ...pair, registry_token_id: 99 }));
    stale.tokens.add({ kind: 'deploy', owner: undefined, username: 'puller', value: 'pulls' });
    expect((await rotate(stale))[0]).toContain('left alone');
  });
});

describe('createSecret', () => {
  test('does nothing again once the version has its value', async () => {
    const world = begun();
    await step(world, 'createSecret');
    const made = pending(world);
    expect(await step(world, 'createSecret')).toBe('there already');
    expect(pending(world)).toEqual(made);
    expect(world.tokens.named(ours)).toHaveLength(1);
  });

  test('beside itself fills once; what the slower one made is revoked when it is old', async () => {
    const world = begun();
    const results = await Promise.all([step(world, 'createSecret'), step(world, 'createSecret')]);
    expect(results.sort()).toEqual(['gitlab_token made', 'there already']);
    expect(world.tokens.named(ours)).toHaveLength(2);
    await rotate(world);
    world.time.now += 11 * minute;
    await rotate(world, 'v2');
    expect(world.tokens.named(`${ours}v1`)).toMatchObject([
      { value: world.secrets.valueOf(secret, 'AWSPREVIOUS')?.['gitlab_token'] },
    ]);
  });

  test.each<[string, Partial<Parameters<typeof firstDocument>[0]>, string]>([
    ['neither project nor group', { gitlab_project_id: undefined as never }, 'gitlab_project_id'],
    ['a project that is no number', { gitlab_project_id: 'group/project' }, 'gitlab_project_id'],
    ['a group that is no number', { gitlab_group_id: '07' }, 'gitlab_group_id'],
  ])('with %s is misconfigured', async (_, more, field) => {
    const world = begun(firstDocument(more));
    await expect(step(world, 'createSecret')).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining(field) as string,
    });
    expect(world.tokens.held).toHaveLength(1);
  });

  test("without a manager's token is misconfigured, and makes nothing", async () => {
    const world = begun();
    world.ports.manager = async () => Promise.resolve({ url: '', token: 'of-a-person', manager: false });
    await expect(step(world, 'createSecret')).rejects.toMatchObject({
      ...{ name: 'Misconfigured', message: expect.stringContaining('gitlab_manager_token') as string },
    });
    expect(world.tokens.held).toHaveLength(1);
  });

  test('of a secret that nobody filled is misconfigured', async () => {
    const world = gitlabWorld();
    world.secrets.add(secret);
    world.secrets.begin(secret, 'v1');
    expect(await nameOf(step(world, 'createSecret'))).toBe('Misconfigured');
  });

  test('makes nothing once the manager has lost its rights; what was made before is promoted all the same', async () => {
    const world = begun();
    world.tokens.forbidden = true;
    expect(await nameOf(step(world, 'createSecret'))).toBe('OutOfReach');
    expect(world.tokens.held).toHaveLength(1);
    world.tokens.forbidden = false;
    await step(world, 'createSecret');
    world.tokens.forbidden = true;
    expect((await rotate(world)).at(-1)).toBe('promoted');
  });
});

test('createSecret keeps to the overlap', async () => {
  const world = gitlabWorld();
  await rotate(world);
  world.time.now += 11 * minute;
  await rotate(world, 'v2');
  world.secrets.begin(secret, 'v3');
  await step(world, 'createSecret', 'v3');
  expect(world.tokens.named(`${ours}v1`)).toHaveLength(1);
  world.time.now += 60 * minute;
  await rotate(world, 'v3');
  world.secrets.begin(secret, 'v4');
  await step(world, 'createSecret', 'v4');
  expect(world.tokens.named(`${ours}v1`)).toEqual([]);
  expect(world.tokens.named(`${ours}v2`)).toHaveLength(1);
});

test('steps before the version has a value are refused', async () => {
  const world = begun();
  for (const name of ['setSecret', 'finishSecret'] as const)
    expect(await nameOf(step(world, name))).toBe('RotationRefused');
  expect(world.secrets.labelled(secret, 'AWSCURRENT')).toBe('edit-1');
});

describe('testSecret', () => {
  test('without a staged value tests what is in use', async () => {
    const world = begun();
    expect(await step(world, 'testSecret')).toBe('what is in use works');
    world.tokens.held.forEach((token) => (token.revoked = true));
    expect(await nameOf(step(world, 'testSecret'))).toBe('NotProven');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBe('v1');
  });

  test('of a secret that nobody filled is quiet', async () => {
    const world = gitlabWorld();
    world.secrets.add(secret);
    world.secrets.begin(secret, 'v1');
    expect(await step(world, 'testSecret')).toBe('not filled yet');
  });

  test('of a token that somebody revoked takes AWSPENDING off, and the next rotation makes another', async () => {
    const world = begun();
    await step(world, 'createSecret');
    world.tokens.named(ours).forEach((token) => (token.revoked = true));
    expect(await nameOf(step(world, 'testSecret'))).toBe('NotProven');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
    expect((await rotate(world, 'v2')).at(-1)).toBe('promoted');
  });

  test('of a deploy token that somebody revoked takes AWSPENDING off', async () => {
    const world = begun(firstDocument({ registry_username: 'puller', registry_password: 'pulls' }));
    world.tokens.add({ kind: 'deploy', username: 'puller', value: 'pulls' });
    await step(world, 'createSecret');
    world.tokens.named(ours).forEach((token) => (token.revoked = token.kind === 'deploy'));
    expect(await nameOf(step(world, 'testSecret'))).toBe('NotProven');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
  });

  test('that GitLab does not answer leaves AWSPENDING where it is', async () => {
    const world = begun();
    await step(world, 'createSecret');
    const { self } = world.tokens;
    for (const failure of [noAnswer(), new RotationFailure('GitLabRefused', 'it may not be asked')]) {
      world.tokens.self = async () => Promise.reject(failure);
      expect(await nameOf(step(world, 'testSecret'))).toBe(failure.name);
    }
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBe('v1');
    world.tokens.self = self;
    expect(await step(world, 'testSecret')).toBe('proven');
  });

  const narrower = async (): Promise<GitlabWorld> => {
    const world = begun();
    world.targets.push({ ...target(), project: 42 }, { ...target(), project: 43 }, { ...target(), project: 44 });
    await step(world, 'createSecret');
    world.tokens.named(ours).forEach((token) => (token.projects = [42]));
    return world;
  };

  test('names the projects that only the token in use sees; AWSPENDING stays, for that can be mended', async () => {
    const world = await narrower();
    world.tokens.held.slice(0, 1).forEach((token) => (token.projects = [42, 44]));
    await expect(step(world, 'testSecret')).rejects.toMatchObject({ name: 'OutOfReach', facts: { projects: ['44'] } });
    world.tokens.named(ours).forEach((token) => (token.projects = [42, 44]));
    expect(await step(world, 'testSecret')).toBe('proven');
  });

  test('asks nothing about the token in use where the new one sees all', async () => {
    const world = await narrower();
    world.tokens.named(ours).forEach((token) => (token.projects = undefined));
    const { self } = world.tokens;
    world.tokens.self = async (value) => (value === 'of-a-person' ? Promise.reject(noAnswer()) : self(value));
    expect(await step(world, 'testSecret')).toBe('proven');
  });

  test('compares with nothing where the token in use is dead', async () => {
    const world = await narrower();
    world.tokens.held.slice(0, 1).forEach((token) => (token.revoked = true));
    world.tokens.sees = async (value) =>
      world.tokens.alive(value) ? Promise.resolve(false) : Promise.reject(new TypeError('asked with a dead token'));
    expect(await step(world, 'testSecret')).toBe('proven');
  });
});

describe('a secret that ops change meanwhile', () => {
  test.each(['testSecret', 'finishSecret'] as const)('%s gives the rotation up, and the change stays', async (name) => {
    const world = begun();
    await step(world, 'createSecret');
    world.secrets.edit(secret, firstDocument({ other: 'new' }));
    expect(await nameOf(step(world, name))).toBe('BaseChanged');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
    expect(current(world)).toEqual(firstDocument({ other: 'new' }));
    await rotate(world, 'v2');
    expect(current(world)).toMatchObject({ other: 'new', base_version: 'edit-2' });
  });

  test('to a dead token: AWSPENDING, the only one alive, stays until a person mends it', async () => {
    const world = begun();
    await step(world, 'createSecret');
    world.secrets.edit(secret, firstDocument({ gitlab_token: 'wrong' }));
    for (const name of ['testSecret', 'finishSecret'] as const)
      await expect(step(world, name)).rejects.toMatchObject({
        name: 'BaseChanged',
        message: expect.stringContaining('left there') as string,
      });
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBe('v1');
    world.secrets.edit(secret, firstDocument());
    expect(await nameOf(step(world, 'testSecret'))).toBe('BaseChanged');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
  });

  test('to a dead token while the new one is dead too: AWSPENDING is taken off', async () => {
    const world = begun();
    await step(world, 'createSecret');
    world.secrets.edit(secret, firstDocument({ gitlab_token: 'wrong' }));
    world.tokens.named(ours).forEach((token) => (token.revoked = true));
    expect(await nameOf(step(world, 'finishSecret'))).toBe('BaseChanged');
    expect(world.secrets.labelled(secret, 'AWSPENDING')).toBeUndefined();
  });

  test('between the look and the promotion: AWS refuses, and the next try sees it', async () => {
    const world = begun();
    await step(world, 'createSecret');
    const { promote } = world.secrets.gitlab;
    world.ports.versions = {
      ...world.secrets.gitlab,
      promote: async (...args) => {
        world.secrets.edit(secret, firstDocument({ other: 'new' }));
        return promote(...args);
      },
    };
    expect(await nameOf(step(world, 'finishSecret'))).toBe('AwsRefused');
    expect(await nameOf(step(world, 'finishSecret'))).toBe('BaseChanged');
    expect(current(world)).toMatchObject({ other: 'new' });
  });
});
