import { startAws } from '../../local/aws.ts';
import { inPart } from '../support/death-matrix/matrix-share.ts';
import { matrixOf, testMatrix } from '../support/death-matrix/matrix-tests.ts';
import { recordedSwaps } from '../support/death-matrix/recorded-swaps.ts';
import { region } from '../support/samples.ts';

/** Whatever fails, dies or comes late while green is made for the first time, or a swap is taken back or completed by a recovery. */

const aws = await startAws({ speed: 20, region });
const matrices = await matrixOf(aws, recordedSwaps.slice(1));
afterAll(() => aws.close());

for (const matrix of inPart(matrices)) testMatrix(aws, matrix);
