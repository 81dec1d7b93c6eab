import type { Traffic } from '../../users.ts';
import type { Ended } from '../verdict.ts';
import { plural } from '../../../cli/words.ts';
import { scalingWords } from './bars.ts';
import { failuresOf, type ColourSight, type Sight } from './sight.ts';
import type { WrittenWeights } from './written-weights.ts';

/** What the demo has seen, all of it read back from the world. B came to green, C to blue. */
export interface SwapSeen {
  good: Ended & { digest: string };
  bad: Ended;
  /** when users began to ask; when B was in place; when C was gone */
  sights: { first: Sight; afterGood: Sight; afterBad: Sight };
  /** by which function, and green's percent of users' traffic, each time that it was written */
  weights: readonly WrittenWeights[];
  /** digests of those who answer in the end */
  answering: readonly string[];
  users: Traffic;
  /** answers of the fleet that do not fit AWS's models */
  defects: readonly string[];
}

const said = ({ execution, end }: Ended): string =>
  `${execution.status}${execution.error === undefined ? '' : ` (${execution.error})`}; the journal: ${
    end === undefined
      ? 'no end'
      : `${end.outcome}, ${end.failure ?? 'no failure'}, ${end.undo ?? 'no undo'}, ${end.because}`
  }`;

const endProblems = ({ good, bad }: SwapSeen): string[] => {
  const isDeployed =
    good.execution.status === 'SUCCEEDED' && good.end?.outcome === 'deployed' && good.end.warning === undefined;
  const byName = bad.execution.status === 'FAILED' && bad.execution.error === 'AlarmRaised';
  const isUndone = byName && bad.end?.failure === 'AlarmRaised' && bad.end.undo === 'undone';
  return [
    ...(isDeployed ? [] : [`B was not deployed: ${said(good)}${good.end?.warning ?? ''}`]),
    ...(isUndone ? [] : [`C was not undone by name: ${said(bad)}`]),
  ];
};

/** B in steps; C no further than its first one, and back in one write. */
const asTheyShould = ['shift 10 %', 'shift 50 %', 'shift 100 %', 'shift 90 %', 'undo 100 %'].join(', ');

const weightProblems = ({ weights }: SwapSeen): string[] => {
  const written = weights.map(({ by, green }) => `${by} ${green} %`).join(', ');
  return written === asTheyShould ? [] : [`green's weights were written by ${written}, instead of ${asTheyShould}`];
};

/** Live as blue was before it all, idle as a swap leaves it. */
const colourProblems = (when: string, name: string, colour: ColourSight, should: Partial<ColourSight>): string[] => {
  const facts: [what: string, is: unknown, be: unknown][] = [
    ['commit', colour.commit, should.commit ?? colour.commit],
    ['weight', colour.weight, should.weight],
    ['weight in the test rule', colour.testWeight, should.testWeight],
    ['desired count', colour.desired, should.desired],
    ['number of running tasks', colour.running, should.desired],
    ['Auto Scaling', scalingWords(colour.scaling), scalingWords(should.scaling)],
  ];
  return facts
    .filter(([, is, be]) => is !== be)
    .map(([what, is, be]) => `${when}, the ${what} of ${name} is ${String(is)}, not ${String(be)}`);
};

const placeProblems = ({ sights: { first, afterGood, afterBad } }: SwapSeen): string[] => {
  const { weight, testWeight, desired, scaling } = first.blue;
  const live = { commit: 'B', weight, desired, scaling };
  const idle = { weight: 0, desired: 0, scaling: first.green.scaling };
  // The test rule stays as it was before each swap.
  const [blueTest, greenTest] = [testWeight, first.green.testWeight];
  return [
    ...[['after B', afterGood] as const, ['after C', afterBad] as const].flatMap(([when, { blue, green }]) => [
      ...colourProblems(when, 'green', green, { ...live, testWeight: greenTest }),
      ...colourProblems(when, 'blue', blue, { ...idle, testWeight: blueTest }),
    ]),
  ];
};

/** Users may have failed by C alone: by blue's tasks, after B was in place. */
const userProblems = ({ users, sights: { afterGood, afterBad } }: SwapSeen): string[] => {
  const byC = afterBad.blue.failures - afterGood.blue.failures;
  const others = users.failed - byC;
  return [
    ...(users.answered > 0 ? [] : ['no user was answered']),
    ...(byC > 0 ? [] : ['no user got an error from C, and yet it was to be bad']),
    ...(failuresOf(afterGood) === 0 ? [] : [`${plural(failuresOf(afterGood), 'request')} failed before C came`]),
    ...(afterBad.green.failures === 0 ? [] : [`B failed ${plural(afterBad.green.failures, 'request')}`]),
    ...(others === 0 ? [] : [`users count ${users.failed} failures, C's tasks ${byC}: ${users.failures.join('; ')}`]),
  ];
};

const answerProblem = ({ good, answering }: SwapSeen): string[] => {
  const others = new Set(answering.filter((digest) => digest !== good.digest));
  if (answering.length > 0 && others.size === 0) return [];
  return [`users are not answered by B alone, but by ${[...others].join(', ') || 'nobody'}`];
};

/** Why the demo did not go as it should; empty when it truly did. */
export const swapProblems = (seen: SwapSeen): string[] => [
  ...endProblems(seen),
  ...weightProblems(seen),
  ...placeProblems(seen),
  ...userProblems(seen),
  ...answerProblem(seen),
  ...seen.defects.map((defect) => `the fleet answered what AWS would not: ${defect}`),
];
