import { run } from '../soak/rotations-at-workers.ts';
import { faults } from '../soak/rotations-judged.ts';

test('a rotation of the hook secret, seen by warm and cold workers of the built function: no authentic hook is refused, no wrong one passes', async () => {
  expect(faults(await run(1))).toEqual([]);
}, 120_000);
