import type { Call, CallSite } from '../../support/death-matrix/call-site.ts';
import { striker, type Fault } from '../../support/death-matrix/fault.ts';

const site: CallSite = { state: 'Undo', look: 2, service: 'ECS', operation: 'UpdateService', nth: 1 };
const call = (change: Partial<Call> = {}): Call => ({ ...site, execution: 'web-1', done: false, ...change });
const tries = [2, 3, 4, 5, 6].map((look) => call({ look }));
const struckOf = (fault: Fault, calls: readonly Call[]): boolean[] => calls.map(striker({ site, fault }));

test.each([
  ['answer lost', [true, false, false, false, false]],
  ['dies after', [true, false, false, false, false]],
  ['stopped, call late', [true, false, false, false, false]],
  ['throttled', [true, true, true, false, false]],
  ['refused', [true, true, true, true, true]],
  ['dies before', [true, true, true, true, true]],
] as const)('%s: so many tries of the call are struck', (fault, expected) => {
  expect(struckOf(fault, tries)).toEqual(expected);
});

test.each([
  ['an earlier look', { look: 1 }],
  ['another number', { nth: 2 }],
  ['another state', { state: 'Start rollout' }],
  ['another service', { service: 'ECR' }],
  ['another operation', { operation: 'DescribeServices' }],
])('%s is let through', (_what, change) => {
  expect(struckOf('refused', [call(change)])).toEqual([false]);
});

test('other operations and executions are let through once it has begun', () => {
  const others = [call({ operation: 'DescribeServices' }), call({ execution: 'web-1-recover' })];
  expect(struckOf('refused', [call(), ...others])).toEqual([true, false, false]);
});
