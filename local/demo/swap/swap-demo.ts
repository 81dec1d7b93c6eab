import type { ImageBehaviour } from '../../fleet/seeds.ts';
import { copyProblems } from '../copy-verdict.ts';
import { carriedBy, deployCommit, type Deployed } from '../deploy-commit.ts';
import { timesHeader, type Narrator } from '../narrator.ts';
import type { Demo } from '../run-demo.ts';
import { startWorld, type Opened } from '../start-world.ts';
import { tellEnd, tellVerdict } from '../tell-end.ts';
import { whoAnswers } from '../who-answers.ts';
import { otherThan, type ColourName, type Sight } from './sight.ts';
import { swapPlan } from './swap-plan.ts';
import { openStage, type SwapStage } from './swap-stage.ts';
import { swapSummary } from './swap-summary.ts';
import { swapProblems } from './swap-verdict.ts';
import { writtenWeights } from './written-weights.ts';

interface Commit {
  letter: 'B' | 'C';
  coming: ColourName;
  title: string;
  behaviour: ImageBehaviour;
}

const good: Commit = {
  letter: 'B',
  coming: 'green',
  title: 'it is healthy 10 s after its start',
  behaviour: { does: 'become healthy', after: 10 },
};
// Two good answers of each task are enough for the test URL's question, and few enough to be used up at ten percent.
const bad: Commit = {
  letter: 'C',
  coming: 'blue',
  title: 'healthy, but bad to its users',
  behaviour: { does: 'become healthy, then answer badly under traffic', after: 10, requests: 2, status: 500 },
};

interface Swapped {
  deployed: Deployed;
  /** the colours once the workflow has ended, and who is idle then has no task */
  sight: Sight;
}

const introduce = (narrator: Narrator, { letter, coming, title }: Commit): void => {
  narrator.say(`\n${timesHeader(`Commit ${letter} comes to ${coming}: ${title}`)}`);
  if (coming !== 'green') narrator.say(`  Colours take turns. A step's “green” is the one that comes: now ${coming}.`);
};

const play = async (stage: SwapStage, commit: Commit): Promise<Swapped> => {
  const { narrator, watcher } = stage;
  const { letter, coming, behaviour } = commit;
  introduce(narrator, commit);
  watcher.expect(coming, `CI pushes ${letter}`);
  const deployed = await deployCommit(stage, letter, behaviour);
  tellEnd(narrator, deployed);
  narrator.going({ part: `${letter} Rest`, name: 'Rest', does: 'tasks that nobody asks any more end' });
  const idle = deployed.end?.outcome === 'deployed' ? otherThan(coming) : coming;
  const sight = await watcher.until(`${idle} has no task`, (now) => now[idle].running === 0);
  narrator.done();
  return { deployed, sight };
};

const judge = async (stage: SwapStage, first: Sight, [b, c]: [Swapped, Swapped]): Promise<string[]> => {
  const { scene, narrator, watcher, pair } = stage;
  const { calls, defects } = stage.rehearsal.fleet;
  narrator.going({ part: 'Verdict', name: 'Verdict', does: 'who serves, how large, and who failed whom?' });
  const answering = await whoAnswers(scene.platform.target.url);
  const users = await scene.users.stop();
  await watcher.stop();
  const seen = {
    good: { ...b.deployed, digest: b.deployed.commit.digest },
    bad: c.deployed,
    sights: { first, afterGood: b.sight, afterBad: c.sight },
    weights: writtenWeights(calls, pair),
    ...{ answering, users, defects },
  };
  const carried = [b, c].map(({ deployed }) => carriedBy(deployed));
  const problems = [...swapProblems(seen), ...copyProblems(carried, calls)];
  narrator.done({ failed: problems.length > 0 });
  return problems;
};

const playAll = async (narrator: Narrator, opened: Opened): Promise<number> => {
  const begun = Date.now();
  const rehearsal = await startWorld(narrator, opened);
  const stage = await openStage(rehearsal, narrator, opened);
  const first = await stage.watcher.until('the colours are seen', () => true);
  const swapped: [Swapped, Swapped] = [await play(stage, good), await play(stage, bad)];
  const problems = await judge(stage, first, swapped);
  const deployed = swapped.map((one) => one.deployed);
  for (const line of swapSummary(stage, deployed, rehearsal.speed)) narrator.say(line);
  const well = 'B serves, C was caught at 10 % and taken back, nobody else failed a user, and CI had no AWS key';
  return tellVerdict(narrator, problems, { well, begun });
};

/** Users moved to green step by step; then a bad release that is caught at the first step. */
export const swapDemo: Demo = { plan: swapPlan, play: playAll };
