import { secretCache } from '../../../lib/runtime/secret-cache.ts';
import { memoryHookSecrets } from '../../support/memory-ports.ts';

const old = { webhookToken: 'o'.repeat(40) };
const young = { webhookToken: 'y'.repeat(40) };
const minute = 60_000;

const world = () => {
  const time = { now: 0 };
  const vault = memoryHookSecrets(old);
  return { time, vault, cache: secretCache(vault, minute, () => time.now) };
};

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

describe('fresh', () => {
  test('asks at most every two seconds: wrong tokens are no stream of calls', async () => {
    const { time, vault, cache } = world();
    for (time.now = 0; time.now < 10_000; time.now += 100) {
      await cache.cached();
      await cache.fresh();
    }
    expect(vault.asked).toBe(5);
  });

  test('sees a change two seconds after the last question', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.versions = [old, young];
    time.now = 1_999;
    expect(await cache.fresh()).toEqual([old]);
    time.now = 2_000;
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
});

describe('while Secrets Manager fails', () => {
  test('nothing is served before there was anything', async () => {
    const { vault, cache } = world();
    vault.down = true;
    await expect(cache.cached()).rejects.toMatchObject({ name: 'AwsUnavailable' });
    await expect(cache.fresh()).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('what is known serves for ten minutes, and no longer', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    time.now = 10 * minute - 1;
    expect(await cache.cached()).toEqual([old]);
    time.now += 2_000;
    await expect(cache.cached()).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('and no longer also between two questions', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    time.now = 10 * minute;
    await expect(cache.cached()).rejects.toMatchObject({ name: 'AwsUnavailable' });
    time.now += 1_000;
    await expect(cache.cached()).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });

  test('it is asked at most every two seconds', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    for (time.now = minute; time.now < minute + 10_000; time.now += 100) await cache.cached();
    expect(vault.asked).toBe(6);
  });

  test('and once it answers again, all is as before', async () => {
    const { time, vault, cache } = world();
    await cache.cached();
    vault.down = true;
    time.now = minute;
    await cache.cached();
    vault.down = false;
    vault.versions = [young];
    time.now += 2_000;
    expect(await cache.cached()).toEqual([young]);
  });
});
