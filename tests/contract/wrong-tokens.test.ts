import { faults, run } from '../soak/wrong-tokens.ts';

test('a stream of wrong tokens at the built function refuses nobody else, and costs one call of Secrets Manager per two seconds', async () => {
  expect(faults(await run(5), 5)).toEqual([]);
}, 60_000);
