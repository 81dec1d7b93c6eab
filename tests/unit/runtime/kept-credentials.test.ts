import { keptCredentials } from '../../../lib/runtime/kept-credentials.ts';
import type { GitlabCredentials } from '../../../lib/ports/vault.ts';

const named = (token: string): GitlabCredentials => ({
  url: 'https://gitlab.example.com',
  token,
  registry: { host: 'registry.example.com', username: 'drawbridge', password: token },
});

/** A secret with these values, and how often it was read; `refused`: whom it was told of. */
const scene = () => {
  const secret = { current: 'one', pending: undefined as string | undefined, reads: 0, refused: [] as string[] };
  let now = 0;
  const source = keptCredentials(
    (refused) => {
      if (refused !== undefined) {
        secret.refused.push(refused.token);
        return Promise.resolve(secret.pending === undefined ? refused : named(secret.pending));
      }
      secret.reads += 1;
      if (secret.current === '') return Promise.reject(new Error('throttled'));
      return Promise.resolve(named(secret.current));
    },
    () => now,
  );
  const pass = (ms: number) => {
    now += ms;
  };
  return { secret, source, pass };
};

test('a thousand questions within a minute read the secret once, side by side too', async () => {
  const { secret, source, pass } = scene();
  await Promise.all(Array.from({ length: 1_000 }, () => source()));
  pass(59_999);
  await source();
  expect(secret.reads).toBe(1);
  pass(1);
  secret.current = 'two';
  expect((await source()).token).toBe('two');
});

test('after a refusal what has replaced them counts at once, read once for all who were refused', async () => {
  const { secret, source } = scene();
  const shown = await source();
  secret.current = 'two';
  const answers = await Promise.all([source(shown), source(shown)]);
  expect([...answers, await source()].map(({ token }) => token)).toEqual(['two', 'two', 'two']);
  expect([secret.reads, secret.refused]).toEqual([2, []]);
});

test('when nothing has, what a rotation has staged is asked for', async () => {
  const { secret, source } = scene();
  const shown = await source();
  secret.pending = 'two';
  expect((await source(shown)).token).toBe('two');
  expect(secret.refused).toEqual(['one']);
});

test('a read that failed is not kept', async () => {
  const { secret, source } = scene();
  secret.current = '';
  await expect(source()).rejects.toThrow('throttled');
  secret.current = 'one';
  expect((await source()).token).toBe('one');
});
