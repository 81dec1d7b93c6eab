import type { Rehearsal } from '../rehearsal.ts';
import { seedPlatform } from '../seeded-platform.ts';
import { copyProblems } from './copy-verdict.ts';
import { carriedBy, deployCommit, type Deployed, type Told } from './deploy-commit.ts';
import { timesHeader, type Narrator } from './narrator.ts';
import { plan } from './plan.ts';
import type { Demo } from './run-demo.ts';
import { openScene, statusLines, type Scene } from './scene.ts';
import { startWorld, type Opened } from './start-world.ts';
import { summaryLines } from './summary.ts';
import { tellEnd, tellVerdict } from './tell-end.ts';
import { problemsIn } from './verdict.ts';
import { whoAnswers } from './who-answers.ts';

/** Commit A serves, and users ask for it. */
const openTheDoors = async (rehearsal: Rehearsal, narrator: Narrator, opened: Opened): Promise<Scene> => {
  narrator.going({ part: 'Service', name: 'Service', does: 'commit A serves; its users begin to ask' });
  const scene = openScene(rehearsal, await seedPlatform(rehearsal));
  opened(() => scene.users.stop());
  narrator.done();
  const { seed, speed } = rehearsal;
  narrator.watch({ speed, lines: () => statusLines(scene) });
  narrator.say(`  Users ask ${scene.platform.target.url}`);
  narrator.say(`  World time runs ${speed} times as fast as real time. The world's seed: ${seed}.`);
  return scene;
};

const playCommits = async (told: Told): Promise<{ good: Deployed; bad: Deployed }> => {
  const { narrator } = told;
  narrator.say(`\n${timesHeader('Commit B: its image is healthy 10 s after its start')}`);
  const good = await deployCommit(told, 'B', { does: 'become healthy', after: 10 });
  tellEnd(narrator, good);
  narrator.say(`\n${timesHeader('Commit C: its image never becomes healthy')}`);
  const bad = await deployCommit(told, 'C', { does: 'never become healthy' });
  tellEnd(narrator, bad);
  return { good, bad };
};

const judge = async ({ scene, narrator }: Told, ended: { good: Deployed; bad: Deployed }, { fleet }: Rehearsal) => {
  narrator.going({ part: 'Verdict', name: 'Verdict', does: 'who serves, what is in ECR, and did any user notice?' });
  const answering = await whoAnswers(scene.platform.target.url);
  const users = await scene.users.stop();
  const good = { ...ended.good, digest: ended.good.commit.digest };
  const seen = { good, bad: ended.bad, service: scene.service(), answering, users, defects: fleet.defects };
  const problems = [...problemsIn(seen), ...copyProblems([ended.good, ended.bad].map(carriedBy), fleet.calls)];
  narrator.done({ failed: problems.length > 0 });
  return problems;
};

const play = async (narrator: Narrator, opened: Opened): Promise<number> => {
  const begun = Date.now();
  const rehearsal = await startWorld(narrator, opened);
  const scene = await openTheDoors(rehearsal, narrator, opened);
  const ended = await playCommits({ scene, narrator });
  const problems = await judge({ scene, narrator }, ended, rehearsal);
  for (const line of summaryLines(scene, [ended.good, ended.bad], rehearsal.speed)) narrator.say(line);
  return tellVerdict(narrator, problems, {
    well: 'B serves, C was undone, no user noticed, and CI had no AWS key',
    begun,
  });
};

/** One rolling deployment that goes well, and one that does not. */
export const rollingDemo: Demo = { plan, play };
