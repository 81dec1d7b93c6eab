import type { WriteStream } from 'node:tty';

/** Where what goes on is shown. */
export interface Screen {
  /** A line that stays. */
  say(line: string): void;
  /** What is so right now: `lines` take the place of those before; where lines only add up, the `gist`, now and then. */
  show(lines: readonly string[], gist: string): void;
  /** Takes away what is so right now, for good. */
  close(): void;
}

export type Output = Pick<WriteStream, 'write'> & { isTTY?: boolean; rows?: number };

const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
// A line of the area that is too long for the terminal is cut, not wrapped: it has as many rows as lines.
const cut = '\u001b[?7l';
const wrap = '\u001b[?7h';
const clearLine = '\u001b[K';
const clearBelow = '\u001b[J';
const up = (lines: number): string => (lines === 0 ? '\r' : `\r\u001b[${lines}A`);

/** Redraws an area below the lines that stay. Each change is one write, so nothing flickers. */
export const terminalScreen = (out: Output): Screen => {
  let area: readonly string[] = [];
  const rows = (lines: readonly string[]): string => lines.map((line) => `${line}${clearLine}\n`).join('');
  const draw = (stays: readonly string[], next: readonly string[]): void => {
    const frame = `${up(area.length)}${rows(stays)}${cut}${rows(next)}${wrap}${clearBelow}`;
    out.write(`${hideCursor}${frame}${showCursor}`);
    area = next;
  };
  return {
    say: (line) => {
      draw(line.split('\n'), area);
    },
    show: (lines) => {
      const next = lines.slice(-((out.rows ?? 24) - 1));
      if (next.join('\n') !== area.join('\n')) draw([], next);
    },
    close: () => {
      if (area.length > 0) draw([], []);
    },
  };
};
