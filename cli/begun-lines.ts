import { exitCodes } from './exit-codes.ts';
import type { Printed } from './printed.ts';
import type { Begun } from './start-operator.ts';

/** A deployment that was begun and is not followed, or that was not begun. */
export const begunLines = (begun: Begun, stage: string): Printed =>
  begun.state === 'refused'
    ? { lines: [`nothing was begun: ${begun.because}`], value: begun, code: exitCodes.wrong }
    : {
        lines: [`${begun.deployment} has begun; to see it: drawbridge watch ${begun.deployment} --stage ${stage}`],
        value: begun,
        code: exitCodes.well,
      };
