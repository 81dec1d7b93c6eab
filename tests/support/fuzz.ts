/** How many inputs one property is tried with: its share of FUZZ_RUNS, of 100,000 unless that is set. */
export const fuzzRuns = (share: number): { numRuns: number } => ({
  numRuns: Math.ceil(Number(process.env['FUZZ_RUNS'] ?? 100_000) * share),
});

/** ms that a property may take: a million inputs take minutes. */
export const fuzzLimit = 600_000;
