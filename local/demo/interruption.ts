const signals = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const parentLookEvery = 250; // ms of real time

/**
 * npm passes a signal on to the shell it runs a script in, not to what that shell runs; and a killed npm passes on
 * nothing. Either way this process is left to another parent.
 */
const onLostNpm = (lost: () => void): void => {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid !== parent) lost();
  }, parentLookEvery);
  timer.unref();
};

/**
 * Settles with the exit code of the first signal that asks this process to end, or when the npm that started it is
 * gone. Further signals change nothing: a terminal's Ctrl-C comes twice, from the terminal and from npm, and must not
 * break off the clearing up.
 */
export const interruption = (): Promise<number> =>
  new Promise((resolve) => {
    for (const [signal, code] of Object.entries(signals))
      process.on(signal, () => {
        resolve(code);
      });
    onLostNpm(() => {
      resolve(signals.SIGTERM);
    });
  });
