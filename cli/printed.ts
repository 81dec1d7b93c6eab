import type { ExitCode } from './exit-codes.ts';

/** How a command ends: for people, for programs (`--json`: one line), and as an exit code. */
export interface Printed {
  lines: string[];
  /** what `lines` say, as JSON can have it; never a secret */
  value: unknown;
  code: ExitCode;
}

export const print = ({ lines, value, code }: Printed, json: boolean): void => {
  for (const line of json ? [JSON.stringify(value)] : lines) console.log(line);
  process.exitCode = code;
};
