import {
  CloudWatchClient,
  PutCompositeAlarmCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { cloudwatchAlarms } from '../../lib/adapters/aws/cloudwatch-alarms.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';

/** Alarms against an AWS that we did not write. What it cannot do, canned answers show at the unit level. */

let aws: LocalAws;
let client: CloudWatchClient;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  client = new CloudWatchClient(clientOptionsOf(aws));
}, 60_000);

afterAll(async () => {
  client.destroy();
  await aws.close();
});

const putMetricAlarm = (AlarmName: string, more: Partial<PutMetricAlarmCommandInput> = {}) =>
  client.send(
    new PutMetricAlarmCommand({
      AlarmName,
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      ...more,
    }),
  );

const setState = (AlarmName: string, StateValue: 'OK' | 'ALARM') =>
  client.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'a test' }));

test('the alarms that are named are told, of both kinds, as they stand; others and missing ones are not', async () => {
  await putMetricAlarm('5xx');
  await putMetricAlarm('slow', { Period: 300, EvaluationPeriods: 2 });
  await putMetricAlarm('foreign');
  await client.send(new PutCompositeAlarmCommand({ AlarmName: 'either', AlarmRule: 'ALARM(5xx) OR ALARM(slow)' }));
  await setState('5xx', 'ALARM');
  await setState('either', 'OK');
  const found = await cloudwatchAlarms(client).named(['5xx', 'slow', 'either', 'gone']);
  expect(found.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: '5xx', state: 'ALARM', judges: 180 },
    { name: 'either', state: 'OK', judges: 0 },
    { name: 'slow', state: expect.any(String) as string, judges: 600 },
  ]);
});

test('no name names no alarm', async () => {
  await putMetricAlarm('foreign');
  expect(await cloudwatchAlarms(client).named([])).toEqual([]);
  expect(await cloudwatchAlarms(client).named(['gone'])).toEqual([]);
});
