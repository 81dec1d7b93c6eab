/** How many inputs a property of what strangers reach (verify, read, plan) is tried with: FUZZ_RUNS, or 100,000. */
export const fuzzRuns = { numRuns: Number(process.env['FUZZ_RUNS'] ?? 100_000) };

/** ms that a property may take: a million inputs take minutes. */
export const fuzzLimit = 600_000;
