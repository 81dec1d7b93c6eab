export interface Parts {
  /** What the part came to; undefined when it failed. */
  part: <T>(act: () => Promise<T>) => Promise<T | undefined>;
  /** Raises the first failure, if any part failed. */
  raise: () => void;
}

/** For work of several parts, of which none must keep the others from being done. */
export const inParts = (): Parts => {
  const failures: unknown[] = [];
  return {
    part: async (act) => {
      try {
        return await act();
      } catch (error) {
        failures.push(error);
        return undefined;
      }
    },
    raise: () => {
      if (failures.length > 0) throw failures[0];
    },
  };
};
