import { writtenWeights } from '../../../../local/demo/swap/written-weights.ts';

const groups = ['arn:blue', 'arn:green'] as const;
const ruleArn = 'arn:rule';

const forward = (blue: number, green: number) => {
  const [one, other] = groups;
  const TargetGroups = [
    { TargetGroupArn: other, Weight: green },
    { TargetGroupArn: one, Weight: blue },
  ];
  return [{ Type: 'authenticate-oidc' }, { Type: 'forward', ForwardConfig: { TargetGroups } }];
};

const call = (caller: string, Actions: object[], more: object = {}) => ({
  ...{ caller, operation: 'ModifyRule', outcome: 'ok' as const },
  input: { RuleArn: ruleArn, Actions },
  ...more,
});

test('each write of the rule that users meet counts, by whomever', () => {
  const calls = [call('shift', forward(90, 10)), call('undo', forward(1, 0)), call('somebody-else', forward(1, 3))];
  expect(writtenWeights(calls, { ruleArn, groups })).toEqual([
    { by: 'shift', green: 10 },
    { by: 'undo', green: 0 },
    { by: 'somebody-else', green: 75 },
  ]);
});

test('nothing else does', () => {
  const actions = forward(90, 10);
  const calls = [
    call('shift', actions, { outcome: 'denied' }),
    call('test-green', actions, { input: { RuleArn: 'arn:test-rule', Actions: actions } }),
    call('watch', actions, { operation: 'DescribeRules' }),
  ];
  expect(writtenWeights(calls, { ruleArn, groups })).toEqual([]);
});
