import { terminalScreen, type Output, type Screen } from '../../cli/terminal-screen.ts';

const quiet = 2_000; // ms of real time between two lines of what is so right now

/** Appends lines: for logs. */
export const plainScreen = (out: Output, now: () => number = Date.now): Screen => {
  let shown = now();
  const say = (line: string): void => {
    shown = now();
    out.write(`${line}\n`);
  };
  return {
    say,
    show: (_lines, gist) => {
      if (now() - shown >= quiet) say(gist);
    },
    close: () => undefined,
  };
};

/** A terminal that people look at gets a live area; everything else, and whoever asks for no colours, gets lines. */
export const screenFor = (out: Output, env: NodeJS.ProcessEnv): Screen => {
  const live = out.isTTY === true && !env['CI'] && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return live ? terminalScreen(out) : plainScreen(out);
};
