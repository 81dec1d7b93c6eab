import { randomInt } from 'node:crypto';
import { faults, run } from '../soak/cuts.ts';

const runs = 100;
const seed = Number(process.env['DRAWBRIDGE_SEED'] ?? randomInt(2 ** 31 - 1));

test(`${runs} copies over the wire, cut and killed anywhere, have every byte or fail by the right name; from seed ${seed}`, async () => {
  expect(faults(await run(runs, seed), runs)).toEqual([]);
}, 120_000);
