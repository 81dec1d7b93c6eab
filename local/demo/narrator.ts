import { styleText } from 'node:util';
import { secondsLeft, type Part } from './plan.ts';
import type { Screen } from '../../cli/terminal-screen.ts';
import { inMinutes, inSeconds, timeLeft } from '../../cli/words.ts';

/** Something that takes time and is shown with it. */
export interface Step {
  /** its name in the plan */
  part: string;
  name: string;
  does: string;
  /** what is so right now with it, asked for again and again */
  details?: { lines: () => string[]; gist: () => string };
}

/** The world once it is there: how much faster its time runs, and what is so in it right now, asked for again and again. */
export interface Watched {
  speed: number;
  lines: () => string[];
  /** the same where lines only add up; default: the lines */
  gist?: () => string[];
}

export interface Narrator {
  say(line?: string): void;
  /** What goes on from now on; what went on before is done. */
  going(step: Step, from?: Date): void;
  /** What went on is over; nothing else goes on yet. */
  done(end?: { at?: Date; failed?: boolean }): void;
  /** From now on times are also told as the world counts them, and its lines are shown below what goes on. */
  watch(world: Watched): void;
  /** Tells nothing more, whatever is still said. */
  close(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redrawEvery = 100; // ms of real time

/** Header of the columns of times. */
export const timesHeader = (title: string): string => `${title.padEnd(72)}${'real'.padStart(9)}${'world'.padStart(14)}`;

const row = ({ name, does }: Step, seconds: number, watched: Watched | undefined): string => {
  const world = watched === undefined ? '' : inMinutes(seconds * watched.speed).padStart(14);
  return `${name.padEnd(15)}${does.padEnd(53)}${inSeconds(seconds).padStart(9)}${world}`;
};

const nowhere: Screen = { say: () => undefined, show: () => undefined, close: () => undefined };

/** Tells what goes on, with its time so far and an estimate of what is left, until it is closed. */
export const narrate = (out: Screen, plan: readonly Part[]): Narrator => {
  let screen = out;
  let current: { step: Step; from: number } | undefined;
  let watched: Watched | undefined;
  let frame = 0;

  const going = ({ step, from }: { step: Step; from: number }) => {
    const seconds = (Date.now() - from) / 1000;
    return {
      line: `  ${frames[frame] ?? ''} ${row(step, seconds, watched)}`,
      details: step.details?.lines() ?? [],
      gist: [`${step.name} ${inSeconds(seconds)}`, step.details?.gist() ?? ''].filter((part) => part !== ''),
      left: timeLeft(secondsLeft(step.part, seconds, plan)),
    };
  };

  const tell = (): void => {
    const below = watched?.lines() ?? [];
    const short = watched?.gist?.() ?? below;
    const area = (lines: string[]): string[] => lines.map((line) => `    ${line}`);
    if (current === undefined) {
      screen.show(area(below), `    … ${short.join(' | ')}`);
      return;
    }
    const { line, details, gist, left } = going(current);
    screen.show([line, ...area([...details, ...below, left])], `    … ${[...gist, ...short, left].join(' | ')}`);
  };
  const timer = setInterval(() => {
    frame = (frame + 1) % frames.length;
    tell();
  }, redrawEvery);

  const done: Narrator['done'] = ({ at = new Date(), failed = false } = {}) => {
    if (current === undefined) return;
    const mark = failed ? styleText('red', '✖') : styleText('green', '✔');
    const line = `  ${mark} ${row(current.step, (at.getTime() - current.from) / 1000, watched)}`;
    current = undefined;
    tell();
    screen.say(line);
  };

  return {
    say: (line = '') => {
      screen.say(line);
    },
    going: (step, from = new Date()) => {
      done({ at: from });
      current = { step, from: from.getTime() };
      tell();
    },
    done,
    watch: (world) => {
      watched = world;
    },
    close: () => {
      clearInterval(timer);
      screen.close();
      screen = nowhere;
    },
  };
};
