import { startAws } from '../../local/aws.ts';
import { inPart } from '../support/death-matrix/matrix-share.ts';
import { matrixOf, testMatrix } from '../support/death-matrix/matrix-tests.ts';
import { recordedSwaps } from '../support/death-matrix/recorded-swaps.ts';
import { region } from '../support/samples.ts';

/** Whatever fails, dies or comes late while colours are swapped. */

const aws = await startAws({ speed: 20, region });
const matrices = await matrixOf(aws, recordedSwaps.slice(0, 1));
afterAll(() => aws.close());

for (const matrix of inPart(matrices)) testMatrix(aws, matrix);
