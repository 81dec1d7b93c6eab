import type { Call } from '../../support/death-matrix/call-site.ts';
import { casesOf, sitesOf } from '../../support/death-matrix/cases.ts';
import { faults } from '../../support/death-matrix/fault.ts';

const call = (state: string, look: number, operation: string, nth = 1, execution = 'web-1'): Call => ({
  execution,
  state,
  look,
  service: 'ECS',
  operation,
  nth,
  done: true,
});

const calls = [
  call('Register', 1, 'ListTaskDefinitions'),
  call('Register', 1, 'RegisterTaskDefinition'),
  call('Register', 1, 'ListTaskDefinitions', 2),
  call('Check rollout', 1, 'DescribeServices'),
  call('Check rollout', 2, 'DescribeServices'),
  call('Check rollout', 3, 'DescribeServices'),
  call('Check rollout', 3, 'ListTasks'),
];

const names = (recorded: readonly Call[]) => {
  const cases = casesOf({ run: 'good', calls: recorded, entered: [] });
  return cases.filter(({ name }) => name.endsWith(': refused')).map(({ name }) => name.replace(': refused', ''));
};

test('each call of the first and of the last look of a state is a site, by its number', () => {
  expect(names(calls)).toEqual([
    'good: Register / ECS.ListTaskDefinitions #1',
    'good: Register / ECS.RegisterTaskDefinition #1',
    'good: Register / ECS.ListTaskDefinitions #2',
    'good: Check rollout / ECS.DescribeServices #1',
    'good: Check rollout, last look / ECS.DescribeServices #1',
    'good: Check rollout, last look / ECS.ListTasks #1',
  ]);
});

test("a site is one whichever execution passes it, and an execution's last look is its own", () => {
  const again = [...calls, call('Check rollout', 1, 'DescribeServices', 1, 'web-1-recover')];
  expect(sitesOf(again)).toEqual(sitesOf(calls));
});

test('each site has a case for each fault, each state one for a stop, all by names of their own', () => {
  const cases = casesOf({ run: 'good', calls, entered: ['Register', 'Check rollout', 'Check rollout'] });
  expect(cases).toHaveLength(6 * faults.length + 2);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  expect(cases).toContainEqual({
    run: 'good',
    name: 'good: Register / ECS.ListTaskDefinitions #2: answer lost',
    site: { state: 'Register', look: 1, service: 'ECS', operation: 'ListTaskDefinitions', nth: 2 },
    fault: 'answer lost',
  });
  expect(cases.slice(-2).map(({ name }) => name)).toEqual(['good: Register: stopped', 'good: Check rollout: stopped']);
});

test('a name chooses its case alone', () => {
  const all = casesOf({ run: 'good', calls, entered: ['Register'] }).map(({ name }) => name);
  for (const name of all) expect(all.filter((other) => new RegExp(name).test(other))).toEqual([name]);
});
