import { exitCodes } from './exit-codes.ts';
import type { Printed } from './printed.ts';
import type { ListOutput } from './targets-list.ts';

/** Rows of words as columns, two spaces apart. */
export const columns = (rows: readonly (readonly string[])[]): string[] => {
  const widths = rows.reduce<number[]>((most, row) => row.map((word, at) => Math.max(word.length, most[at] ?? 0)), []);
  return rows.map((row) =>
    row
      .map((word, at) => word.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};

export const listLines = (output: ListOutput): Printed => {
  const { targets, broken } = output;
  const rows = targets.map(({ target, trigger, service, strategy, environment = '' }) => [
    ...[target, trigger, service, strategy, environment],
  ]);
  const problems = broken.flatMap((one) => one.problems.map((problem) => `broken ${one.target}: ${problem}`));
  const count = `${targets.length} target${targets.length === 1 ? '' : 's'}, ${broken.length} broken`;
  const code = broken.length === 0 ? exitCodes.well : exitCodes.wrong;
  return { lines: [...columns(rows), ...problems, count], value: output, code };
};
