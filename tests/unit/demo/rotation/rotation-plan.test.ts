import { rotationPlan, turns } from '../../../../local/demo/rotation/rotation-plan.ts';
import { doings } from '../../../../local/demo/rotation/rotation-steps.ts';
import { rotationSteps } from '../../../../lib/domain/rotation.ts';

test('each step of each turn is in the plan once, and fits into its column', () => {
  const names = rotationPlan.map(({ name }) => name);
  const wanted = turns.flatMap(({ part }) => rotationSteps.map((step) => `${part} ${step}`));
  expect(names).toEqual(expect.arrayContaining(wanted));
  expect(new Set(names).size).toBe(names.length);
  const told = Object.values(doings).flatMap((steps) => Object.values(steps));
  expect(told.filter((does) => does.length > 52)).toEqual([]);
});
