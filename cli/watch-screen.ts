import { terminalScreen, type Output } from './terminal-screen.ts';
import { blockLines, changeLines } from './watch-lines.ts';
import type { Sight } from './sight.ts';

/** Where a deployment that is watched is shown. */
export interface WatchScreen {
  show: (sight: Sight) => void;
  /** Takes away what is not to stay. */
  close: () => void;
}

const plain = (out: Output): WatchScreen => {
  let told: readonly string[] = [];
  return {
    show: (sight) => {
      const lines = changeLines(sight);
      for (const line of lines.filter((one) => !told.includes(one))) out.write(`${line}\n`);
      told = lines;
    },
    close: () => undefined,
  };
};

/** On a terminal a block that is drawn over; elsewhere a line for each change. */
export const watchScreen = (out: Output, env: NodeJS.ProcessEnv): WatchScreen => {
  const isLive = out.isTTY === true && env['TERM'] !== 'dumb';
  if (!isLive) return plain(out);
  const screen = terminalScreen(out);
  return {
    show: (sight) => {
      screen.show([...blockLines(sight), 'Ctrl-C ends this view; the deployment goes on'], '');
    },
    close: () => {
      screen.close();
    },
  };
};
