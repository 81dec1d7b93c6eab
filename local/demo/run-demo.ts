import { styleText } from 'node:util';
import { interruption } from './interruption.ts';
import { narrate, type Narrator } from './narrator.ts';
import type { Part } from './plan.ts';
import { screenFor } from './screen.ts';
import type { Opened } from './start-world.ts';

export interface Demo {
  /** what it goes through, for the estimate of what is left */
  plan: readonly Part[];
  /** Answers the exit code. */
  play: (narrator: Narrator, opened: Opened) => Promise<number>;
}

/** Plays the whole demo; answers the exit code: 0 only if everything truly went as it should. */
export const runDemo = async ({ plan, play }: Demo): Promise<number> => {
  const narrator = narrate(screenFor(process.stdout, process.env), plan);
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
