import fc from 'fast-check';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import {
  allGreen,
  begunSwapOf,
  holdSeconds,
  isLastStep,
  isOurs,
  swapRecordOf,
  weightsAt,
  type SwapRecord,
} from '../../../lib/domain/swap.ts';
import {
  blueGreen,
  blueGroup,
  found,
  greenGroup,
  record,
  revisionArn,
  swapFound,
  swapRecord,
} from '../../support/samples.ts';

const steps = [
  { weight: 10, minutes: 5 },
  { weight: 50, minutes: 1 },
  { weight: 100, minutes: 0 },
];
const weights = (blue: number, green: number) => ({ [blueGroup]: blue, [greenGroup]: green });
const swap = (change: Partial<DeploymentRecord> = {}): SwapRecord =>
  swapRecordOf(swapRecord({ found: swapFound(), blueGreen: blueGreen({ steps }), ...change }));

const unexpected = expect.objectContaining({ name: 'Unexpected' }) as Error;

test.each<[string, DeploymentRecord]>([
  ['a rolling deployment', record({ found: swapFound() })],
  ['one that Look has not seen', swapRecord()],
  ['one that Look saw as rolling', swapRecord({ found })],
])('%s is no swap', (_what, one) => {
  expect(() => swapRecordOf(one)).toThrow(unexpected);
});

test('a swap has begun once green’s count is journalled', () => {
  const starting = { revision: revisionArn(8), desired: 2 };
  expect(begunSwapOf(swap({ starting }))).toMatchObject({ starting, deployment: 'web-1' });
  for (const one of [swap(), swap({ starting: { revision: revisionArn(8) } })])
    expect(() => begunSwapOf(one)).toThrow(unexpected);
});

test('a step has its weights: green’s, and the rest for the colour of before', () => {
  const all = [-1, 0, 1, 2].map((step) => weightsAt(swap(), step));
  expect(all).toEqual([weights(100, 0), weights(90, 10), weights(50, 50), weights(0, 100)]);
  expect(allGreen(swap())).toEqual(weights(0, 100));
});

test('before the first step they are as Look found them, whatever their sum', () => {
  expect(weightsAt(swap({ found: swapFound({ weights: weights(7, 0) }) }), -1)).toEqual(weights(7, 0));
});

test('a step stays for its minutes; before the first there is nothing to stay for', () => {
  expect([-1, 0, 1, 2].map((step) => holdSeconds(swap(), step))).toEqual([0, 300, 60, 0]);
  expect([-1, 0, 1, 2].map((step) => isLastStep(swap(), step))).toEqual([false, false, false, true]);
});

test('ours are the weights of a step that may have been written, and those found', () => {
  const ours = (blue: number, green: number) => [-1, 0, 1, 2].map((step) => isOurs(swap(), weights(blue, green), step));
  expect(ours(100, 0)).toEqual([true, true, true, true]);
  expect(ours(90, 10)).toEqual([false, true, true, true]);
  expect(ours(50, 50)).toEqual([false, false, true, true]);
  expect(ours(0, 100)).toEqual([false, false, false, true]);
  expect(ours(1, 0)).toEqual([false, false, false, false]);
});

test('no weights but those of a step, or found, are ever ours', () => {
  const written = [0, 10, 50, 100];
  const any = fc.integer({ min: 0, max: 999 });
  fc.assert(
    fc.property(any, any, fc.integer({ min: -1, max: 5 }), (blue, green, step) => {
      const isStep = written.includes(green) && blue + green === 100;
      if (isOurs(swap(), weights(blue, green), step)) expect(isStep).toBe(true);
    }),
  );
});
