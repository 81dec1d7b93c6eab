import { endAnnouncement } from '../../../lib/domain/announcement.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { announcementLost, measureEnd } from '../../../lib/runtime/log.ts';
import { end, record, revisionArn } from '../../support/samples.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

interface Line {
  _aws?: { CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string; Unit: string }[] }[] };
  [field: string]: unknown;
}

const linesOf = async (act: () => void): Promise<Line[]> => {
  const lines = await printedLines(() => {
    act();
    return Promise.resolve();
  });
  return lines.map((line) => JSON.parse(line) as Line);
};

const namesIn = ({ _aws }: Line): string[] =>
  (_aws?.CloudWatchMetrics ?? []).flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));

test.each<[Parameters<typeof measureEnd>[0], string[]]>([
  [end(), []],
  [end({ outcome: 'failed', failure: 'UndoFailed' }), ['UndoFailed']],
  [end({ outcome: 'failed', failure: 'QueueTimedOut' }), ['QueueTimedOut']],
  [end({ outcome: 'failed', failure: 'RolloutFailed' }), []],
  [end({ warning: 'RetireIncomplete' }), ['RetireIncomplete']],
])('of the end %j is counted: its outcome, and %j', async (one, names) => {
  const lines = await linesOf(() => {
    measureEnd(one);
  });
  expect(lines.flatMap(namesIn)).toEqual(['Outcome', ...names]);
  expect(lines[0]).toMatchObject({ outcome: one.outcome, service: 'drawbridge-dev', Outcome: 1 });
  expect(lines[0]?._aws?.CloudWatchMetrics[0]?.Dimensions).toEqual([['service', 'outcome']]);
});

test('what was measured goes by strategy, each in its unit, and nothing of the target', async () => {
  const measures = { strategy: 'rolling', WaitSeconds: 12, DeploymentSeconds: 61.5, CopiedBytes: 1024 } as const;
  const [, line] = await linesOf(() => {
    measureEnd({ ...end(), measures });
  });
  expect(line).toMatchObject({ ...measures, service: 'drawbridge-dev' });
  const [{ Dimensions, Metrics } = { Dimensions: [], Metrics: [] }] = line?._aws?.CloudWatchMetrics ?? [];
  expect(Dimensions).toEqual([['service', 'strategy']]);
  expect(Metrics.map(({ Name, Unit }) => [Name, Unit])).toEqual([
    ['WaitSeconds', 'Seconds'],
    ['DeploymentSeconds', 'Seconds'],
    ['CopiedBytes', 'Bytes'],
  ]);
});

test('a lost announcement is counted, and its line says which and why, without its words', async () => {
  const announcement = endAnnouncement(record({ revision: revisionArn(8) }), end());
  const lines = await linesOf(() => {
    announcementLost(announcement, new DeployFailure('AwsRefused', 'PutEvents: AccessDeniedException'));
  });
  expect(lines[0]).toMatchObject({
    message: 'announcement-lost',
    deployment: 'web-1',
    event: 'Deployment succeeded',
    failure: 'AwsRefused',
  });
  expect(JSON.stringify(lines[0])).not.toContain('arn:');
  expect(lines.flatMap(namesIn)).toEqual(['AnnouncementLost']);
});
