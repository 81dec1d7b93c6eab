import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Log from '../../lib/runtime/log.ts';
import { alertStatus, recordFailure } from '../../local/gitlab/hook-health.ts';
import type { Hook } from '../../local/gitlab/world.ts';
import { emitted } from '../support/aws-metrics.ts';
import { packageStack, resourcesOf, type Resources } from '../support/packaged-stack.ts';
import { printedLines } from '../unit/runtime/printed-lines.ts';

/** Alarms, counters and runbook held against each other, on the template that ops deploy. */

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  Statistic: string;
  Period: number;
  Threshold: number;
  AlarmActions: unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'drawbridge-alarms-'));
let resources: Resources;
let alarms: Alarm[];
let log: typeof Log;

const ofType = (type: string) => Object.values(resources).filter((resource) => resource.Type === type);

/** How the functions' environment names what they count. */
const countedAs = (): Record<string, string> => {
  const said = ofType('AWS::Lambda::Function').map(({ Properties }) => {
    const { Variables } = Properties['Environment'] as { Variables: Record<string, string> };
    const { POWERTOOLS_METRICS_NAMESPACE = '', POWERTOOLS_SERVICE_NAME = '' } = Variables;
    return JSON.stringify({ POWERTOOLS_METRICS_NAMESPACE, POWERTOOLS_SERVICE_NAME });
  });
  expect(new Set(said).size).toBe(1);
  return JSON.parse(said[0] ?? '{}') as Record<string, string>;
};

beforeAll(async () => {
  const template = await packageStack(join(folder, 'dev'), ['--stage', 'dev', '--region', 'us-gov-west-1']);
  resources = resourcesOf(template);
  alarms = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties as unknown as Alarm);
  Object.assign(process.env, countedAs());
  log = await import('../../lib/runtime/log.ts');
}, 60_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const isOurs = ({ Namespace }: Alarm) => !(Namespace in emitted);
const only = ({ Dimensions }: Alarm) => {
  expect(Dimensions).toHaveLength(1);
  return Dimensions[0] ?? { Name: '', Value: '' };
};
const alarmOf = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `drawbridge-dev-${name}`);

/** What is measured, not counted: an alarm on days left rings when the least of a period is too little. */
const isOnDays = ({ MetricName }: Alarm) => MetricName === log.daysLeftGauge;
/** And one on disabled hooks when even the least is too much: when each look of the period has found some. */
const isOnHooks = ({ MetricName }: Alarm) => MetricName === log.disabledHooksGauge;
const isGauge = (alarm: Alarm) => isOnDays(alarm) || isOnHooks(alarm);

test('every alarm goes to the topic that ops subscribe to, and rings on a sum, or on a least value of what is measured', () => {
  expect(alarms.length).toBeGreaterThan(10);
  const rings = { EvaluationPeriods: 1, TreatMissingData: 'notBreaching', AlarmActions: [{ Ref: 'AlarmTopic' }] };
  const onSum = { Statistic: 'Sum', ComparisonOperator: 'GreaterThanOrEqualToThreshold' };
  const onLeast = { Statistic: 'Minimum', ComparisonOperator: 'LessThanOrEqualToThreshold', Threshold: 14 };
  const onEach = { Statistic: 'Minimum', ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 1 };
  const ways = (alarm: Alarm) => (isOnHooks(alarm) ? onEach : isOnDays(alarm) ? onLeast : onSum);
  for (const alarm of alarms) expect(alarm).toMatchObject({ ...rings, ...ways(alarm) });
  expect(resources['AlarmTopic']?.Type).toBe('AWS::SNS::Topic');
});

test('an alarm on what AWS emits names one of its metrics, and a resource of ours', () => {
  for (const alarm of alarms.filter((one) => !isOurs(one))) {
    const { metrics = [], dimension, type } = emitted[alarm.Namespace] ?? {};
    expect(metrics).toContain(alarm.MetricName);
    const { Name, Value } = only(alarm);
    expect(Name).toBe(dimension);
    // A queue's Ref is its URL.
    const { Ref, 'Fn::GetAtt': [of] = [] } = Value as { Ref?: string; 'Fn::GetAtt'?: string[] };
    expect(resources[Ref ?? of ?? '']?.Type).toBe(type);
  }
});

test('an alarm on what we count names a counter as the functions print it', async () => {
  const ours = alarms.filter((alarm) => isOurs(alarm) && !isGauge(alarm));
  expect(ours.length).toBeGreaterThan(5);
  for (const alarm of ours) {
    expect(log.counters).toContain(alarm.MetricName);
    const [line = ''] = await printedLines(() => {
      log.count(alarm.MetricName as Log.Counter);
      return Promise.resolve();
    });
    const { Name, Value } = only(alarm);
    expect(JSON.parse(line)).toMatchObject({
      _aws: {
        CloudWatchMetrics: [
          { Namespace: alarm.Namespace, Dimensions: [[Name]], Metrics: [{ Name: alarm.MetricName }] },
        ],
      },
      [Name]: Value,
    });
  }
});

test('each credential that is measured has an alarm on the days it has left, as the functions print them', async () => {
  const credentials = ['gitlab_token', 'registry_password', 'gitlab_manager_token'];
  const gauges = alarms.filter(isOnDays);
  const valueOf = ({ Dimensions }: Alarm, name: string) => Dimensions.find(({ Name }) => Name === name)?.Value;
  expect(gauges.map((alarm) => valueOf(alarm, 'credential')).sort()).toEqual([...credentials].sort());
  for (const alarm of gauges) {
    const credential = String(valueOf(alarm, 'credential'));
    const [line = ''] = await printedLines(() => {
      log.gaugeDaysLeft(credential, 3);
      return Promise.resolve();
    });
    const names = alarm.Dimensions.map(({ Name }) => Name);
    const metric = { Namespace: alarm.Namespace, Dimensions: [names], Metrics: [{ Name: alarm.MetricName }] };
    expect(JSON.parse(line)).toMatchObject({
      _aws: { CloudWatchMetrics: [metric] },
      ...Object.fromEntries(alarm.Dimensions.map(({ Name, Value }) => [Name, Value])),
      [alarm.MetricName]: 3,
    });
  }
});

test('the alarm on disabled hooks has their number as the function prints it, nought as well', async () => {
  const [alarm] = alarms.filter(isOnHooks);
  if (alarm === undefined) throw new Error('there is no alarm on disabled hooks');
  const { Name, Value } = only(alarm);
  for (const hooks of [2, 0]) {
    const [line = ''] = await printedLines(() => {
      log.showHooks.notExecutable(hooks);
      return Promise.resolve();
    });
    const metric = { Namespace: alarm.Namespace, Dimensions: [[Name]], Metrics: [{ Name: alarm.MetricName }] };
    expect(JSON.parse(line)).toMatchObject({
      _aws: { CloudWatchMetrics: [metric] },
      [Name]: Value,
      [alarm.MetricName]: hooks,
    });
  }
});

test('each counter that tells of something lost has its alarm; the others tell of the ordinary', () => {
  const alarmed = alarms.filter(isOurs).map(({ MetricName }) => MetricName);
  const ordinary = [
    'HookIgnored',
    'DeploymentStarted',
    'DeploymentReconciled',
    'ReconcileBehind',
    'TokenExpiring',
    'HookMissing',
    'FeedbackDelayed',
    'FeedbackWithoutCommit',
  ];
  expect(log.counters.filter((name) => !alarmed.includes(name))).toEqual(ordinary);
});

test('one webhook with a wrong token stays below the alarm of refused hooks, several do not', () => {
  const { Threshold = 0, Period = 0 } = alarmOf('hook-refused') ?? {};
  // A busy project: an event every second, and GitLab sends while it has not disabled the webhook.
  let now = 0;
  const clock = { now: () => now } as Parameters<typeof recordFailure>[1];
  const hook = { failures: 0 } as Hook;
  let refused = 0;
  for (; now < Period * 1000; now += 1000) {
    if (alertStatus(hook, clock) !== 'executable') continue;
    refused += 1;
    recordFailure(hook, clock);
  }
  expect(refused).toBeGreaterThan(1);
  expect(refused).toBeLessThan(Threshold);
  expect(refused * 4).toBeGreaterThanOrEqual(Threshold);
});

describe('the runbook', () => {
  const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  const part = /^# When an alarm rings$(.*?)^# /ms.exec(runbook)?.[1] ?? '';
  const sections = part.split(/^### /m).slice(1);
  const heading = (section: string) => section.slice(0, section.indexOf('\n'));

  test('has one heading for each alarm, and no other', () => {
    const names = alarms.map(({ AlarmName }) => AlarmName.replace('drawbridge-dev-', 'drawbridge-STAGE-'));
    expect(sections.map(heading).sort()).toEqual(names.sort());
  });

  test.each(sections.map((section) => [heading(section), section]))(
    'has the first three minutes of %s',
    (_of, text) => {
      const steps = [...text.matchAll(/^(\d)\. \*(.+?)\.\*/gm)].map(([, number, step]) => `${number} ${step}`);
      expect(steps).toEqual(['1 First minute', '2 Second', '3 Third']);
    },
  );
});
