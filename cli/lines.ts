import type { Applied, ApplyOutput, Indexed } from './targets-apply.ts';
import type { CheckOutput } from './targets-check.ts';

/** What a verb prints, and whether all is well. */
export interface Printed {
  lines: string[];
  ok: boolean;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const left = (labels: readonly string[]): string[] =>
  labels.map((label) => `not in the file: ${label} (stays as it is: drawbridge deletes no target)`);

export const checkLines = ({ targets, problems, notInFile, formOnly }: CheckOutput): Printed => ({
  lines: [
    ...problems,
    ...left(notInFile),
    ...(formOnly ? ['form only: without --stage nothing is held against what a stack may touch'] : []),
    `${counted(targets, 'target')}, ${counted(problems.length, 'problem')}`,
  ],
  ok: problems.length === 0,
});

const appliedLine = (applied: Applied): string =>
  applied.what === 'failed' ? `failed ${applied.target}: ${applied.because}` : `${applied.what} ${applied.target}`;

const indexedLine = ({ project, repository, what, because = '' }: Indexed): string => {
  if (what === 'failed') return `failed to index ${repository} for project ${project}: ${because}`;
  const told = what === 'added' ? 'are told to' : 'are no longer told to';
  return `images of ${repository} ${told} project ${project}`;
};

export const applyLines = ({ problems, applied, indexed, notInFile }: ApplyOutput): Printed => {
  if (problems.length > 0)
    return { lines: [...problems, `${counted(problems.length, 'problem')}; nothing was written`], ok: false };
  const count = (what: Applied['what']): number => applied.filter((one) => one.what === what).length;
  const failed = count('failed') + indexed.filter(({ what }) => what === 'failed').length;
  const summary = `${count('created')} created, ${count('changed')} changed, ${count('unchanged')} unchanged`;
  return {
    lines: [
      ...applied.map(appliedLine),
      ...indexed.map(indexedLine),
      ...left(notInFile),
      failed === 0 ? summary : `${summary}, ${failed} failed`,
    ],
    ok: failed === 0,
  };
};
