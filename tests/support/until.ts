/** Waits for a condition, looking every 100 ms. Fails with what was waited for. */
export const until = async <T>(what: string, look: () => Promise<T | undefined>, limit = 90_000): Promise<T> => {
  const end = Date.now() + limit;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
