import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Log from '../../lib/runtime/log.ts';
import { end } from '../support/samples.ts';
import { emitted } from '../support/aws-metrics.ts';
import { printedLines } from '../unit/runtime/printed-lines.ts';

/** The page of measures held against what the functions print and what AWS emits, on its text; that its references
 *  exist is cfn-lint's part (stack.test.ts). */

type Metric = [namespace: string, name: string, ...dimensionsAndStyle: unknown[]];

interface Widget {
  type: string;
  properties: { title: string; region?: string; metrics?: Metric[]; alarms?: string[] };
}

const stage = { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' };
const resourcesIn = (file: string) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'stack', file), 'utf8');
  const { Resources } = load(text.replaceAll('${sls:stage}', 'dev')) as {
    Resources: Record<string, { Type: string; Properties: Record<string, unknown> }>;
  };
  return Resources;
};
const { DashboardBody } = resourcesIn('dashboard.yml')['Dashboard']?.Properties as {
  DashboardBody: { 'Fn::Sub': string };
};
const { widgets } = JSON.parse(DashboardBody['Fn::Sub']) as { widgets: Widget[] };
let log: typeof Log;

beforeAll(async () => {
  Object.assign(process.env, stage);
  log = await import('../../lib/runtime/log.ts');
});

const metricsOnIt = (): Metric[] => widgets.flatMap(({ properties: { metrics = [] } }) => metrics);
/** `service=drawbridge-dev outcome=held`, without how it is drawn. */
const dimensionsOf = ([, , ...rest]: Metric): string => {
  const words = rest.filter((one): one is string => typeof one === 'string');
  return words.flatMap((word, index) => (index % 2 === 0 ? [`${word}=${words[index + 1] ?? ''}`] : [])).join(' ');
};
const named = (metric: Metric): string => `${metric[1]} ${dimensionsOf(metric)}`;

/** Everything that is ever counted or measured, as the functions print it. */
const everyMetric = (): void => {
  for (const name of log.counters) log.count(name);
  log.showHooks.notExecutable(1);
  for (const credential of ['gitlab_token', 'registry_password', 'gitlab_manager_token'])
    log.gaugeDaysLeft(credential, 1);
  for (const outcome of ['deployed', 'already deployed', 'failed', 'superseded', 'outdated', 'held'] as const)
    log.measureEnd(end({ outcome }));
  const all = Object.fromEntries(Object.keys(log.measureUnits).map((name) => [name, 1]));
  for (const strategy of ['rolling', 'blue-green'] as const)
    log.measureEnd({ ...end(), measures: { strategy, ...all } });
};

interface Printed {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [dimension: string]: unknown;
}

const published = async (): Promise<Set<string>> => {
  const lines = await printedLines(() => {
    everyMetric();
    return Promise.resolve();
  });
  const all = lines.flatMap((line) => {
    const printed = JSON.parse(line) as Printed;
    return printed._aws.CloudWatchMetrics.flatMap(({ Dimensions: [dimensions = []], Metrics }) =>
      Metrics.map(({ Name }) => `${Name} ${dimensions.map((name) => `${name}=${String(printed[name])}`).join(' ')}`),
    );
  });
  return new Set(all);
};

test('every metric of ours that is on the page is published, under these dimensions, and every one published is on it', async () => {
  const ours = metricsOnIt().filter(([namespace]) => namespace === stage.POWERTOOLS_METRICS_NAMESPACE);
  expect([...new Set(ours.map(named))].sort()).toEqual([...(await published())].sort());
});

/** By dimension: the one resource of ours that has it, or one of our functions. */
const resourceOf: Record<string, RegExp> = {
  ApiId: /^ApiId=\$\{HttpApi\}$/,
  StateMachineArn: /^StateMachineArn=\$\{DeployWorkflow\}$/,
  FunctionName: /^FunctionName=\$\{\w+LambdaFunction\}$/,
  QueueName: /^QueueName=drawbridge-dev-feedback$/,
};

test("every other is one of AWS's, of a resource of ours", () => {
  const others = metricsOnIt().filter(([namespace]) => namespace !== stage.POWERTOOLS_METRICS_NAMESPACE);
  expect(others.length).toBeGreaterThan(5);
  for (const metric of others) {
    const { metrics = [], dimension = '' } = emitted[metric[0]] ?? {};
    expect(metrics).toContain(metric[1]);
    expect(dimensionsOf(metric)).toMatch(resourceOf[dimension] ?? /never/);
  }
});

test('shows every alarm, each of this region', () => {
  const files = ['alarms.yml', 'reconcile.yml', 'hooks.yml', 'feedback.yml'].map(resourcesIn);
  const alarms = files
    .flatMap((file) => Object.entries(file))
    .filter(([, { Type }]) => Type === 'AWS::CloudWatch::Alarm');
  const shown = widgets.flatMap(({ properties }) => properties.alarms ?? []);
  expect(shown.sort()).toEqual(alarms.map(([name]) => `\${${name}.Arn}`).sort());
  for (const { type, properties } of widgets) if (type === 'metric') expect(properties.region).toBe('${AWS::Region}');
});

test('its graphs lie beside each other, none over another', () => {
  const places = widgets as unknown as Record<'x' | 'y' | 'width' | 'height', number>[];
  const fields = places.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, cell) => `${x + (cell % width)}/${y + Math.floor(cell / width)}`),
  );
  expect(new Set(fields).size).toBe(fields.length);
  expect(Math.max(...places.map(({ x, width }) => x + width))).toBe(24);
});
