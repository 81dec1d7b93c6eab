import type { ManagerCredentials, ManagerSource } from '../ports/vault.ts';

/**
 * For a run of many requests: the credentials are read once, not for each. After a refusal the source is asked, and what it says is kept
 * from then on. A failure is not kept.
 */
export const keptManager = (source: ManagerSource): ManagerSource => {
  let kept: Promise<ManagerCredentials> | undefined;
  return async (refused) => {
    if (refused !== undefined) kept = source(refused);
    const asked = (kept ??= source());
    try {
      return await asked;
    } catch (error) {
      if (kept === asked) kept = undefined;
      throw error;
    }
  };
};
