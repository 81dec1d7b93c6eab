import { styleText } from 'node:util';
import type { Deployed } from './deploy-commit.ts';
import type { Narrator } from './narrator.ts';
import { endOf, reasonsOf } from './summary.ts';
import { inSeconds } from '../../cli/words.ts';

/** Tells how a deployment ended, and why. */
export const tellEnd = (narrator: Narrator, deployed: Deployed): void => {
  narrator.say(`  ${styleText('bold', `${deployed.commit.letter}: ${endOf(deployed)}`)}, because`);
  for (const reason of reasonsOf(deployed)) narrator.say(`    - ${reason}`);
};

/** Tells whether the demo went as it should; answers the exit code. `begun`: when it did, in ms since the epoch. */
export const tellVerdict = (
  narrator: Narrator,
  problems: readonly string[],
  { well, begun }: { well: string; begun: number },
): number => {
  narrator.say();
  for (const problem of problems) narrator.say(styleText('red', `Not as it should be: ${problem}`));
  if (problems.length > 0) return 1;
  narrator.say(styleText('green', `${well}. It took ${inSeconds((Date.now() - begun) / 1000)}.`));
  return 0;
};
