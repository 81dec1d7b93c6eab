import type { ManagerCredentials, ManagerSource } from '../../../lib/ports/vault.ts';
import { keptManager } from '../../../lib/runtime/kept-manager.ts';

const credentials = (token: string): ManagerCredentials => ({
  url: 'https://gitlab.example.com',
  token,
  manager: false,
});

/** Counts how often it is asked; whoever was refused `first` gets `staged`. */
const asking = (fails = 0) => {
  const asked: (string | undefined)[] = [];
  const source: ManagerSource = async (refused) => {
    asked.push(refused?.token);
    if (asked.length <= fails) return Promise.reject(new Error('Secrets Manager'));
    return Promise.resolve(credentials(refused === undefined ? 'first' : 'staged'));
  };
  return { asked, kept: keptManager(source) };
};

test('read once for all, also for those who ask at the same time', async () => {
  const { asked, kept } = asking();
  const found = await Promise.all([kept(), kept()]);
  expect([...found, await kept()].map(({ token }) => token)).toEqual(['first', 'first', 'first']);
  expect(asked).toHaveLength(1);
});

test('after a refusal the staged ones, for all from then on', async () => {
  const { asked, kept } = asking();
  const first = await kept();
  expect((await kept(first)).token).toBe('staged');
  expect((await kept()).token).toBe('staged');
  expect(asked).toEqual([undefined, 'first']);
});

test('a failure is raised, and not kept', async () => {
  const { asked, kept } = asking(1);
  await expect(Promise.all([kept(), kept()])).rejects.toThrow('Secrets Manager');
  expect((await kept()).token).toBe('first');
  expect(asked).toHaveLength(2);
});
