import { howToGet, howToGetReaders } from '../../local/third-party.ts';

/** Tests that need programs of others, and how to get these. */
export interface NeedyTests {
  file: string;
  howToGet: string;
}

export const realParts: NeedyTests = { file: 'tests/end-to-end/real-parts.test.ts', howToGet };
export const documented: NeedyTests = { file: 'tests/documented/documented.test.ts', howToGet: howToGetReaders };

export interface LeftOut {
  /** jest's, to leave them out */
  args: readonly string[];
  /** what to say of it, loudly */
  told: readonly string[];
}

/** What is left out for want of these programs. CI leaves nothing out: there, what is missing fails. */
export const leftOut = (
  { file, howToGet }: NeedyTests,
  missing: readonly string[],
  ci: string | undefined,
): LeftOut => {
  if (missing.length === 0 || (ci !== undefined && ci !== '')) return { args: [], told: [] };
  const because = `for want of ${missing.join(', ')}`;
  return {
    args: [`--testPathIgnorePatterns=${file.replaceAll('.', '\\.')}$`],
    told: [`!!! NOT RUN: ${file}, ${because}`, `!!! ${howToGet}`],
  };
};
