import { styleText } from 'node:util';
import type { ScalableTarget } from '../../../lib/domain/scaling.ts';
import { answersSince, colourNames, percent, sightBefore, type ColourSight, type Sight } from './sight.ts';

const barWidth = 40;
const usersOver = 1_000; // ms of real time over which users' answers are counted

/** Green's share of blue and green together, as a bar. */
const bar = (green: number): string => {
  const filled = Math.round((green / 100) * barWidth);
  const [left, right] = ['░'.repeat(barWidth - filled), '█'.repeat(filled)];
  return `blue ${styleText('blue', left)}${styleText('green', right)} green`;
};

const shareLine = (what: string, green: number, more = ''): string =>
  `${what.padEnd(9)} ${bar(green)}  ${`${100 - green} : ${green}`.padEnd(8)}${more}`.trimEnd();

/** Percent of the users' answers of the last second that came from green, and how many answers that were. */
export const usersShare = (history: readonly Sight[]): { green: number; answers: number } => {
  const [before, now] = [sightBefore(history, usersOver), history.at(-1)];
  if (before === undefined || now === undefined) return { green: 0, answers: 0 };
  const { blue, green } = answersSince(before, now);
  return { green: percent(green, blue + green), answers: blue + green };
};

/** What Auto Scaling may do to a colour, in a few words. */
export const scalingWords = (scaling: ScalableTarget | undefined): string => {
  if (scaling === undefined) return 'no Auto Scaling';
  const { min, max, suspended } = scaling;
  const { scaleIn, scaleOut, scheduled } = suspended;
  if (scaleIn && scaleOut && scheduled) return `${min}–${max}, at rest`;
  const resting = [scaleIn ? 'scale-in' : '', scaleOut ? 'scale-out' : '', scheduled ? 'schedules' : ''];
  const words = resting.filter((word) => word !== '');
  return words.length === 0 ? `${min}–${max}` : `${min}–${max}, no ${words.join(', no ')}`;
};

const tasksOf = ({ commit, running, desired }: ColourSight): string => `${commit} ${running}/${desired}`;

/** Something of both colours, in columns. */
const both = (what: string, of: (colour: ColourSight) => string, sight: Sight): string =>
  `${what.padEnd(10)}${colourNames.map((name) => `${name} ${of(sight[name])}`.padEnd(36)).join('')}`.trimEnd();

/** What is so right now, as people look at it: traffic as it is meant and as users get it, tasks, requests, errors. */
export const statusLines = (history: readonly Sight[], alarmName: string): string[] => {
  const now = history.at(-1);
  if (now === undefined) return [];
  const { green, answers } = usersShare(history);
  const alarm = now.alarm === 'OK' ? now.alarm : styleText('red', now.alarm);
  return [
    shareLine('weights', now.green.weight),
    shareLine('users', green, `of the last second's ${answers} answers`),
    both('tasks', tasksOf, now),
    both('scaling', ({ scaling }) => scalingWords(scaling), now),
    both('answers', ({ requests, failures }) => `${requests}, of them errors ${failures}`, now),
    `alarm     ${alarmName}: ${alarm}`,
  ];
};

/** The same in one line. */
export const statusGist = (history: readonly Sight[], alarmName: string): string[] => {
  const now = history.at(-1);
  if (now === undefined) return [];
  const { green } = usersShare(history);
  const pair = (of: (colour: ColourSight) => number | string): string => `${of(now.blue)}, ${of(now.green)}`;
  return [
    `blue, green: weights ${pair(({ weight }) => weight)}`,
    `users ${100 - green}, ${green} %`,
    `tasks ${pair(tasksOf)}`,
    `answers ${pair(({ requests }) => requests)}`,
    `errors ${pair(({ failures }) => failures)}`,
    `${alarmName} ${now.alarm}`,
  ];
};
