import { plan } from '../../../../local/demo/plan.ts';
import { swapPlan } from '../../../../local/demo/swap/swap-plan.ts';
import { swapName, swapSteps } from '../../../../local/demo/swap/swap-steps.ts';
import { workflowSteps } from '../../../../local/demo/workflow-steps.ts';

const step = (name: string, before: number) => ({
  ...{ before, from: new Date(0) },
  step: workflowSteps.find((one) => one.name === name) ?? { name, does: '', states: [] },
});

/** Every name that a step of the workflow is told by, the first times that it is taken. */
const told = workflowSteps.flatMap(({ name }) => [0, 1, 2].map((before) => swapName(step(name, before))));

test('each step of the plan is told by that name, or comes before the workflow or after it', () => {
  const planned = swapPlan.flatMap(({ name }) => /^[BC] (.+)$/.exec(name)?.[1] ?? []);
  const known = new Set(['Push', 'Hook', 'Rest', ...told]);
  expect(planned.filter((name) => !known.has(name))).toEqual([]);
});

test('each step of a swap that goes well is in the plan, once', () => {
  const names = ['Start green', 'Check green', 'Test green', 'Shift', 'Watch', 'Record success', 'Retire', 'Settle'];
  const taken = names.flatMap((name) => {
    const times = name === 'Shift' || name === 'Watch' ? swapSteps.length : 1;
    return Array.from({ length: times }, (_, before) => `B ${swapName(step(name, before))}`);
  });
  const planned = swapPlan.map(({ name }) => name);
  expect(taken.filter((name) => planned.filter((one) => one === name).length !== 1)).toEqual([]);
});

test('no part is planned twice: what is left is counted from its name', () => {
  for (const parts of [plan, swapPlan]) expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
});

test('steps that are taken for each weight are told by it, others as they are', () => {
  expect(swapName(step('Shift', 1))).toBe('Shift 50 %');
  expect(swapName(step('Watch', 9))).toBe('Watch again');
  expect(swapName(step('Check green', 1))).toBe('Check again');
  expect(swapName(step('Retire', 0))).toBe('Retire');
});
