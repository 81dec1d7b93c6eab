import { paginateDescribeAlarms, type CloudWatchClient, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Alarm, Alarms } from '../../ports/alarms.ts';
import { everyPage } from './every-page.ts';

type Described = Pick<MetricAlarm, 'AlarmName' | 'StateValue' | 'Period' | 'EvaluationPeriods' | 'Metrics'>;

/** Of a metric-math alarm the period stands on its metrics. */
const periodOf = ({ Period, Metrics = [] }: Described): number =>
  Period ?? Math.max(0, ...Metrics.map(({ Period: own, MetricStat }) => own ?? MetricStat?.Period ?? 0));

const alarmOf = (alarm: Described): Alarm => ({
  name: alarm.AlarmName ?? '',
  state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
  judges: periodOf(alarm) * (alarm.EvaluationPeriods ?? 0),
});

/** CloudWatch alarms, metric and composite. */
export const cloudwatchAlarms = (client: CloudWatchClient): Alarms => ({
  named: async (names) => {
    // CloudWatch takes an empty list for no list at all, and would tell every alarm of the account.
    if (names.length === 0) return [];
    const input = { AlarmNames: [...names], AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
    const found: Alarm[] = [];
    for await (const page of everyPage('DescribeAlarms', paginateDescribeAlarms({ client }, input)))
      found.push(...[...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])].map(alarmOf));
    return found;
  },
});
