import { exitCodes } from './exit-codes.ts';
import type { Printed } from './printed.ts';
import type { Applied, ApplyOutput, Indexed } from './targets-apply.ts';
import type { CheckOutput } from './targets-check.ts';

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const left = (labels: readonly string[]): string[] =>
  labels.map((label) => `not in the file: ${label} (stays as it is: drawbridge deletes no target)`);

export const checkLines = (output: CheckOutput): Printed => {
  const { targets, problems, notInFile, formOnly } = output;
  const lines = [
    ...problems,
    ...left(notInFile),
    ...(formOnly ? ['form only: without --stage nothing is held against what a stack may touch'] : []),
    `${counted(targets, 'target')}, ${counted(problems.length, 'problem')}`,
  ];
  return { lines, value: output, code: problems.length === 0 ? exitCodes.well : exitCodes.wrong };
};

const appliedLine = (applied: Applied): string =>
  applied.what === 'failed' ? `failed ${applied.target}: ${applied.because}` : `${applied.what} ${applied.target}`;

const indexedLine = ({ project, repository, what, because = '' }: Indexed): string => {
  if (what === 'failed') return `failed to index ${repository} for project ${project}: ${because}`;
  const told = what === 'added' ? 'are told to' : 'are no longer told to';
  return `images of ${repository} ${told} project ${project}`;
};

export const applyLines = (output: ApplyOutput): Printed => {
  const { problems, applied, indexed, notInFile } = output;
  if (problems.length > 0) {
    const lines = [...problems, `${counted(problems.length, 'problem')}; nothing was written`];
    return { lines, value: output, code: exitCodes.wrong };
  }
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
    value: output,
    code: failed === 0 ? exitCodes.well : exitCodes.wrong,
  };
};
