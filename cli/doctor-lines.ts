import type { DoctorOutput } from './doctor.ts';
import { exitCodes } from './exit-codes.ts';
import { findingLines } from './hooks-lines.ts';
import type { Printed } from './printed.ts';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const doctorLines = (output: DoctorOutput): Printed => {
  const { areas, findings } = output;
  const wrongs = findings.filter(({ severity }) => severity === 'wrong');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const sum = `${counted(areas.length, 'area')} examined: ${wrongs.length} wrong, ${counted(warnings.length, 'warning')}`;
  return {
    lines: [...[...wrongs, ...warnings].flatMap(findingLines), sum],
    value: output,
    code: wrongs.length === 0 ? exitCodes.well : exitCodes.wrong,
  };
};
