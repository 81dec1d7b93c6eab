import { deployment, worldParts, type Part } from '../plan.ts';
import { swapSteps } from './swap-steps.ts';

const greenUp: Part[] = [
  { name: 'Start green', usual: 0.3 },
  { name: 'Check green', usual: 3.5 },
  { name: 'Test green', usual: 3.5 },
  { name: 'Check again', usual: 0.2 },
];

/** Real seconds that a step's weights stay: what its minutes of world time are, and the looks. */
const watched = ([first, second, last]: [number, number, number]): Part[] =>
  [first, second, last].flatMap((usual, step) => [
    { name: `Shift ${swapSteps[step]?.weight ?? 0} %`, usual: 0.2 },
    { name: `Watch ${swapSteps[step]?.weight ?? 0} %`, usual },
  ]);

/** What `npm run demo -- blue-green` goes through. */
export const swapPlan: readonly Part[] = [
  ...worldParts,
  ...deployment('B', { push: 1.5, copy: 2.5 }, [
    ...greenUp,
    ...watched([7, 4, 4]),
    { name: 'Record success', usual: 0.3 },
    { name: 'Retire', usual: 0.3 },
    { name: 'Settle', usual: 0.2 },
  ]),
  { name: 'B Rest', usual: 2 },
  ...deployment('C', { push: 1, copy: 1 }, [
    ...greenUp,
    ...watched([3, 0, 0]).slice(0, 2),
    { name: 'Undo', usual: 4 },
    { name: 'Settle', usual: 0.2 },
  ]),
  { name: 'C Rest', usual: 2 },
  { name: 'Verdict', usual: 1 },
];
