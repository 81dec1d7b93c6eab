import { fateOf, type Fate } from '../../local/demo/rotation/hook-counts.ts';
import type { VersionHistory } from '../../local/secrets/accepted-by.ts';
import { rounded } from '../bench/statistics.ts';
import { wrongSenders, type Knock } from './knocks.ts';
import { waits } from './rotating-hook.ts';

/** What came of rotations under hooks at worker processes. */
export interface Found {
  rotations: number;
  seconds: number;
  /** so many there were to be */
  wrongPerSecond: number;
  knocks: readonly Knock[];
  /** of Secrets Manager, by each worker while it lived */
  calls: readonly { door: Knock['door']; seconds: number; calls: number }[];
  history: VersionHistory;
}

/** `late`: refused when the drain was over, so that GitLab had given it up before. */
type Outcome = Fate | 'late';

const isWrong = ({ from }: Knock): boolean => wrongSenders.includes(from);

const outcomeOf = (hook: Knock, history: VersionHistory): Outcome => {
  const fate = fateOf(hook, history);
  const late = hook.answeredAt - hook.tokensAt > waits.drain;
  return fate === 'refused' && hook.status === 401 && late ? 'late' : fate;
};

const countsOf = (words: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const word of words.toSorted()) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
};

interface Summary {
  /** rotations that were promoted */
  promoted: number;
  seconds: number;
  /** by door, sender and status, as in `warm authentic 202` */
  answers: Record<string, number>;
  /** authentic hooks */
  outcomes: Record<string, number>;
  /** authentic hooks, by what proved them */
  provenBy: Record<string, number>;
  coldWorkers: number;
}

const promotedIn = ({ sights }: VersionHistory): number => new Set(sights.map(({ current }) => current)).size - 1;

export const summary = ({ knocks, history, seconds, calls }: Found): Summary => {
  const authentic = knocks.filter((one) => !isWrong(one));
  const signed = ({ fingerprints }: Knock) => (fingerprints.signing === undefined ? 'plain' : 'signed');
  return {
    ...{ promoted: promotedIn(history), seconds: rounded(seconds) },
    answers: countsOf(knocks.map(({ door, from, status }) => `${door} ${from} ${status}`)),
    outcomes: countsOf(authentic.map((one) => outcomeOf(one, history))),
    provenBy: countsOf(authentic.map(signed)),
    coldWorkers: calls.filter(({ door }) => door === 'cold').length,
  };
};

const firstLook = 2; // calls, before any time has passed
const secondsPerCall = 2;
const lateAtMost = 0.01;

const must = (holds: boolean, else_: string): string[] => (holds ? [] : [else_]);

const wrongAnswers = ({ knocks }: Found): string[] => {
  const passed = knocks.filter((one) => isWrong(one) && one.status !== 401);
  const counts = countsOf(passed.map(({ from, status }) => `${from} ${status}`));
  return Object.entries(counts).map(([answer, times]) => `${answer}, ${times} times`);
};

const authenticAnswers = (found: Found): string[] => {
  const { AWSCURRENT = 0, AWSPENDING = 0, late = 0, ...bad } = summary(found).outcomes;
  return [
    ...Object.entries(bad).map(([outcome, times]) => `authentic: ${outcome}, ${times} times`),
    ...must(AWSCURRENT > 0 && AWSPENDING > 0, 'authentic: not accepted by both labels'),
    ...must(late <= lateAtMost * AWSCURRENT, `authentic: ${late} came too late to be judged`),
  ];
};

const tooManyCalls = ({ calls }: Found): string[] =>
  calls
    .filter((one) => one.calls === 0 || one.calls > firstLook + one.seconds / secondsPerCall)
    .map((one) => `a ${one.door} worker called Secrets Manager ${one.calls} times in ${rounded(one.seconds)} s`);

/** What is not as it must be, in words; nothing when all is. */
export const faults = (found: Found): string[] => {
  const { promoted, provenBy, coldWorkers } = summary(found);
  return [
    ...authenticAnswers(found),
    ...wrongAnswers(found),
    ...tooManyCalls(found),
    ...must(promoted === found.rotations, `${promoted} rotations were promoted, not ${found.rotations}`),
    ...must(
      ['plain', 'signed'].every((proof) => provenBy[proof]),
      'there were no plain or no signed hooks',
    ),
    ...must(
      found.knocks.some(({ from }) => from === 'out of use'),
      'no version was out of use',
    ),
    ...must(coldWorkers * 10 > found.seconds, `only ${coldWorkers} workers were cold`),
  ];
};

/** Whether there were as many wrong hooks as there were to be: a machine that is busy with other things does not answer so many. */
export const tooFew = ({ knocks, seconds, wrongPerSecond }: Found): string[] => {
  const wrong = knocks.filter(isWrong).length;
  return must(wrong >= seconds * wrongPerSecond * 0.95, `only ${wrong} wrong hooks in ${rounded(seconds)} s`);
};
