import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { causeWords, commitWords } from './deployment-words.ts';
import { exitCodes } from './exit-codes.ts';
import { secondsOf } from './past-seconds.ts';
import type { Printed } from './printed.ts';
import { inMinutes } from './words.ts';

const minuteOf = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

const outcomeWords = ({ end }: DeploymentRecord): string =>
  end === undefined ? 'under way' : (end.failure ?? end.warning ?? end.outcome);

const line = (record: DeploymentRecord): string => {
  const seconds = secondsOf(record);
  const columns = [
    minuteOf(record.openedAt),
    outcomeWords(record).padEnd(17),
    (seconds === undefined ? '' : inMinutes(seconds)).padStart(12),
    record.target.padEnd(20),
    commitWords(record).padEnd(17),
    causeWords(record.cause),
    record.deployment,
  ];
  return columns.join('  ');
};

/** What `--json` says of one; nothing of what its tasks run with. */
export const shownRecord = (record: DeploymentRecord) => ({
  deployment: record.deployment,
  target: record.target,
  openedAt: record.openedAt,
  cause: record.cause,
  sha: record.sha,
  ref: record.ref,
  digest: record.found?.digest,
  before: record.found?.before,
  after: record.revision,
  end: record.end,
  seconds: secondsOf(record),
});

export const historyLines = (records: readonly DeploymentRecord[]): Printed => ({
  lines: records.length === 0 ? ['no deployment is known'] : records.map(line),
  value: records.map(shownRecord),
  code: exitCodes.well,
});
