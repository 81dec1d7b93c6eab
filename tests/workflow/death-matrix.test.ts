import { startAws } from '../../local/aws.ts';
import { faults } from '../support/death-matrix/fault.ts';
import { inPart } from '../support/death-matrix/matrix-share.ts';
import { matrixOf, testMatrix } from '../support/death-matrix/matrix-tests.ts';
import { recordedRuns } from '../support/death-matrix/recorded-run.ts';
import { recordedSwaps } from '../support/death-matrix/recorded-swaps.ts';
import { region } from '../support/samples.ts';
import { definition } from '../support/workflow-machine.ts';

/** Whatever fails, dies or comes late at whichever call of the good deployment; and what the whole matrix covers. */

const aws = await startAws({ speed: 20, region });
const matrices = await matrixOf(aws, recordedRuns);
const swaps = await matrixOf(aws, recordedSwaps);
afterAll(() => aws.close());

for (const matrix of inPart(matrices.slice(0, 1))) testMatrix(aws, matrix);

test('each run ends as it should when nothing goes wrong', () => {
  expect(
    matrices.map(({ run, recording }) => [run.name, recording.aftermath.ending, recording.aftermath.violations]),
  ).toEqual([
    ['good', { outcome: 'deployed' }, []],
    ['copied', { outcome: 'deployed' }, []],
    ['undone by us', { outcome: 'failed', failure: 'RolloutTimedOut', undo: 'undone' }, []],
    ['rolled back by ECS', { outcome: 'failed', failure: 'RolloutFailed', undo: 'rolled back by ECS' }, []],
    ['recovery', { outcome: 'failed', failure: 'ExecutionDied', undo: 'undone' }, []],
  ]);
});

const atRest = (who: string, [live, idle] = ['scaled', 'never scaled']) =>
  `${who} has all traffic with 2/2, ${live}; the other 0/0, ${idle}; test rule closed`;

test('each swap of colours ends as it should when nothing goes wrong', () => {
  const undone = (failure: string) => ({ outcome: 'failed', failure, undo: 'undone' });
  expect(
    swaps.map(({ run, recording }) => {
      const { ending, service, violations } = recording.aftermath;
      return [run.name, ending, service, violations];
    }),
  ).toEqual([
    ['swap', { outcome: 'deployed' }, atRest('ours'), []],
    ['swap for the first time', { outcome: 'deployed' }, atRest('ours', ['without bounds', 'without bounds']), []],
    ['swap undone', undone('AlarmRaised'), atRest('before'), []],
    ['swap recovery', undone('ExecutionDied'), atRest('before'), []],
    ['recovery of a success', { outcome: 'deployed' }, atRest('ours'), []],
  ]);
});

test('every task of the workflow has cases, and there are many of each class', () => {
  const cases = [...matrices, ...swaps].flatMap((matrix) => matrix.cases);
  const classes = [...faults, 'stopped'];
  const counts = classes.map((what) => cases.filter(({ name }) => name.endsWith(`: ${what}`)).length);
  const said = classes.map((what, index) => `${String(counts[index])} ${what}`).join('; ');
  process.stderr.write(`the death matrix has ${cases.length} cases: ${said}\n`);
  expect(counts.reduce((sum, count) => sum + count)).toBe(cases.length);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(20);
  expect(cases.length).toBeGreaterThanOrEqual(500);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  const tasks = Object.entries(definition().States).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : []));
  const disturbed = new Set(cases.map((one) => ('site' in one ? one.site.state : '')));
  const stopped = new Set(cases.map((one) => ('site' in one ? '' : one.stopAt)));
  expect(tasks.filter((state) => !disturbed.has(state) || !stopped.has(state))).toEqual([]);
});
