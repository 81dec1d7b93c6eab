import type { SwapEvent } from './events.ts';
import { answersSince, failuresOf, percent, type ColourName, type Sight } from './sight.ts';
import { inSeconds } from '../../../cli/words.ts';

const widest = 76;
const levels = '▁▂▃▄▅▆▇█';

/** A share as one character: nothing for none, full for all only. */
const level = (share: number): string => {
  if (share <= 0) return ' ';
  if (share >= 100) return '█';
  return levels[Math.min(levels.length - 2, Math.floor((share / 100) * levels.length))] ?? ' ';
};

const digit = (count: number): string => (count === 0 ? '·' : count > 9 ? '+' : String(count));

/** The sights of one column; `before` is the last of the column to its left. */
interface Column {
  before: Sight;
  last: Sight;
}

/** One for each `width` ms; where nobody looked, the last sight goes on. */
const columnsOf = (history: readonly Sight[], width: number): Column[] => {
  const [first, end] = [history[0], history.at(-1)];
  if (first === undefined || end === undefined) return [];
  const count = Math.floor((end.at - first.at) / width) + 1;
  let before = first;
  return Array.from({ length: count }, (_, index) => {
    const last = history.findLast(({ at }) => at < first.at + (index + 1) * width) ?? first;
    const column = { before, last };
    before = last;
    return column;
  });
};

const usersLevel = ({ before, last }: Column): string => {
  const { blue, green } = answersSince(before, last);
  return level(percent(green, blue + green));
};

const rowsOf = (columns: readonly Column[]): [string, string][] => {
  const row = (of: (column: Column) => string): string => columns.map(of).join('');
  const tasks = (name: ColourName) => row(({ last }) => digit(last[name].running));
  return [
    ['weight of green', row(({ last }) => level(last.green.weight))],
    ['users on green', row(usersLevel)],
    ['tasks of green', tasks('green')],
    ['tasks of blue', tasks('blue')],
    ['errors', row(({ before, last }) => digit(failuresOf(last) - failuresOf(before)))],
  ];
};

/** Letters under the columns in which something happened; of several in one column, the next free one to the right. */
const marksRow = (places: readonly number[]): string => {
  const row: string[] = [];
  places.forEach((place, index) => {
    const free = Math.max(place, row.length);
    while (row.length < free) row.push(' ');
    row.push(letterOf(index));
  });
  return row.join('');
};

const letterOf = (index: number): string => String.fromCharCode('a'.charCodeAt(0) + index);

/** The picture of what was seen, from the first sight to the last, with what happened below it. */
export const timelineLines = (history: readonly Sight[], events: readonly SwapEvent[], speed: number): string[] => {
  const [first, end] = [history[0], history.at(-1)];
  if (first === undefined || end === undefined) return [];
  const width = Math.max(100, Math.ceil((end.at - first.at + 1) / widest / 100) * 100);
  const marked = events.filter(({ mark, at }) => mark && at >= first.at);
  const line = (name: string, row: string) => `  ${name.padEnd(16)}${row}`.trimEnd();
  const places = marked.map(({ at }) => Math.floor((at - first.at) / width));
  const seconds = ({ at }: SwapEvent) => inSeconds((at - first.at) / 1_000);
  return [
    line('one column', `${width / 1_000} s, ${(width / 1_000) * speed} s of world time`),
    ...rowsOf(columnsOf(history, width)).map(([name, row]) => line(name, row)),
    line('', marksRow(places)),
    ...marked.map((event, index) => line('', `${letterOf(index)} ${seconds(event).padStart(7)}  ${event.text}`)),
  ];
};
