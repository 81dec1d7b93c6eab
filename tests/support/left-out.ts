import { howToGet } from '../../local/third-party.ts';

/** Tests that need programs of others. */
const realParts = 'tests/end-to-end/real-parts.test.ts';

export interface LeftOut {
  /** jest's, to leave them out */
  args: readonly string[];
  /** what to say of it, loudly */
  told: readonly string[];
}

/** What is left out for want of these programs. CI leaves nothing out: there, what is missing fails. */
export const leftOut = (missing: readonly string[], ci: string | undefined): LeftOut => {
  if (missing.length === 0 || (ci !== undefined && ci !== '')) return { args: [], told: [] };
  const because = `for want of ${missing.join(', ')}`;
  return {
    args: [`--testPathIgnorePatterns=${realParts.replaceAll('.', '\\.')}$`],
    told: [`!!! NOT RUN: ${realParts}, ${because}`, `!!! ${howToGet}`],
  };
};
