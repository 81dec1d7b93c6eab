import { startAws } from '../../local/aws.ts';
import { inPart } from '../support/death-matrix/matrix-share.ts';
import { matrixOf, testMatrix } from '../support/death-matrix/matrix-tests.ts';
import { recordedRuns } from '../support/death-matrix/recorded-run.ts';
import { region } from '../support/samples.ts';

/** Whatever fails, dies or comes late while a deployment is taken back, by us, by ECS or by a recovery. */

const aws = await startAws({ speed: 20, region });
const matrices = await matrixOf(aws, recordedRuns.slice(1));
afterAll(() => aws.close());

for (const matrix of inPart(matrices)) testMatrix(aws, matrix);
