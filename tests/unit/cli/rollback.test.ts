import { rollback } from '../../../cli/rollback.ts';
import { wayLines } from '../../../cli/rollback-lines.ts';
import { wayBack } from '../../../cli/way-back.ts';
import type { DeploymentRecord, Outcome } from '../../../lib/domain/deployment.ts';
import { end, found, project, record, without } from '../../support/samples.ts';
import { operatorWorld } from './operator-world.ts';

const web = { project, name: 'web' };

/** The number says when; the letter which image. */
const one = (number: number, image: string, outcome: Outcome = 'deployed'): DeploymentRecord =>
  record({
    deployment: `web-${number}`,
    openedAt: `2026-01-05T09:0${number}:00.000Z`,
    found: { ...found, digest: `sha256:${image}` },
    end: end({ outcome }),
  });

const back = (...newestFirst: DeploymentRecord[]): unknown => {
  const way = wayBack(newestFirst);
  return 'because' in way ? way.because : [way.from.deployment, way.to.deployment];
};

describe('the way back', () => {
  test('leads to the newest earlier deployment of another image', () => {
    expect(back(one(3, 'c'), one(2, 'b'), one(1, 'a'))).toEqual(['web-3', 'web-2']);
  });

  test('passes what failed, goes on, found its image there, or had the same image', () => {
    const goesOn = without(one(8, 'x'), 'end');
    const others = [one(7, 'c', 'failed'), one(5, 'c'), one(4, 'b', 'already deployed'), one(3, 'b', 'failed')];
    expect(back(goesOn, one(6, 'c'), ...others, one(2, 'a'))).toEqual(['web-6', 'web-2']);
  });

  test('taken twice leads further back, and not forward to what was just left', () => {
    expect(back(one(4, 'b'), one(3, 'c'), one(2, 'b'), one(1, 'a'))).toEqual(['web-4', 'web-1']);
  });

  test.each([
    ['of nothing', [], 'nothing was deployed on this target yet'],
    ['of one image', [one(2, 'a'), one(1, 'a')], 'no earlier deployment of another image is known of this target'],
    [
      'already at the first',
      [one(3, 'a'), one(2, 'b'), one(1, 'a')],
      'no earlier deployment of another image is known of this target',
    ],
  ])('%s is none', (_what, records, because) => {
    expect(back(...records)).toBe(because);
  });
});

const world = (...records: DeploymentRecord[]) => {
  const here = operatorWorld();
  for (const each of records) here.journal.records.set(each.deployment, each);
  const causes = () =>
    [...here.ports.workflows.executions.values()].map(({ input }) => (input as { cause: object }).cause);
  return { ...here, causes };
};

test('begins with the deployment to go back to, and says between which', async () => {
  const { ports, causes } = world(one(2, 'b'), one(1, 'a'));
  const output = await rollback(ports)({ target: web });
  expect(output).toMatchObject({ state: 'begun', from: { deployment: 'web-2' }, to: { deployment: 'web-1' } });
  expect(causes()).toEqual([
    { kind: 'operator', project, deployment: 'web-1', by: 'jane', at: '2026-01-05T12:00:00Z' },
  ]);
  expect(wayLines(output)).toEqual([
    'going back from web-2 (main 2bf863fe, 2026-01-05 09:02) to web-1 (main 2bf863fe, 2026-01-05 09:01); the target is then held',
  ]);
});

test('goes to the one that is named', async () => {
  const { ports, causes } = world(one(3, 'c'), one(2, 'b'), one(1, 'a'));
  await rollback(ports)({ target: web, to: 'web-1' });
  expect(causes()).toMatchObject([{ deployment: 'web-1' }]);
});

test.each([
  ['that the journal does not know', 'web-9', 'the journal knows no deployment web-9'],
  ['of another target', 'api-1', 'that deployment was of another target'],
  ['that failed', 'web-1', 'that deployment did not come to be deployed itself'],
])('one %s is refused before anything is begun', async (_what, to, because) => {
  const { ports, causes } = world(one(2, 'b'), one(1, 'a', 'failed'), {
    ...one(3, 'c'),
    deployment: 'api-1',
    target: '4711/api',
  });
  expect(await rollback(ports)({ target: web, to })).toMatchObject({ state: 'refused', because });
  expect(causes()).toEqual([]);
});

test('without a way back nothing is begun', async () => {
  const { ports, causes } = world(one(1, 'a'));
  expect(await rollback(ports)({ target: web })).toMatchObject({ state: 'refused' });
  expect(causes()).toEqual([]);
});
