/** Settles at the first Ctrl-C. A second one ends the process as always. */
export const interruption = (): Promise<void> =>
  new Promise((resolve) => {
    process.once('SIGINT', () => {
      resolve();
    });
  });
