import { secretCache } from '../../../lib/runtime/secret-cache.ts';
import { gitlabHook } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { memoryHookSecrets } from '../../support/memory-ports.ts';

const old = { webhookToken: 'o'.repeat(40) };
const young = { webhookToken: 'y'.repeat(40) };
const wrong = 'w'.repeat(40);
const minute = 60_000;
const unavailable = { name: 'AwsUnavailable' };

/** `perFetch`: calls that one fetch makes; a pair of versions, unless they are tried again. */
const world = (perFetch = 2) => {
  const time = { now: 0 };
  const vault = memoryHookSecrets(old);
  const calls = () => vault.asked * perFetch;
  return { time, vault, calls, cache: secretCache(vault, { maxAge: minute, now: () => time.now, calls }) };
};

/** A minute of hooks with wrong tokens, a hundred a second, and of what `beside` does each 200 ms; by a virtual clock. */
const minuteOfWrongTokens = async (it: ReturnType<typeof world>, beside: (arrives: Arrives) => Promise<void>) => {
  const verify = gitlabHook(it.cache, () => new Date(it.time.now));
  const arrives: Arrives = (token) =>
    verify({ headers: { 'x-gitlab-token': token }, body: Buffer.from('{}') }).then(
      () => 'accepted',
      (error: unknown) => (error as Error).name,
    );
  const answers = new Set<string>();
  for (it.time.now = 0; it.time.now < minute; it.time.now += 10) {
    answers.add(await arrives(wrong));
    if (it.time.now % 200 === 0) await beside(arrives);
  }
  return [...answers];
};
type Arrives = (token: string) => Promise<string>;

describe('cached', () => {
  test('asks once, and again when a minute has passed', async () => {
    const { time, vault, cache } = world();
    expect(await cache.cached()).toEqual([old]);
    time.now = minute - 1;
    await cache.cached();
    expect(vault.asked).toBe(1);
    vault.versions = [young];
    time.now = minute;
    expect(await cache.cached()).toEqual([young]);
  });

  test('a hundred hooks at once are one question', async () => {
    const { vault, cache } = world();
    await Promise.all(Array.from({ length: 100 }, () => cache.cached()));
    expect(vault.asked).toBe(1);
  });
});

test('a value that was long on its way serves for a minute from when it was asked for', async () => {
  const { promise, resolve } = Promise.withResolvers<(typeof old)[]>();
  const state = { now: 0, asked: 0 };
  const vault = { hookSecrets: () => ((state.asked += 1), promise) };
  const cache = secretCache(vault, { maxAge: minute, now: () => state.now, calls: () => 0 });
  const first = cache.cached();
  state.now = 7_000;
  resolve([old]);
  await first;
  state.now = minute - 1;
  await cache.cached();
  expect(state.asked).toBe(1);
  state.now = minute;
  await cache.cached();
  expect(state.asked).toBe(2);
});

describe('fresh', () => {
  test('sees a change four seconds after the last pair of calls', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.versions = [old, young];
    time.now = 3_999;
    expect(await cache.fresh()).toEqual([old]);
    time.now = 4_000;
    expect(await cache.fresh()).toEqual([old, young]);
    expect(await cache.cached()).toEqual([old, young]);
  });

  test('a hundred at once are one question', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    time.now = 5_000;
    await Promise.all(Array.from({ length: 100 }, () => cache.fresh()));
    expect(vault.asked).toBe(2);
  });

  test('one that is under way for long is waited for, however few calls it has made yet', async () => {
    const { promise, resolve } = Promise.withResolvers<(typeof old)[]>();
    const state = { now: 0, asked: 0 };
    const vault = { hookSecrets: () => ((state.asked += 1), promise) };
    const cache = secretCache(vault, { maxAge: minute, now: () => state.now, calls: () => 0 });
    const first = cache.fresh();
    state.now = 10_000;
    const second = cache.fresh();
    resolve([old]);
    expect([await first, await second, state.asked]).toEqual([[old], [old], 1]);
  });

  test('calls that are still made after the fetch has failed are waited out as well', async () => {
    const vault = memoryHookSecrets(old);
    const state = { now: 0, calls: 0 };
    const cache = secretCache(vault, { maxAge: minute, now: () => state.now, calls: () => state.calls });
    vault.down = true;
    await expect(cache.fresh()).rejects.toMatchObject(unavailable);
    state.calls = 4;
    vault.down = false;
    state.now = 7_999;
    await expect(cache.fresh()).rejects.toMatchObject(unavailable);
    state.now = 8_000;
    expect(await cache.fresh()).toEqual([old]);
  });
});

describe('a minute of wrong tokens, a hundred a second', () => {
  test('is 30 calls of Secrets Manager, and no authentic hook is refused', async () => {
    const it = world();
    const authentic: string[] = [];
    const answers = await minuteOfWrongTokens(it, async (arrives) => {
      authentic.push(await arrives(old.webhookToken));
    });
    expect(answers).toEqual(['Rejection']);
    expect(it.calls()).toBe(30);
    expect(authentic).toEqual(Array.from({ length: 300 }, () => 'accepted'));
  });

  test('a token that is changed meanwhile is refused for less than four seconds, and its predecessor then', async () => {
    const it = world();
    const [refused, late]: [number[], number[]] = [[], []];
    const changed = 30_200;
    await minuteOfWrongTokens(it, async (arrives) => {
      if (it.time.now < changed) return;
      it.vault.versions = [young];
      if ((await arrives(young.webhookToken)) !== 'accepted') refused.push(it.time.now);
      if ((await arrives(old.webhookToken)) === 'accepted') late.push(it.time.now);
    });
    expect([refused[0], refused.at(-1)]).toEqual([changed, 31_800]);
    expect(late).toEqual(refused);
    expect(it.calls()).toBe(30);
  });

  test('a token that was pending before is never refused', async () => {
    const it = world();
    it.vault.versions = [old, young];
    const answers = new Set<string>();
    await minuteOfWrongTokens(it, async (arrives) => {
      if (it.time.now === 30_000) it.vault.versions = [young];
      answers.add(await arrives(young.webhookToken));
    });
    expect([...answers]).toEqual(['accepted']);
  });

  test.each([2, 6])(
    'while nothing can be read, %p calls a try: no more calls, and nobody is refused',
    async (perFetch) => {
      const it = world(perFetch);
      it.vault.down = true;
      const authentic = new Set<string>();
      const answers = await minuteOfWrongTokens(it, async (arrives) => {
        authentic.add(await arrives(old.webhookToken));
      });
      expect([...answers, ...authentic]).toEqual(['AwsUnavailable', 'AwsUnavailable']);
      expect(it.calls()).toBe(30);
    },
  );
});

describe('while Secrets Manager fails', () => {
  test('nothing is served before there was anything', async () => {
    const { vault, cache } = world();
    vault.down = true;
    await expect(cache.cached()).rejects.toMatchObject(unavailable);
    await expect(cache.fresh()).rejects.toMatchObject(unavailable);
  });

  test('a hundred first hooks at once are one question, and all hear the same', async () => {
    const { vault, cache } = world();
    vault.down = true;
    const settled = await Promise.allSettled(Array.from({ length: 100 }, () => cache.cached()));
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(100);
    expect(vault.asked).toBe(1);
  });

  test('the first hook after the quiet is served, when it answers again', async () => {
    const { time, vault, cache } = world();
    vault.down = true;
    await expect(cache.cached()).rejects.toMatchObject(unavailable);
    vault.down = false;
    time.now = 3_999;
    await expect(cache.cached()).rejects.toMatchObject(unavailable);
    time.now = 4_000;
    expect(await cache.cached()).toEqual([old]);
  });

  test('what is known serves for ten minutes, and no longer', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    time.now = 10 * minute - 1;
    expect(await cache.cached()).toEqual([old]);
    time.now += 1;
    await expect(cache.cached()).rejects.toMatchObject(unavailable);
    time.now += 4_000;
    await expect(cache.cached()).rejects.toMatchObject(unavailable);
    expect(vault.asked).toBe(3);
  });

  test('it is asked at most every four seconds, also once nothing serves any more', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    for (time.now = minute; time.now < minute + 20_000; time.now += 100) await cache.cached();
    expect(vault.asked).toBe(6);
    for (time.now = 11 * minute; time.now < 11 * minute + 20_000; time.now += 100)
      await expect(cache.cached()).rejects.toMatchObject(unavailable);
    expect(vault.asked).toBe(11);
  });

  test('and once it answers again, all is as before', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    time.now = minute;
    await cache.cached();
    vault.down = false;
    vault.versions = [young];
    time.now += 4_000;
    expect(await cache.cached()).toEqual([young]);
  });
});
