import type { Rehearsal } from '../../rehearsal.ts';
import type { Told } from '../deploy-commit.ts';
import type { Narrator } from '../narrator.ts';
import { openScene } from '../scene.ts';
import type { Opened } from '../start-world.ts';
import { statusGist, statusLines } from './bars.ts';
import { putErrorAlarm } from './cloudwatch.ts';
import { errorAlarm } from './error-alarm.ts';
import { lookAtPair } from './look-at-pair.ts';
import { watchPair, type PairWatcher } from './pair-watcher.ts';
import { seedPair, type Pair } from './pair.ts';
import { swapName } from './swap-steps.ts';

/** The world with two colours in it, and who tells of them. */
export interface SwapStage extends Told {
  rehearsal: Rehearsal;
  pair: Pair;
  watcher: PairWatcher;
}

const askEvery = 10; // ms of real time: so many users that ten percent of them show

const { name, threshold } = errorAlarm;

const introduce = (narrator: Narrator, { seed, speed }: Rehearsal, url: string): void => {
  narrator.say(`  Users ask ${url}`);
  narrator.say(`  World time runs ${speed} times as fast as real time. The world's seed: ${seed}.`);
  narrator.say(
    `  Alarm ${name}: ${threshold} errors within a minute of world time. In the place of CloudWatch, which has`,
  );
  narrator.say(`  no metrics here, this demo itself counts the users' errors and sets the alarm's state there.`);
};

/** Commit A serves as blue, green is idle; from now on users ask, and both are watched. */
export const openStage = async (rehearsal: Rehearsal, narrator: Narrator, opened: Opened): Promise<SwapStage> => {
  narrator.going({ part: 'Service', name: 'Service', does: 'commit A serves as blue, green is idle; users ask' });
  const alarm = await putErrorAlarm(rehearsal);
  const pair = await seedPair(rehearsal);
  const scene = openScene(rehearsal, pair.platform, askEvery);
  opened(() => scene.users.stop());
  const { speed, world } = rehearsal;
  const watcher = watchPair({
    ...{ alarm, speed },
    look: (state) => lookAtPair(world, { pair, scene }, state),
    told: ({ text }) => {
      narrator.say(`      ∙ ${text}`);
    },
  });
  // Why it could not look, the verdict has raised before.
  opened(() => watcher.stop().catch(() => undefined));
  narrator.done();
  const { history } = watcher;
  narrator.watch({ speed, lines: () => statusLines(history(), name), gist: () => statusGist(history(), name) });
  introduce(narrator, rehearsal, pair.platform.target.url);
  return { scene, narrator, rehearsal, pair, watcher, nameOf: swapName };
};
