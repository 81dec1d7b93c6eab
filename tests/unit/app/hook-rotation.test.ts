import { everyFault } from '../../support/every-fault.ts';
import { losingAnswers } from '../../support/memory-faults.ts';
import { imageTarget, jobTarget, tagTarget } from '../../support/samples.ts';
import {
  accepted,
  hooksOf,
  hookUrl,
  hookWorld,
  name,
  oldSigning,
  oldToken,
  rotate,
  start,
  step,
  type HookWorld,
} from './hook-rotation-world.ts';

const signedDocument = { webhook_token: oldToken, webhook_signing_token: oldSigning };
const newToken = '10'.repeat(32);
const newSigning = `whsec_${Buffer.alloc(32, 32).toString('base64')}`;
const made = { made_at: '2026-01-05T09:40:00.000Z', base_version: 'edit-1' };

const current = ({ secrets }: HookWorld) => secrets.valueOf(name, 'AWSCURRENT');
const pending = ({ secrets }: HookWorld) => secrets.valueOf(name, 'AWSPENDING');
const tokensOf = (world: HookWorld) => hooksOf(world).map(({ token, signingToken }) => [token, signingToken]);
const setsOf = ({ hooks }: HookWorld) => hooks.asked.filter((asked) => !asked.startsWith('list'));
const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe('a whole rotation', () => {
  test('of a plain token, where GitLab knows no signing: every hook has the new one, and it is AWSCURRENT', async () => {
    const world = hookWorld({ signing: 'unknown' });
    expect(await rotate(world)).toEqual([
      'made, without a signing token',
      'set in 3 projects',
      'proven by 3 hooks',
      'promoted',
    ]);
    expect(current(world)).toEqual({ webhook_token: newToken, ...made });
    expect(tokensOf(world)).toEqual(times(3, [newToken, undefined]));
    expect(world.secrets.valueOf(name, 'AWSPREVIOUS')).toEqual({ webhook_token: oldToken });
    expect(world.locked).toEqual([]);
    expect(world.journal.record).toEqual({ revision: 0 });
  });

  test('where GitLab knows signing: switched on, and the plain token is new as well', async () => {
    const world = hookWorld();
    expect((await rotate(world))[0]).toBe('made, with a signing token');
    expect(current(world)).toEqual({ webhook_token: newToken, webhook_signing_token: newSigning, ...made });
    expect(tokensOf(world)).toEqual(times(3, [newToken, newSigning]));
    expect(world.locked).toEqual([]);
  });

  test('leaves no AWSPENDING behind, so that the next one begins also after somebody has changed the secret', async () => {
    const world = hookWorld({ document: signedDocument });
    await rotate(world);
    world.secrets.edit(name, { ...current(world), registry_token: 'r'.repeat(40) });
    world.secrets.begin(name, 'v2');
    expect((await rotate(world, 'v2')).at(-1)).toBe('promoted');
    expect(current(world)).toMatchObject({ registry_token: 'r'.repeat(40) });
  });

  test('of a signed secret, and once more', async () => {
    const world = hookWorld({ document: signedDocument });
    await rotate(world);
    world.secrets.begin(name, 'v2');
    await rotate(world, 'v2');
    expect(current(world)).toMatchObject({ base_version: 'v1', webhook_token: '30'.repeat(32) });
    expect(hooksOf(world).every((hook) => accepted(world, hook))).toBe(true);
    expect(world.locked).toEqual([]);
  });

  test('after a downgrade of GitLab: a signed secret becomes plain', async () => {
    const world = hookWorld({ document: signedDocument, signing: 'unknown' });
    await rotate(world);
    expect(current(world)).toEqual({ webhook_token: newToken, ...made });
    expect(tokensOf(world)).toEqual(times(3, [newToken, undefined]));
  });

  test.each([
    ['is empty', {}, 'edit-1'],
    ['is not there', null, undefined],
  ])('where AWSCURRENT %s: tokens and hooks are made', async (_what, document, base) => {
    const world = hookWorld({ document, hooked: [] });
    await rotate(world);
    expect(current(world)).toMatchObject({ webhook_token: newToken });
    expect(current(world)?.['base_version']).toBe(base);
    expect(current(world)).not.toHaveProperty('webhook_signing_token');
    expect(tokensOf(world)).toEqual(times(3, [newToken, undefined]));
  });

  test('called once more after the end changes nothing', async () => {
    const world = hookWorld();
    await rotate(world);
    const before = [...world.hooks.asked];
    expect(await rotate(world)).toEqual(times(4, 'already current'));
    expect(world.hooks.asked).toEqual(before);
  });

  test.each([
    ['plain', { signing: 'unknown' as const }],
    ['signing switched on', {}],
    ['signed', { document: signedDocument }],
    ['with a missing hook', { hooked: [1, 3] }],
  ])(
    '%s: each call refused or its answer lost, then tried again: nobody locked out, one hook each, promoted',
    async (_, setting) => {
      const state = (world: HookWorld) => ({
        current: world.secrets.labelled(name, 'AWSCURRENT'),
        hooks: [...world.hooks.projects.values()].map((hooks) => hooks.length),
        same: hooksOf(world).every(({ token }) => token === current(world)?.['webhook_token']),
        accepted: hooksOf(world).every((hook) => accepted(world, hook)),
        locked: world.locked,
      });
      const { undisturbed, after } = await everyFault<HookWorld>({
        world: () => hookWorld(setting),
        run: rotate,
        state,
      });
      expect(undisturbed).toEqual({ current: 'v1', hooks: [1, 1, 1], same: true, accepted: true, locked: [] });
      expect(after.length).toBeGreaterThan(50);
      for (const [fault, outcome] of after) expect([fault, outcome]).toEqual([fault, undisturbed]);
    },
  );
});

describe('createSecret', () => {
  test('copies every other key, the tokens of the registry too', async () => {
    const others = { registry_token: 'r'.repeat(32), registry_token_next: 'n'.repeat(32), note: { by: 'ops' } };
    const world = hookWorld({ document: { ...signedDocument, ...others, made_at: 'x', base_version: 'y' } });
    await step(world, 'createSecret');
    expect(pending(world)).toEqual({ webhook_token: newToken, webhook_signing_token: newSigning, ...others, ...made });
  });

  test('leaves a value that is there', async () => {
    const world = hookWorld();
    await step(world, 'createSecret');
    const before = pending(world);
    expect(await step(world, 'createSecret')).toBe('there already');
    expect(pending(world)).toEqual(before);
  });

  test('somebody else was faster: his value stays', async () => {
    const world = hookWorld();
    const { fill } = world.versions;
    world.versions.fill = async (secret, version, document) => {
      await fill(secret, version, { ...document, webhook_token: 'f'.repeat(64) });
      return fill(secret, version, document);
    };
    expect(await step(world, 'createSecret')).toBe('there already');
    expect(pending(world)).toMatchObject({ webhook_token: 'f'.repeat(64) });
  });

  test('one hook of which GitLab does not say whether it signs is enough to stay plain', async () => {
    const world = hookWorld();
    const { list } = world.hooks;
    world.hooks.list = async (project) =>
      (await list(project)).map((hook) => (project === 2 ? { ...hook, signing: undefined } : hook));
    expect(await step(world, 'createSecret')).toBe('made, without a signing token');
    expect(pending(world)).not.toHaveProperty('webhook_signing_token');
  });

  test("other people's hooks say nothing about signing, and stay as they are", async () => {
    const world = hookWorld({ hooked: [] });
    world.hooks.add(1, { url: 'https://elsewhere.example.com', token: 'theirs' });
    await rotate(world);
    expect(current(world)).not.toHaveProperty('webhook_signing_token');
    expect(tokensOf(world)).toEqual([['theirs', undefined], ...times(3, [newToken, undefined])]);
  });
});

describe('setSecret', () => {
  test('waits until every door knows the new value, and not longer', async () => {
    const world = hookWorld({ signing: 'unknown' });
    await step(world, 'createSecret');
    world.time.now += 5_000;
    await step(world, 'setSecret');
    expect(world.pauses).toEqual([60_000]);
    await step(world, 'setSecret');
    expect([world.pauses, world.time.now]).toEqual([[60_000], start + 65_000]);
    world.time.now -= 1;
    await step(world, 'setSecret');
    expect(world.pauses).toEqual([60_000, 1]);
  });

  test('a new signing token goes first, beside the old plain token', async () => {
    const world = hookWorld({ hooked: [1] });
    world.targets.targets.splice(1);
    const seen: unknown[] = [];
    const { set } = world.hooks;
    world.hooks.set = async (project, hook, values) => {
      seen.push(values);
      return set(project, hook, values);
    };
    await step(world, 'createSecret');
    await step(world, 'setSecret');
    expect(seen).toEqual([
      { url: hookUrl, token: oldToken, signingToken: newSigning },
      { url: hookUrl, token: newToken, signingToken: newSigning },
    ]);
  });

  test('one of three projects out of reach: nothing is changed anywhere', async () => {
    const world = hookWorld({ signing: 'unknown', hooked: [1, 2] });
    await step(world, 'createSecret');
    world.hooks.projects.delete(2);
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'OutOfReach', facts: { project: 2 } });
    expect(setsOf(world)).toEqual([]);
    expect(pending(world)).toMatchObject({ webhook_token: newToken });
  });

  test('out of reach at createSecret: no value is made', async () => {
    const world = hookWorld();
    world.hooks.projects.delete(3);
    await expect(step(world, 'createSecret')).rejects.toMatchObject({ name: 'OutOfReach' });
    expect(pending(world)).toBeUndefined();
  });

  test('several hooks of ours in one project are all set', async () => {
    const world = hookWorld();
    world.hooks.add(2, { url: hookUrl, token: oldToken });
    await rotate(world);
    expect(tokensOf(world)).toEqual(times(4, [newToken, newSigning]));
  });

  test('a missing hook is made once, also when the answer was lost', async () => {
    const world = hookWorld({ hooked: [] });
    const once = losingAnswers(world.hooks, 'create');
    await step(world, 'createSecret');
    await expect(step({ ...world, hooks: once }, 'setSecret')).rejects.toMatchObject({ name: 'AwsUnavailable' });
    await step({ ...world, hooks: once }, 'setSecret');
    expect(hooksOf(world)).toHaveLength(3);
  });

  test('a new hook tells of what the targets need; images need none, broken documents count as pipelines', async () => {
    const world = hookWorld({ hooked: [] });
    for (const project of [4, 5]) world.hooks.projects.set(project, []);
    const targets = [jobTarget, tagTarget, imageTarget].map((make, index) => make({ project: index + 2 }));
    world.targets.targets.splice(1, 2, ...targets, jobTarget({ project: 1 }));
    world.targets.broken.push({ project: 5, name: 'odd', problems: ['on'] });
    await rotate(world);
    expect(hooksOf(world).map(({ events }) => events)).toEqual([
      { pipeline: true, job: true },
      { pipeline: false, job: true },
      { pipeline: true, job: false },
      { pipeline: true, job: false },
    ]);
    expect(world.hooks.projects.get(4)).toEqual([]);
  });

  test("before there are targets: in the GitLab secret's one project", async () => {
    const world = hookWorld({ hooked: [] });
    world.targets.targets.splice(0);
    const manager = { ...(await world.manager()), project: 2 };
    expect(await rotate({ ...world, manager: () => Promise.resolve(manager) })).toContain('proven by 1 hooks');
    expect(world.hooks.projects.get(2)).toMatchObject([{ token: newToken, events: { pipeline: true, job: false } }]);
  });

  test('no target and no project: refused by a sentence', async () => {
    const world = hookWorld();
    world.targets.targets.splice(0);
    await expect(step(world, 'createSecret')).rejects.toMatchObject({
      name: 'RotationRefused',
      because: 'no project to set a hook in: no target, and no gitlab_project_id',
    });
  });

  test.each([
    ['no value', undefined],
    ['a value that no rotation made', { webhook_token: newToken }],
    ['no token', { made_at: made.made_at }],
    ['a time that is none', { webhook_token: newToken, made_at: 'soon' }],
  ])('%s in AWSPENDING: refused, and never promoted', async (_what, document) => {
    const world = hookWorld();
    if (document !== undefined) await world.versions.fill(name, 'v1', document);
    for (const which of ['setSecret', 'finishSecret'] as const)
      await expect(step(world, which)).rejects.toMatchObject({ name: 'RotationRefused', facts: { version: 'v1' } });
    expect(setsOf(world)).toEqual([]);
    expect(current(world)).toEqual({ webhook_token: oldToken });
  });

  test('somebody else has ended this rotation during the wait: quiet', async () => {
    const world = hookWorld();
    await step(world, 'createSecret');
    world.meanwhile.act = () => void world.secrets.hook.promote(name, 'v1', 'edit-1');
    expect(await step(world, 'setSecret')).toBe('already current');
    expect(setsOf(world)).toEqual([]);
  });

  test('somebody else has given this rotation up during the wait: nothing is set', async () => {
    const world = hookWorld();
    await step(world, 'createSecret');
    world.meanwhile.act = () => void world.secrets.hook.takeOff(name, 'v1');
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'RotationRefused' });
    expect(setsOf(world)).toEqual([]);
  });
});

describe('AWSCURRENT is changed by ops meanwhile', () => {
  const edited = { webhook_token: 'e'.repeat(40), registry_token_next: 'n'.repeat(32) };
  const given = (world: HookWorld) => {
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBeUndefined();
    expect(current(world)).toEqual(edited);
    expect(tokensOf(world).map(([token]) => token)).toEqual(times(3, edited.webhook_token));
  };

  test('during the wait of setSecret: hooks get what AWSCURRENT says, once every door knows it', async () => {
    const world = hookWorld({ document: edited });
    await step(world, 'createSecret');
    world.meanwhile.act = () => world.secrets.edit(name, edited);
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    given(world);
    expect(world.pauses).toEqual([65_000, 65_000, 15_000]);
    expect(world.locked).toEqual([]);
  });

  test('before finishSecret: hooks are put back before AWSPENDING is taken off, and the next rotation is as any', async () => {
    const world = hookWorld({ document: edited });
    for (const which of ['createSecret', 'setSecret', 'testSecret'] as const) await step(world, which);
    world.secrets.edit(name, edited);
    await expect(step(world, 'finishSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    given(world);
    expect(world.locked).toEqual([]);
    world.secrets.begin(name, 'v2');
    await rotate(world, 'v2');
    expect(current(world)).toMatchObject({ base_version: 'edit-2', registry_token_next: edited.registry_token_next });
  });

  test('a signed AWSCURRENT is put back with its signing token', async () => {
    const world = hookWorld({ document: signedDocument });
    for (const which of ['createSecret', 'setSecret'] as const) await step(world, which);
    world.secrets.edit(name, signedDocument);
    await expect(step(world, 'finishSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    expect(tokensOf(world)).toEqual(times(3, [oldToken, oldSigning]));
    expect(world.locked).toEqual([]);
  });

  test('to nothing: there is nothing to put back', async () => {
    const world = hookWorld({ signing: 'unknown' });
    await step(world, 'createSecret');
    world.secrets.edit(name, {});
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    expect(setsOf(world)).toEqual([]);
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBeUndefined();
  });

  test('giving up died half way: the retry does the rest', async () => {
    const world = hookWorld({ document: edited });
    for (const which of ['createSecret', 'setSecret'] as const) await step(world, which);
    world.secrets.edit(name, edited);
    const lost = { ...world, versions: losingAnswers(world.versions, 'value', { skip: 1 }) };
    await expect(step(lost, 'finishSecret')).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBe('v1');
    await expect(step(world, 'createSecret')).resolves.toBe('there already');
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    given(world);
  });

  test('somebody else has given up meanwhile: the hooks stay as the next rotation has them', async () => {
    const world = hookWorld({ document: edited });
    for (const which of ['createSecret', 'setSecret'] as const) await step(world, which);
    const before = tokensOf(world);
    world.secrets.edit(name, edited);
    world.meanwhile.act = () => void world.secrets.hook.takeOff(name, 'v1');
    await expect(step(world, 'finishSecret')).rejects.toMatchObject({ name: 'BaseChanged' });
    expect(tokensOf(world)).toEqual(before);
  });
});

describe('GitLab takes a signing token and does not keep it', () => {
  const stopped = async (world: HookWorld) => {
    await step(world, 'createSecret');
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'SigningUnsupported' });
  };

  test('the plain token is as it was, AWSPENDING is off, and no event was refused', async () => {
    const world = hookWorld({ signing: 'swallowed' });
    await stopped(world);
    expect(tokensOf(world)).toEqual(times(3, [oldToken, undefined]));
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBeUndefined();
    expect(world.journal.record).toEqual({ revision: 1, plainNext: true });
    expect(world.pauses).toEqual([65_000, 15_000]);
    expect(world.locked).toEqual([]);
  });

  test('also when just one of three hooks has lost it', async () => {
    const world = hookWorld();
    const { list } = world.hooks;
    world.hooks.list = async (project) =>
      (await list(project)).map((hook) => (project === 3 ? { ...hook, signing: false } : hook));
    await stopped(world);
    expect(current(world)).toEqual({ webhook_token: oldToken });
    expect(world.locked).toEqual([]);
  });

  test('the next rotation is plain, and the one after it tries once more', async () => {
    const world = hookWorld({ signing: 'swallowed' });
    await stopped(world);
    world.secrets.begin(name, 'v2');
    await rotate(world, 'v2');
    expect(current(world)).not.toHaveProperty('webhook_signing_token');
    expect(world.journal.record).toEqual({ revision: 2 });
    world.hooks.signing = 'kept';
    world.secrets.begin(name, 'v3');
    await rotate(world, 'v3');
    expect(current(world)).toHaveProperty('webhook_signing_token');
    expect(world.locked).toEqual([]);
  });

  test('a journal that others write meanwhile is written all the same; after five times it is given up, with AWSPENDING on', async () => {
    const world = hookWorld({ signing: 'swallowed' });
    const { write } = world.journal;
    let refusals = 4;
    world.journal.write = (record) => (refusals-- > 0 ? Promise.resolve(false) : write(record));
    await step(world, 'createSecret');
    refusals = 5;
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBe('v1');
    refusals = 4;
    await expect(step(world, 'setSecret')).rejects.toMatchObject({ name: 'SigningUnsupported' });
    expect(world.journal.record.plainNext).toBe(true);
  });
});

describe('testSecret', () => {
  test('lets what was sent before arrive, then has every hook of ours tested', async () => {
    const world = hookWorld();
    for (const which of ['createSecret', 'setSecret'] as const) await step(world, which);
    world.pauses.splice(0);
    expect(await step(world, 'testSecret')).toBe('proven by 3 hooks');
    expect(world.pauses).toEqual([15_000]);
    expect(world.hooks.asked.slice(-3)).toEqual(['test 1', 'test 2', 'test 3']);
  });

  test('a hook that is refused proves nothing: raised, and all stays for the next try', async () => {
    const world = hookWorld();
    for (const which of ['createSecret', 'setSecret'] as const) await step(world, which);
    world.hooks.accepts = ({ id }) => id !== 2;
    await expect(step(world, 'testSecret')).rejects.toMatchObject({ name: 'NotProven', facts: { project: 2 } });
    expect(world.secrets.labelled(name, 'AWSPENDING')).toBe('v1');
    expect(current(world)).toEqual({ webhook_token: oldToken });
  });

  test('a version without a value: AWSCURRENT is tested, at once', async () => {
    const world = hookWorld();
    expect(await step(world, 'testSecret')).toBe('proven by 3 hooks');
    expect(world.pauses).toEqual([]);
    world.hooks.accepts = () => false;
    await expect(step(world, 'testSecret')).rejects.toMatchObject({ name: 'NotProven' });
  });

  test.each([
    ['empty', {}],
    ['missing', null],
  ])('AWSCURRENT %s as well: quiet, and GitLab is not asked', async (_what, document) => {
    const world = hookWorld({ document });
    expect(await step(world, 'testSecret')).toBe('not filled yet');
    expect(world.hooks.asked).toEqual([]);
  });
});

test('a signed version that is promoted leaves it to a plain one to try signing once more', async () => {
  const world = hookWorld();
  await step(world, 'createSecret');
  world.journal.record = { revision: 1, plainNext: true };
  await rotate(world);
  expect(world.journal.record).toEqual({ revision: 1, plainNext: true });
});

test('finishSecret beside somebody who was faster does not go on with an older AWSCURRENT', async () => {
  const world = hookWorld();
  for (const which of ['createSecret', 'setSecret', 'testSecret'] as const) await step(world, which);
  const { promote } = world.versions;
  world.versions.promote = async (...args) => {
    world.secrets.edit(name, { webhook_token: 'e'.repeat(40) });
    return promote(...args);
  };
  await expect(step(world, 'finishSecret')).rejects.toMatchObject({ name: 'AwsRefused' });
  expect(current(world)).toEqual({ webhook_token: 'e'.repeat(40) });
});
