import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { clientOptionsOf } from '../../aws.ts';
import type { Rehearsal } from '../../rehearsal.ts';
import { errorAlarm } from './error-alarm.ts';
import type { AlarmState } from './sight.ts';

/** The alarm as it is in CloudWatch. */
export interface CloudWatchAlarm {
  set(state: AlarmState, reason: string): Promise<void>;
}

/**
 * Makes the alarm. Nobody feeds the local CloudWatch the load balancer's metrics, so whoever sees the errors sets its
 * state, as CloudWatch itself would from the metric; Drawbridge reads it there as everywhere.
 */
export const putErrorAlarm = async ({ aws }: Pick<Rehearsal, 'aws'>): Promise<CloudWatchAlarm> => {
  const client = new CloudWatchClient(clientOptionsOf(aws));
  const set: CloudWatchAlarm['set'] = async (StateValue, StateReason) => {
    await client.send(new SetAlarmStateCommand({ AlarmName: errorAlarm.name, StateValue, StateReason }));
  };
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: errorAlarm.name,
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_Target_5XX_Count',
      Statistic: 'Sum',
      Period: errorAlarm.period,
      EvaluationPeriods: 1,
      Threshold: errorAlarm.threshold,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  await set('OK', 'no errors');
  return { set };
};
