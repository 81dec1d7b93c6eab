import type { BlueGreen } from '../../lib/domain/blue-green.ts';
import { account, partition, region } from './samples.ts';

/** Plain examples of a target that swaps colours; tests change them where they differ. */
const elbArn = (resource: string): string => `arn:${partition}:elasticloadbalancing:${region}:${account}:${resource}`;

export const groups = {
  blue: elbArn('targetgroup/web-blue/0123456789abcdef'),
  green: elbArn('targetgroup/web-green/fedcba9876543210'),
};
export const listenerArn = elbArn('listener/app/web/1111111111111111/2222222222222222');
export const ruleArn = elbArn('listener-rule/app/web/1111111111111111/2222222222222222/3333333333333333');
export const testRuleArn = elbArn('listener-rule/app/web/1111111111111111/4444444444444444/5555555555555555');

/** What ops write for `blueGreen()`: all else is by default. */
export const blueGreenDocument = {
  type: 'blue-green',
  listener_rule: ruleArn,
  target_groups: [groups.blue, groups.green],
};

export const blueGreen = (change: Partial<BlueGreen> = {}): BlueGreen => ({
  production: { kind: 'rule', arn: ruleArn },
  targetGroups: [groups.blue, groups.green],
  idleService: 'web-green',
  steps: [{ weight: 100, minutes: 5 }],
  alarms: [],
  retire: 'scale-to-zero',
  ...change,
});
