import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { clientOptionsOf, type LocalAws } from '../../../local/aws.ts';
import type { ServiceSeeded } from '../../../local/fleet/seeds.ts';
import { idleSeed, retiredBounds } from '../swap-world.ts';
import { idleAnswers, putTestRule, startTestUrl } from '../test-url.ts';
import type { Task } from '../workflow-machine.ts';
import type { Parts } from '../workflow-world.ts';
import type { SwapSetting } from './recorded-run.ts';

/** What a swap needs around it: the other colour, a test rule and its URL, an alarm. */
export interface ColourStage {
  /** of the target, as ops write it */
  strategy: object;
  /** the target groups, the live one first */
  groups: readonly [string, string];
  testRule?: string;
  /** the tasks, before which what the setting says happens */
  tasks: (tasks: Record<string, Task>) => Record<string, Task>;
  /** from now on nothing goes wrong any more */
  calm: () => Promise<void>;
  close: () => Promise<void>;
}

const alarmOf = async (aws: LocalAws, name: string) => {
  const client = new CloudWatchClient(clientOptionsOf(aws));
  const set = (StateValue: 'OK' | 'ALARM') =>
    client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason: 'a test' }));
  const metric = { Namespace: 'matrix', MetricName: 'errors', Statistic: 'Sum', Threshold: 1 } as const;
  const when = { ComparisonOperator: 'GreaterThanThreshold', Period: 60, EvaluationPeriods: 1 } as const;
  await client.send(new PutMetricAlarmCommand({ AlarmName: name, ...metric, ...when }));
  await set('OK');
  return { set };
};

const base = { type: 'blue-green' } as const;

/** The first swap of a service: the idle one is yet to be created. */
const firstStage = ({ service }: Parts): ColourStage => {
  const [live = '', spare = ''] = service.colourGroupArns;
  return {
    strategy: { ...base, listener_rule: service.ruleArn, target_groups: [live, spare], bake_minutes: 0 },
    groups: [live, spare],
    tasks: (tasks) => tasks,
    calm: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
};

const strategyOf = (
  { ruleArn }: ServiceSeeded,
  { groups, alarm, testRule, url }: { groups: readonly [string, string]; alarm: string; testRule: string; url: string },
) => ({
  ...base,
  listener_rule: ruleArn,
  target_groups: groups,
  steps: [{ weight: 10, minutes: 1 }, { weight: 100 }],
  bake_minutes: 1,
  alarms: [alarm],
  test_url: url,
  test_expect: { text: idleAnswers },
  test_listener_rule: testRule,
});

export const colourStage = async (
  aws: LocalAws,
  parts: Parts,
  { name, swap }: { name: string; swap: SwapSetting },
): Promise<ColourStage> => {
  if (swap.idle === 'missing') return firstStage(parts);
  const [live = '', idle = ''] = parts.world.putService(idleSeed({ scaling: retiredBounds })).colourGroupArns;
  const groups = [live, idle] as const;
  const testRule = putTestRule(parts.world, parts.service, groups);
  const [alarm, test] = await Promise.all([alarmOf(aws, name), startTestUrl(parts.world, parts.service)]);
  let goesOff = swap.alarmGoesOff ?? false;
  return {
    strategy: strategyOf(parts.service, { groups, alarm: name, testRule, url: test.url }),
    groups,
    testRule,
    tasks: (tasks) => ({
      ...tasks,
      Watch: async (input: never) => {
        if (goesOff) await alarm.set('ALARM');
        return tasks['Watch']?.(input);
      },
    }),
    calm: async () => {
      goesOff = false;
      await alarm.set('OK');
    },
    close: test.close,
  };
};
