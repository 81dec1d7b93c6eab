import { watchPair } from '../../../../local/demo/swap/pair-watcher.ts';
import type { AlarmState, Sight } from '../../../../local/demo/swap/sight.ts';
import { seen } from './seen-pair.ts';

/** Looks that show these sights one after the other, as if a second lay between them, and the last one for ever. */
const watching = (sights: ((alarm: AlarmState) => Sight)[]) => {
  const told: string[] = [];
  const set: string[] = [];
  let looks = 0;
  const watcher = watchPair({
    speed: 20,
    look: (alarm) => {
      const sight = sights[looks] ?? sights.at(-1) ?? (() => seen(0));
      looks += 1;
      return { ...sight(alarm), at: Date.now() + looks * 1_000 };
    },
    alarm: {
      set: (state) => {
        set.push(state);
        return Promise.resolve();
      },
    },
    told: ({ text }) => told.push(text),
  });
  return { watcher, told, set };
};

test('errors set the alarm off, it is told, and when users are back', async () => {
  const shifted = { weight: 10, requests: 40 };
  const { watcher, told, set } = watching([
    (alarm) => seen(0, { alarm }),
    (alarm) => seen(0, { alarm, green: { ...shifted, failures: 9 } }),
    (alarm) => seen(0, { alarm, green: { ...shifted, requests: 44, failures: 9 } }),
    (alarm) => seen(0, { alarm, green: { requests: 45, failures: 9 } }),
  ]);
  watcher.expect('green', 'CI pushes B');
  await watcher.until('the alarm is quiet again', ({ alarm }) => alarm === 'OK' && set.length === 2);
  await watcher.stop();
  expect(set).toEqual(['ALARM', 'OK']);
  expect(told).toEqual([
    'the first error, from green',
    '10 % to green',
    'alarm ml-errors went off: users got 9 errors',
    '100 % back to blue, in one write',
    expect.stringMatching(/^all users back \d+\.\d s after the alarm$/),
    'alarm ml-errors is quiet again',
  ]);
  expect(watcher.events().map(({ text }) => text)).toEqual(['CI pushes B', ...told]);
  expect(watcher.history().length).toBeGreaterThan(5);
});

test('who waits is told why it could not look', async () => {
  const { watcher } = watching([
    () => {
      throw new Error('the rule is gone');
    },
  ]);
  await expect(watcher.until('nothing', () => false)).rejects.toThrow('the rule is gone');
  await expect(watcher.stop()).rejects.toThrow('the rule is gone');
});
