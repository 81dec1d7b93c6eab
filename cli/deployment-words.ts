import type { Cause } from '../lib/domain/cause.ts';
import type { DeploymentRecord, End, UndoResult } from '../lib/domain/deployment.ts';

/** What asked for a deployment, in a few words. */
export const causeWords = (cause: Cause): string => {
  if (cause.kind === 'pipeline') return `pipeline ${cause.pipeline}`;
  if (cause.kind === 'job') return `job ${cause.job} of pipeline ${cause.pipeline}`;
  if (cause.kind === 'image') return `push of ${cause.repository}:${cause.tag}`;
  if ('pipeline' in cause) return `${cause.by}, pipeline ${cause.pipeline}`;
  return 'tag' in cause ? `${cause.by}, tag ${cause.tag}` : `${cause.by}, back to ${cause.deployment}`;
};

/** Branch or tag and commit, as git shows them; nothing for a pushed image. */
export const commitWords = ({ ref, sha }: Pick<DeploymentRecord, 'ref' | 'sha'>): string =>
  [ref, sha?.slice(0, 8)].filter((part) => part !== undefined).join(' ');

/** A revision as ECS's console names it. */
export const revisionWords = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

const undoWords: Readonly<Record<UndoResult, string>> = {
  'nothing written': 'the service was not touched',
  undone: 'the service is on the revision of before again',
  'rolled back by ECS': 'the service is on the revision of before again; ECS did that itself',
  'left alone': "somebody else's change is on top, and was not overwritten",
  'no way back': 'the service still has the new revision: there was none to go back to',
};

/** Where a failure's name is explained. */
export const runbookLink = (failure: string): string => `docs/runbook.md#${failure.toLowerCase()}`;

/** Why it ended so, what that left, and where to read on; a line each. */
export const whyLines = ({ failure, because, undo, warning }: Omit<End, 'outcome' | 'at'>): string[] => [
  ...(because === '' ? [] : because.split('; ')),
  ...(undo === undefined ? [] : [`${undo}: ${undoWords[undo]}`]),
  ...(failure === undefined ? [] : [`what ${failure} asks: ${runbookLink(failure)}`]),
  ...(warning === undefined ? [] : [`what ${warning} asks: ${runbookLink(warning)}`]),
];
