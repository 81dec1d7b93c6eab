import { hookReceiver } from '../support/rotation-matrix/hook-receiver.ts';
import { countsOf, testMatrix } from '../support/rotation-matrix/matrix-tests.ts';
import { matrixOf, type Matrix } from '../support/rotation-matrix/matrix-cases.ts';
import { realVerbs } from '../support/rotation-matrix/real-verbs.ts';
import { recordedTokenRotations } from '../support/rotation-matrix/recorded-rotations.ts';

/** Whatever fails, dies or loses its answer at whichever call of a rotation of GitLab's credentials: nobody lists the calls. */

const receiver = await hookReceiver();
afterAll(() => {
  receiver.close();
});

const stage = { verbs: realVerbs, receiver };
const matrices: Matrix[] = [];
for (const rotation of recordedTokenRotations) matrices.push(await matrixOf(rotation, stage));

for (const matrix of matrices) testMatrix(matrix, stage);

test('there are cases of each kind, and many', () => {
  const cases = matrices.flatMap((matrix) => matrix.cases);
  const counts = countsOf(cases);
  process.stderr.write(`the matrix of GitLab's credentials has ${cases.length} cases: ${JSON.stringify(counts)}\n`);
  expect(Object.keys(counts).sort()).toEqual(['answer lost', 'dies', 'refused']);
  expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(20);
  expect(cases.length).toBeGreaterThanOrEqual(400);
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
