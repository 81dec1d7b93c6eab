import { randomInt } from 'node:crypto';
import { shareOf } from '../share.ts';
import type { Matrix } from './matrix-tests.ts';

/**
 * Of each matrix the share MATRIX_SHARE of its cases, chosen by the printed seed; `DRAWBRIDGE_SEED=<seed>` chooses the
 * same ones. Without MATRIX_SHARE all, so that a case can be played by its name.
 */
export const inPart = (matrices: readonly Matrix[]): Matrix[] => {
  const share = Number(process.env['MATRIX_SHARE'] ?? 1);
  const seed = Number(process.env['DRAWBRIDGE_SEED'] ?? randomInt(2 ** 31 - 1));
  return matrices.map((matrix) => {
    const { run, cases } = matrix;
    const names = cases.map(({ name }) => name);
    const chosen = new Set(shareOf(names, share, seed));
    process.stderr.write(`${run.name}, seed ${seed}: ${chosen.size} of ${cases.length} cases\n`);
    return { ...matrix, cases: cases.filter(({ name }) => chosen.has(name)) };
  });
};
