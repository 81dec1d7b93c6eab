import type { LocalAws } from '../../../local/aws.ts';
import { allowedEndings, harmless, serviceAfter, type Question } from './allowed-endings.ts';
import { allowedSwapEnding, nextAfter, standingAfter } from './allowed-swap-endings.ts';
import { casesOf, type Case } from './cases.ts';
import type { Aftermath } from './aftermath.ts';
import { play, record, type Recorded } from './play.ts';
import type { RecordedRun } from './recorded-run.ts';

export interface Matrix {
  run: RecordedRun;
  recording: Recorded;
  cases: Case[];
}

/** Records the runs, and makes their cases. */
export const matrixOf = async (aws: LocalAws, runs: readonly RecordedRun[]): Promise<Matrix[]> => {
  const all: Matrix[] = [];
  for (const run of runs) {
    const recording = await record(aws, run);
    all.push({ run, recording, cases: casesOf(recording) });
  }
  return all;
};

const expectSwapRight = (question: Question): void => {
  const { seen } = question;
  expect(seen.ending).toEqual(allowedSwapEnding(question));
  if (!seen.recoveryDied) expect(seen.service).toMatch(standingAfter(seen.ending, question));
  expect(seen.registered).toBeLessThanOrEqual(1);
  expect(seen.swap?.green).toBeLessThanOrEqual(1);
};

const expectRolledRight = (question: Question): void => {
  const { seen } = question;
  expect(allowedEndings(question)).toContainEqual(seen.ending);
  if (!seen.recoveryDied) expect(seen.service).toBe(serviceAfter(seen.ending, question));
  expect(seen.registered).toBeLessThanOrEqual(1);
  expect(seen.updates['start-rollout']).toBeLessThanOrEqual(1);
  expect(seen.updates.undo).toBeLessThanOrEqual(1);
};

/** Nothing is violated that must hold, and everything is as it is right after this. */
export const expectRight = (question: Question): void => {
  const { run, seen } = question;
  expect(seen.violations.filter((violation) => !harmless(question, violation))).toEqual([]);
  if (run.swap === undefined) expectRolledRight(question);
  else expectSwapRight(question);
};

/** The next deployment does its work, as if nothing had been. */
const expectFresh = (question: Question, fresh: Aftermath): void => {
  expect(fresh.violations).toEqual([]);
  if (question.run.swap === undefined) {
    expect(fresh).toMatchObject({ ending: { outcome: 'deployed' }, service: 'ours', registered: 1 });
    return;
  }
  const { ending, standing } = nextAfter(question.seen.ending, question);
  expect(fresh.ending).toEqual(ending);
  expect(fresh.service).toMatch(standing);
};

// A case takes half a second; a machine that does much else must fail none.
const limit = 60_000;

/** One test for each case, by its name: `-t 'good: Register / ECS.RegisterTaskDefinition #1: answer lost'`. */
export const testMatrix = (aws: LocalAws, { run, recording, cases }: Matrix): void => {
  const check = async (one: Case): Promise<void> => {
    const { struck, seen, fresh } = await play(aws, run, one);
    expect(struck).toBe(true);
    const question = { one, run, undisturbed: recording.aftermath.ending, seen };
    expectRight(question);
    expectFresh(question, fresh);
  };
  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => check(one), limit);
};
