import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { cloudwatchAlarms } from '../../../lib/adapters/aws/cloudwatch-alarms.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const alarms = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...cloudwatchAlarms(new CloudWatchClient(options)) };
};

test('alarms of both kinds are told over all pages, with how long they judge by', async () => {
  const onExpression = {
    EvaluationPeriods: 2,
    Metrics: [
      { Id: 'e', Expression: 'a/b' },
      { Id: 'a', MetricStat: { Metric: {}, Period: 60, Stat: 'Sum' } },
      { Id: 'b', MetricStat: { Metric: {}, Period: 300, Stat: 'Sum' } },
      { Id: 'c', Expression: 'SELECT 1', Period: 900 },
    ],
  };
  const { requests, named } = alarms(
    {
      body: {
        MetricAlarms: [{ AlarmName: '5xx', StateValue: 'OK', Period: 60, EvaluationPeriods: 3 }],
        CompositeAlarms: [{ AlarmName: 'all', StateValue: 'ALARM' }],
        NextToken: 'more',
      },
    },
    {
      body: {
        MetricAlarms: [
          { AlarmName: 'rate', StateValue: 'INSUFFICIENT_DATA', ...onExpression },
          { AlarmName: 'sum', StateValue: 'OK', EvaluationPeriods: 1, Metrics: onExpression.Metrics.slice(0, 3) },
        ],
      },
    },
  );
  expect(await named(['5xx', 'all', 'rate', 'gone'])).toEqual([
    { name: '5xx', state: 'OK', judges: 180 },
    { name: 'all', state: 'ALARM', judges: 0 },
    { name: 'rate', state: 'INSUFFICIENT_DATA', judges: 1800 },
    { name: 'sum', state: 'OK', judges: 300 },
  ]);
  const request = { AlarmNames: ['5xx', 'all', 'rate', 'gone'], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] };
  expect(requests.map(({ input }) => input)).toEqual([request, { ...request, NextToken: 'more' }]);
});

test('no names are asked for nowhere: CloudWatch would tell all alarms', async () => {
  const { requests, named } = alarms({ body: { MetricAlarms: [{ AlarmName: 'foreign', StateValue: 'OK' }] } });
  expect(await named([])).toEqual([]);
  expect(requests).toEqual([]);
});

test.each<[string, Canned]>([
  ['AwsRefused', { code: 'AccessDenied' }],
  ['AwsUnavailable', { code: 'InternalServiceFault', status: 500 }],
])('alarms that cannot be read are %s, and not taken for missing', async (name, answer) => {
  expect(await raisedBy(() => alarms(answer).named(['5xx']))).toMatchObject({ name });
});
