import { styleText } from 'node:util';
import { shortSha } from '../ci/run-build-job.ts';
import { seedPlatform } from '../seeded-platform.ts';
import { startRehearsal, type Rehearsal } from '../rehearsal.ts';
import { ensureVenv } from '../venv.ts';
import { copyProblems, type Carried } from './copy-verdict.ts';
import { deployCommit, type Deployed, type Told } from './deploy-commit.ts';
import { interruption } from './interruption.ts';
import { narrate, timesHeader, type Narrator } from './narrator.ts';
import { openScene, statusLines, type Scene } from './scene.ts';
import { screenFor } from './screen.ts';
import { endOf, reasonsOf, summaryLines } from './summary.ts';
import { problemsIn } from './verdict.ts';
import { inSeconds } from './words.ts';

type Opened = (close: () => Promise<unknown>) => void;

const startWorld = async (narrator: Narrator, opened: Opened): Promise<Rehearsal> => {
  narrator.going({ part: 'Python', name: 'Python', does: 'packages of the local AWS; fetched the first time' });
  await ensureVenv();
  let part = 'World';
  const rehearsal = await startRehearsal({
    step: (what) => {
      narrator.going({ part, name: part, does: what });
      part = 'Deploy';
    },
  });
  opened(() => rehearsal.close());
  return rehearsal;
};

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

const tellEnd = (narrator: Narrator, deployed: Deployed): void => {
  narrator.say(`  ${styleText('bold', `${deployed.commit.letter}: ${endOf(deployed)}`)}, because`);
  for (const reason of reasonsOf(deployed)) narrator.say(`    - ${reason}`);
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

/** Which images answer the users now: twenty in a row, so that every node of the load balancer is met. */
const whoAnswers = async (url: string): Promise<string[]> => {
  const digests: string[] = [];
  while (digests.length < 20) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the service answers ${response.status}`);
    digests.push(((await response.json()) as { digest: string }).digest);
  }
  return digests;
};

const carriedBy = ({ commit: { letter, sha }, pushed, ecr }: Deployed): Carried => ({
  ...{ letter, pushed, ecr },
  tags: [shortSha(sha), 'latest'],
});

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
  narrator.say();
  for (const problem of problems) narrator.say(styleText('red', `Not as it should be: ${problem}`));
  if (problems.length > 0) return 1;
  const took = inSeconds((Date.now() - begun) / 1000);
  narrator.say(styleText('green', `B serves, C was undone, no user noticed, and CI had no AWS key. It took ${took}.`));
  return 0;
};

/** Plays the whole demo; answers the exit code: 0 only if everything truly went as it should. */
export const runDemo = async (): Promise<number> => {
  const narrator = narrate(screenFor(process.stdout, process.env));
  const closes: (() => Promise<unknown>)[] = [];
  const interrupted = interruption().then((code) => {
    narrator.say('Interrupted: the world is ended.');
    // What breaks now breaks because of that.
    narrator.close();
    return code;
  });
  const played = play(narrator, (close) => closes.push(close)).catch((error: unknown) => {
    narrator.done({ failed: true });
    narrator.say(styleText('red', `The demo broke off: ${error instanceof Error ? error.message : String(error)}`));
    return 1;
  });
  const code = await Promise.race([interrupted, played]);
  narrator.close();
  for (const close of closes.reverse()) await close();
  return code;
};
