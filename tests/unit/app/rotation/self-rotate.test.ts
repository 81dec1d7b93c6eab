import fc from 'fast-check';
import { withFaults, faults, type Fault } from '../../../support/gitlab-rotation-faults.ts';
import {
  day,
  firstDocument,
  gitlabWorld,
  minute,
  nameOf,
  rotate,
  second,
  secret,
  step,
  tend,
  type GitlabWorld,
} from '../../../support/gitlab-rotation-world.ts';
import { noAnswer } from '../../../support/memory-gitlab-tokens.ts';

const selfWorld = (): GitlabWorld => {
  const world = gitlabWorld(firstDocument({ rotate_gitlab_token: 'self' }));
  world.ports.manager = async () => Promise.resolve({ url: '', token: 'of-a-person', manager: false });
  return world;
};
const begun = (): GitlabWorld => {
  const world = selfWorld();
  world.secrets.begin(secret, 'v1');
  return world;
};
const token = ({ secrets }: GitlabWorld, label: 'AWSCURRENT' | 'AWSPENDING') =>
  secrets.valueOf(secret, label)?.['gitlab_token'];
const attempt = async ({ ports }: GitlabWorld) => (await ports.journal.read()).attempt;

/** The next call of self/rotate is done or not, and its answer never comes. */
const losing = (world: GitlabWorld, isDone: boolean): void => {
  const { rotateSelf } = world.tokens;
  world.tokens.rotateSelf = async (...args) => {
    world.tokens.rotateSelf = rotateSelf;
    if (isDone) await rotateSelf(...args);
    throw noAnswer();
  };
};

test('replaces the token by itself, sends the date, and closes its attempt', async () => {
  const world = selfWorld();
  expect((await rotate(world))[0]).toBe('gitlab_token replaced itself');
  const [old, made] = world.tokens.held;
  expect(old?.revoked).toBe(true);
  expect(made).toMatchObject({ expiresAt: '2027-01-30', name: 'of a person' });
  expect(world.secrets.valueOf(secret, 'AWSCURRENT')).toEqual({
    ...firstDocument({ rotate_gitlab_token: 'self', gitlab_token: made?.value ?? '', gitlab_token_id: made?.id ?? 0 }),
    ...{ made_at: '2026-12-01T12:00:00.000Z', base_version: 'edit-1' },
  });
  expect(await attempt(world)).toBeUndefined();
  expect(await rotate(world, 'v2')).toContain('promoted');
});

test('journals the attempt before the call', async () => {
  const world = begun();
  let seen: unknown;
  world.tokens.rotateSelf = async () => {
    seen = await attempt(world);
    throw noAnswer();
  };
  expect(await nameOf(step(world, 'createSecret'))).toBe('GitLabUnavailable');
  expect(seen).toEqual({ base: 'edit-1', at: '2026-12-01T12:00:00.000Z' });
  expect(await attempt(world)).toEqual(seen);
});

test('does nothing more when another invocation has filled the version since it looked', async () => {
  const world = begun();
  const { self } = world.tokens;
  let isBeside = false;
  world.tokens.self = async (value) => {
    if (!isBeside) {
      isBeside = true;
      await step(world, 'createSecret');
    }
    return self(value);
  };
  expect(await step(world, 'createSecret')).toBe('there already');
  expect(world.tokens.held).toHaveLength(2);
});

test('of a dead token without an attempt is TokenDead', async () => {
  const world = begun();
  world.tokens.held.forEach((held) => (held.revoked = true));
  expect(await nameOf(step(world, 'createSecret'))).toBe('TokenDead');
  expect(world.tokens.reuses).toBe(0);
});

test('a call that was never done is made again after two answers "alive", a minute apart and after its time-out', async () => {
  const world = begun();
  losing(world, false);
  expect(await nameOf(step(world, 'createSecret'))).toBe('GitLabUnavailable');
  const from = world.time.now;
  expect(await step(world, 'createSecret')).toBe('gitlab_token replaced itself');
  expect(world.time.now - from).toBe(90 * second + 1);
  expect(world.tokens.reuses).toBe(0);
});

test('a call that was done and whose answer was lost is TokenLost, once no invocation can hold the new one', async () => {
  const world = begun();
  losing(world, true);
  expect(await nameOf(step(world, 'createSecret'))).toBe('GitLabUnavailable');
  const from = world.time.now;
  expect(await nameOf(step(world, 'createSecret'))).toBe('RotationRefused');
  expect(await nameOf(step(world, 'createSecret'))).toBe('TokenLost');
  expect(world.time.now - from).toBe(180 * second);
  expect(await nameOf(step(world, 'createSecret'))).toBe('TokenLost');
  expect(world.tokens.reuses).toBe(0);
});

test("after TokenLost a person's new token in AWSCURRENT is enough", async () => {
  const world = begun();
  losing(world, true);
  await nameOf(step(world, 'createSecret'));
  world.time.now += 4 * minute;
  expect(await nameOf(step(world, 'createSecret'))).toBe('TokenLost');
  world.tokens.add({ value: 'of-a-person-again', owner: undefined });
  world.secrets.edit(secret, firstDocument({ rotate_gitlab_token: 'self', gitlab_token: 'of-a-person-again' }));
  expect((await rotate(world)).at(-1)).toBe('promoted');
  expect(await attempt(world)).toBeUndefined();
});

test('what Secrets Manager does not take is tried again while there is time', async () => {
  const world = begun();
  let tries = 0;
  const { fill } = world.secrets.gitlab;
  const later = async (...args: Parameters<typeof fill>) => {
    tries += 1;
    return tries < 20 ? Promise.reject(new TypeError('not now')) : fill(...args);
  };
  world.ports.versions = { ...world.secrets.gitlab, fill: later };
  expect(await step(world, 'createSecret')).toBe('gitlab_token replaced itself');
  expect(tries).toBe(20);
});

test('what Secrets Manager never takes ends in time, and is then lost', async () => {
  const world = begun();
  const versions = { ...world.secrets.gitlab, fill: async () => Promise.reject(new TypeError('not now')) };
  expect(await nameOf(step(world, 'createSecret', 'v1', { ...world.ports, versions }))).toBe('TypeError');
  expect(world.ports.remaining()).toBe(4 * second);
  world.time.now += minute;
  expect(await nameOf(step(world, 'createSecret'))).toBe('TokenLost');
});

test('with too little time nothing is begun', async () => {
  const world = begun();
  expect(await nameOf(step(world, 'createSecret', 'v1', { ...world.ports, remaining: () => 60 * second }))).toBe(
    'RotationRefused',
  );
  expect(await attempt(world)).toBeUndefined();
  expect(world.tokens.alive('of-a-person')).toBe(true);
});

test('without the journal nothing is begun: somebody else wrote it', async () => {
  const world = begun();
  const journal = { ...world.ports.journal, write: async () => Promise.resolve(false) };
  expect(await nameOf(step(world, 'createSecret', 'v1', { ...world.ports, journal }))).toBe('RotationRefused');
  expect(world.tokens.alive('of-a-person')).toBe(true);
});

test('an attempt that took too long to be journalled is not made', async () => {
  const world = begun();
  const slow: GitlabWorld['ports']['journal'] = {
    ...world.ports.journal,
    write: async (record) => {
      world.time.now += 10 * second;
      return world.ports.journal.write(record);
    },
  };
  expect(await nameOf(step(world, 'createSecret', 'v1', { ...world.ports, journal: slow }))).toBe('RotationRefused');
  expect(world.tokens.alive('of-a-person')).toBe(true);
  expect(await step(world, 'createSecret')).toBe('gitlab_token replaced itself');
});

test('an attempt that was left open beside a kept token is closed by the next try', async () => {
  const world = begun();
  const { write } = world.ports.journal;
  let writes = 0;
  const journal: GitlabWorld['ports']['journal'] = {
    ...world.ports.journal,
    write: async (record) => ((writes += 1), writes === 2 ? Promise.reject(noAnswer()) : write(record)),
  };
  expect(await nameOf(step(world, 'createSecret', 'v1', { ...world.ports, journal }))).toBe('GitLabUnavailable');
  expect(await attempt(world)).toBeDefined();
  expect(await step(world, 'createSecret')).toBe('there already');
  expect(await attempt(world)).toBeUndefined();
});

test('closing goes on when somebody else wrote the journal meanwhile', async () => {
  const world = begun();
  let others = 3;
  const journal: GitlabWorld['ports']['journal'] = {
    ...world.ports.journal,
    write: async (record) => {
      if (record.attempt === undefined && others > 0) {
        others -= 1;
        await world.ports.journal.write({ ...(await world.ports.journal.read()), startedAt: String(others) });
      }
      return world.ports.journal.write(record);
    },
  };
  await step(world, 'createSecret', 'v1', { ...world.ports, journal });
  expect(await world.ports.journal.read()).toEqual({ revision: 5, startedAt: '0' });
});

test('ops change the secret before the call: nothing is done, and the next try takes their change along', async () => {
  const world = begun();
  const { self } = world.tokens;
  world.tokens.self = async (value) => {
    world.tokens.self = self;
    world.secrets.edit(secret, firstDocument({ rotate_gitlab_token: 'self', other: 'new' }));
    return self(value);
  };
  expect(await nameOf(step(world, 'createSecret'))).toBe('RotationRefused');
  expect([world.tokens.alive('of-a-person'), await attempt(world)]).toEqual([true, undefined]);
  expect((await rotate(world)).at(-1)).toBe('promoted');
  expect(world.secrets.valueOf(secret, 'AWSCURRENT')).toMatchObject({ other: 'new', base_version: 'edit-2' });
});

test('ops change the secret and keep the token, which is dead by then: AWSPENDING, the only one alive, is left', async () => {
  const world = begun();
  await step(world, 'createSecret');
  world.secrets.edit(secret, firstDocument({ rotate_gitlab_token: 'self', other: 'new' }));
  expect(await nameOf(step(world, 'testSecret'))).toBe('BaseChanged');
  expect(world.tokens.alive(token(world, 'AWSPENDING'))).toBe(true);
});

/** Which of the calls in turn go wrong, by their number over all invocations. */
const mishaps = fc.array(fc.tuple(fc.nat({ max: 12 }), fc.constantFrom<Fault>(...faults)), {
  minLength: 1,
  maxLength: 4,
});

/** Plays createSecret with faults until it went well or says that a person is needed. */
const insist = async (world: GitlabWorld, plan: readonly (readonly [number, Fault])[], pauses: readonly number[]) => {
  for (const [nth, after] of pauses.entries()) {
    const faultsNow = plan[nth];
    const { ports } = withFaults(world.ports, (_, call) => (faultsNow?.[0] === call ? faultsNow[1] : undefined));
    const name = await nameOf(step(world, 'createSecret', 'v1', ports));
    if (name === undefined || name === 'TokenLost' || name === 'TokenDead') return name;
    world.time.now += after * second;
  }
  return 'never ended';
};

test('whatever fails, self/rotate is never asked with a dead token, and TokenLost is said only of a token that is lost', async () => {
  const ends = new Set<string | undefined>();
  await fc.assert(
    fc.asyncProperty(
      mishaps,
      fc.array(fc.nat({ max: 300 }), { minLength: 12, maxLength: 12 }),
      async (plan, pauses) => {
        const world = begun();
        const end = await insist(world, plan, pauses);
        ends.add(end);
        expect(world.tokens.reuses).toBe(0);
        expect(end).not.toBe('never ended');
        expect(end).not.toBe('TokenDead');
        const isKept = world.tokens.alive(token(world, 'AWSCURRENT')) || world.tokens.alive(token(world, 'AWSPENDING'));
        expect(isKept).toBe(end === undefined);
        if (end === 'TokenLost') expect(await attempt(world)).toBeDefined();
      },
    ),
    { numRuns: 500 },
  );
  expect([...ends].sort()).toEqual(['TokenLost', undefined]);
});

/** GitLab does a call within a minute or not at all, and its answer is waited for half a minute. */
const bounded = (world: GitlabWorld, scheduler: fc.Scheduler, lost: { is: boolean }) => {
  const { rotateSelf } = world.tokens;
  return async (...args: Parameters<typeof rotateSelf>) => {
    const asked = world.time.now;
    await scheduler.schedule(Promise.resolve(), 'rotateSelf');
    const passed = world.time.now - asked;
    if (passed >= 60 * second) throw noAnswer();
    const answer = await rotateSelf(...args);
    if (passed < 30 * second) return answer;
    lost.is = true;
    throw noAnswer();
  };
};

const woven = (world: GitlabWorld, scheduler: fc.Scheduler, lost: { is: boolean }): GitlabWorld['ports'] => {
  const { ports } = world;
  const { read, write } = ports.journal;
  const { value, fill } = ports.versions;
  return {
    ...ports,
    tokens: {
      ...ports.tokens,
      self: scheduler.scheduleFunction(ports.tokens.self),
      rotateSelf: bounded(world, scheduler, lost),
    },
    journal: { read: scheduler.scheduleFunction(read), write: scheduler.scheduleFunction(write) },
    versions: { ...ports.versions, value: scheduler.scheduleFunction(value), fill: scheduler.scheduleFunction(fill) },
  };
};

test('however invocations run beside each other, a dead token is never shown, and TokenLost is only said of a lost one', async () => {
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 3 }), async (scheduler, count) => {
      const world = begun();
      const lost = { is: false };
      const all = Array.from({ length: count }, async () =>
        nameOf(step(world, 'createSecret', 'v1', woven(world, scheduler, lost))),
      );
      const names = await scheduler.waitFor(Promise.all(all));
      expect(names).not.toContain('TokenDead');
      if (!lost.is) expect(names).not.toContain('TokenLost');
      const end = await insist(
        world,
        [],
        Array.from({ length: 12 }, () => 100),
      );
      expect(end).toBe(lost.is ? 'TokenLost' : undefined);
      expect(world.tokens.alive(token(world, 'AWSPENDING'))).toBe(!lost.is);
      expect(world.tokens.reuses).toBe(0);
      if (!lost.is) kept += 1;
    }),
    { numRuns: 500 },
  );
  expect(kept).toBeGreaterThan(100);
});

test('tending revokes nothing and begins a rotation when few days are left', async () => {
  const world = selfWorld();
  await rotate(world);
  world.time.now += 46 * day;
  expect(await tend(world)).toEqual({ revoked: 0, foreign: 0, started: true, daysLeft: { gitlab_token: 13 } });
});
