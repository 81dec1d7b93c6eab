import fc from 'fast-check';
import { appendFileSync } from 'node:fs';

/** Counts inputs that were really tried, for `npm run soak`: a line for each property in the file FUZZ_TRIED. */
const counted = <T>(details: fc.RunDetails<T>): void => {
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
  appendFileSync(process.env['FUZZ_TRIED'] ?? '', `${details.numRuns}\n`);
};

/** How many inputs a property of what strangers reach (verify, read, plan) is tried with: FUZZ_RUNS, or 100,000. */
export const fuzzRuns: { numRuns: number; reporter?: typeof counted } = {
  numRuns: Number(process.env['FUZZ_RUNS'] ?? 100_000),
  ...(process.env['FUZZ_TRIED'] === undefined ? {} : { reporter: counted }),
};

/** ms that a property may take: a million inputs take minutes. */
export const fuzzLimit = 600_000;
