import { serviceLabel, type DeploymentRecord } from '../lib/domain/deployment.ts';
import { causeWords, commitWords, revisionWords, whyLines } from './deployment-words.ts';
import type { ExecutionStep } from './executions.ts';
import { exitCodes } from './exit-codes.ts';
import { shownRecord } from './history-lines.ts';
import { secondsOf } from './past-seconds.ts';
import type { Printed } from './printed.ts';
import { inMinutes } from './words.ts';

/** A task, and how often it was begun in a row. */
interface Steps extends ExecutionStep {
  times: number;
}

/** Looks that follow each other are one step. */
const inRows = (steps: readonly ExecutionStep[]): Steps[] => {
  const rows: Steps[] = [];
  for (const step of steps) {
    const last = rows.at(-1);
    if (last?.state === step.state) last.times += 1;
    else rows.push({ ...step, times: 1 });
  }
  return rows;
};

const row = (what: string, text: string): string => `  ${what.padEnd(8)} ${text}`;

const stepLines = (steps: readonly ExecutionStep[] | undefined): string[] => {
  if (steps === undefined) return [row('steps', 'Step Functions does not know them any more')];
  return inRows(steps).map(({ state, at, times }, index) =>
    row(index === 0 ? 'steps' : '', `${at.slice(11, 19)}  ${state}${times === 1 ? '' : ` × ${times}`}`),
  );
};

const endLines = (record: DeploymentRecord): string[] => {
  const { end } = record;
  const seconds = secondsOf(record);
  if (end === undefined || seconds === undefined) return [row('end', 'not yet')];
  const failed = end.failure === undefined ? '' : ` as ${end.failure}`;
  const how = `${end.outcome}${failed} at ${end.at.slice(0, 19).replace('T', ' ')}, after ${inMinutes(seconds)}`;
  return [row('end', how), ...whyLines(end).map((line, index) => row(index === 0 ? 'why' : '', line))];
};

/** The whole story of one deployment. */
export const storyLines = (record: DeploymentRecord, steps: readonly ExecutionStep[] | undefined): Printed => {
  const { deployment, target, service, cause, askedAt, openedAt, found, revision } = record;
  const commit = commitWords(record);
  const before = found?.before === undefined ? 'none to go back to' : revisionWords(found.before);
  return {
    lines: [
      `${deployment} on ${target}, service ${serviceLabel(service)}`,
      row('cause', `${causeWords(cause)}, ${askedAt}`),
      ...(commit === '' ? [] : [row('commit', commit)]),
      ...(found === undefined ? [] : [row('image', found.digest)]),
      row('begun', openedAt.slice(0, 19).replace('T', ' ')),
      ...stepLines(steps),
      ...(found === undefined ? [] : [row('before', before)]),
      ...(revision === undefined ? [] : [row('after', revisionWords(revision))]),
      ...endLines(record),
    ],
    value: { ...shownRecord(record), service, image: record.image, steps },
    code: exitCodes.well,
  };
};
