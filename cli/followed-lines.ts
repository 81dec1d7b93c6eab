import { commitWords, causeWords, whyLines } from './deployment-words.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import type { Followed, FollowedEnd } from './follow.ts';
import type { Printed } from './printed.ts';
import { inMinutes } from './words.ts';

const codeOf = ({ outcome, failure, error, warning }: FollowedEnd): ExitCode => {
  if (outcome === undefined || failure !== undefined || error !== undefined) return exitCodes.wrong;
  if (outcome === 'failed' || warning !== undefined) return exitCodes.wrong;
  return outcome === 'deployed' || outcome === 'already deployed' ? exitCodes.well : exitCodes.passedOver;
};

const endedLines = ({ deployment, end, record, seconds }: Followed & { state: 'ended' }): string[] => {
  const name = end.failure ?? end.error;
  const how = `${end.outcome ?? 'ended'}${name === undefined ? '' : ` as ${name}`}`;
  const after = seconds === undefined ? '' : ` after ${inMinutes(seconds)}`;
  const of = record === undefined ? [] : [record.target, commitWords(record), causeWords(record.cause)];
  const what = [deployment, ...of].filter((part) => part !== '').join(', ');
  return [`${how}${after}: ${what}`, ...whyLines(end).map((line) => `  ${line}`)];
};

const valueOf = ({ deployment, end, record, seconds }: Followed & { state: 'ended' }) => ({
  ...{ deployment, state: 'ended', ...end, seconds },
  ...(record === undefined
    ? {}
    : { target: record.target, sha: record.sha, ref: record.ref, digest: record.found?.digest, cause: record.cause }),
});

/** How a deployment ended that was followed; or that it was not followed to its end. `stage`: to say how to look again. */
export const followedLines = (followed: Followed, stage: string): Printed => {
  const { deployment, state } = followed;
  if (state === 'ended') return { lines: endedLines(followed), value: valueOf(followed), code: codeOf(followed.end) };
  const value = { deployment, state: state === 'interrupted' ? 'under way' : 'unknown' };
  if (state === 'unknown')
    return { lines: [`there is no deployment ${deployment} in this stage`], value, code: exitCodes.wrong };
  const again = `drawbridge watch ${deployment} --stage ${stage}`;
  return { lines: [`${deployment} goes on; to see it again: ${again}`], value, code: exitCodes.interrupted };
};
