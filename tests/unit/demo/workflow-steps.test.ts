import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plan } from '../../../local/demo/plan.ts';
import { stepsTaken, workflowSteps } from '../../../local/demo/workflow-steps.ts';

const file = join(import.meta.dirname, '..', '..', '..', 'lib', 'workflows', 'deploy.asl.json');
const { States: states } = JSON.parse(readFileSync(file, 'utf8')) as { States: Record<string, unknown> };

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

test('each state of the workflow is shown in exactly one step', () => {
  expect(workflowSteps.flatMap((step) => step.states).sort()).toEqual(Object.keys(states).sort());
});

test('each step of the plan is one of the workflow, or what comes before it', () => {
  const planned = plan.flatMap(({ name }) => /^[BC] (.+?)(?: again)?$/.exec(name)?.[1] ?? []);
  const known = ['Push', 'Hook', ...workflowSteps.map(({ name }) => name)];
  expect(planned.filter((name) => !known.includes(name))).toEqual([]);
  expect(planned).toContain('Check rollout');
});

test('a loop of states is one step, from its first state to the next step', () => {
  const names = ['Start rollout', 'Wait for rollout', 'Check rollout', 'Rolled out?', 'Wait for rollout', 'Settle'];
  const entered = names.map((state, index) => ({ state, at: at(index) }));
  expect(stepsTaken({ entered, stoppedAt: at(9) })).toMatchObject([
    { step: { name: 'Start rollout' }, from: at(0), to: at(1) },
    { step: { name: 'Check rollout' }, from: at(1), to: at(5) },
    { step: { name: 'Settle' }, from: at(5), to: at(9) },
  ]);
});

test('the last step of a running execution has no end', () => {
  expect(stepsTaken({ entered: [{ state: 'Confirm', at: at(0) }] })).toEqual([
    { step: expect.objectContaining({ name: 'Confirm' }) as object, before: 0, from: at(0) },
  ]);
});

test('a step that is taken again, after another, is another one', () => {
  const entered = ['Look', 'Copy image', 'Look', 'Register'].map((state, index) => ({ state, at: at(index) }));
  const taken = stepsTaken({ entered }).map(({ step, before }) => [step.name, before]);
  expect(taken).toEqual([
    ['Look', 0],
    ['Copy image', 0],
    ['Look', 1],
    ['Register', 0],
  ]);
});
