import { fits, refusedBy, type PolicyStatement } from '../../record/iam-policy.ts';

const service = 'arn:aws:ecs:us-gov-west-1:123456789012:service/c/one';
const other = 'arn:aws:ecs:us-gov-west-1:123456789012:service/c/other';
const allow = (more: Partial<PolicyStatement>): PolicyStatement => ({
  Effect: 'Allow',
  Action: 'ecs:UpdateService',
  Resource: service,
  ...more,
});
const asks = (action: string, resources: string[], conditions: Record<string, string> = {}) => ({
  action,
  resources,
  conditions,
});
const update = (...resources: string[]) => asks('ecs:UpdateService', resources);

test.each([
  ['secret:drawbridge/dev/hook-AbCdEf', 'secret:drawbridge/dev/hook-??????', true],
  ['secret:drawbridge/dev/hook-AbCdE', 'secret:drawbridge/dev/hook-??????', false],
  ['secret:drawbridge/dev/hook-other-AbCdEf', 'secret:drawbridge/dev/hook-??????', false],
  ['service/c/one', 'service/*', true],
  ['service/c/one', 'service/c.one', false],
  ['service/c/one', 'service/c', false],
])('%s against %s: %s', (value, wanted, expected) => {
  expect(fits(value, wanted)).toBe(expected);
});

test('each resource must be allowed, and those that are not are named', () => {
  expect(refusedBy([allow({})], update(service))).toEqual([]);
  expect(refusedBy([allow({})], update(service, other))).toEqual([other]);
  expect(refusedBy([allow({}), allow({ Resource: [other] })], update(service, other))).toEqual([]);
  expect(refusedBy([], update(service))).toEqual([service]);
});

test('the action must be the one, in whatever case', () => {
  expect(refusedBy([allow({})], asks('ecs:DeleteService', [service]))).toEqual([service]);
  expect(refusedBy([allow({ Action: ['ecs:x', 'ecs:updateservice'] })], update(service))).toEqual([]);
});

test('an action without resource is allowed on * only', () => {
  expect(refusedBy([allow({})], update('*'))).toEqual(['*']);
  expect(refusedBy([allow({ Resource: '*' })], update('*'))).toEqual([]);
});

test('a deny outweighs what allows', () => {
  expect(refusedBy([allow({}), allow({ Effect: 'Deny', Resource: '*' })], update(service))).toEqual([service]);
});

test.each([
  [{ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }, true],
  [{ StringEquals: { 'iam:PassedToService': 'ecs.amazonaws.com' } }, false],
  [{ StringEquals: { 'iam:PassedToService': 'ecs*' } }, false],
  [{ StringLike: { 'iam:PassedToService': ['lambda*', 'ecs*'] } }, true],
  [{ StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } }, false],
  [{ ArnLike: { 'ecs:cluster': 'arn:*:ecs:*:123456789012:cluster/c*' } }, true],
  [{ ArnLike: { 'ecs:cluster': 'arn:*:cluster/c*' } }, false],
  [{ ArnEquals: { 'ecs:cluster': 'arn:aws:ecs:us-gov-west-1:123456789012:cluster/b' } }, false],
])('under the condition %j: %s', (Condition, allowed) => {
  const conditions = {
    'iam:PassedToService': 'ecs-tasks.amazonaws.com',
    'ecs:cluster': 'arn:aws:ecs:us-gov-west-1:123456789012:cluster/c',
  };
  const asked = asks('ecs:UpdateService', [service], conditions);
  expect(refusedBy([allow({ Condition })], asked)).toEqual(allowed ? [] : [service]);
});

test('an operator that is not judged here is an error, not an allowance', () => {
  const unknown = allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } });
  expect(() => refusedBy([unknown], update(service))).toThrow('Bool');
});
