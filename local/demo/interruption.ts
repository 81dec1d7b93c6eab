const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Settles with the exit code of the first signal that asks this process to end. Further ones change nothing: a
 * terminal's Ctrl-C comes twice, from the terminal and from npm, and must not break off the clearing up.
 */
export const interruption = (): Promise<number> =>
  new Promise((resolve) => {
    for (const [signal, code] of Object.entries(signals))
      process.on(signal, () => {
        resolve(code);
      });
  });
