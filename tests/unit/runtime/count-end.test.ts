import { countEnd } from '../../../lib/runtime/log.ts';
import { printedLines } from './printed-lines.ts';

beforeAll(() => {
  Object.assign(process.env, { POWERTOOLS_METRICS_NAMESPACE: 'Drawbridge', POWERTOOLS_SERVICE_NAME: 'drawbridge-dev' });
});

const counted = async (end: Parameters<typeof countEnd>[0]): Promise<string[]> => {
  const lines = await printedLines(() => {
    countEnd(end);
    return Promise.resolve();
  });
  return lines.flatMap((line) => {
    const { _aws } = JSON.parse(line) as { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } };
    return _aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  });
};

test.each<[Parameters<typeof countEnd>[0], string[]]>([
  [{ announced: true }, []],
  [{ failure: 'UndoFailed', announced: true }, ['UndoFailed']],
  [{ failure: 'QueueTimedOut', announced: true }, ['QueueTimedOut']],
  [{ failure: 'RolloutFailed', announced: true }, []],
  [{ warning: 'RetireIncomplete', announced: true }, ['RetireIncomplete']],
  [{ announced: false }, ['AnnouncementLost']],
  [{ warning: 'RetireIncomplete', announced: false }, ['RetireIncomplete', 'AnnouncementLost']],
])('of the end %j is counted: %j', async (end, names) => {
  expect(await counted(end)).toEqual(names);
});
