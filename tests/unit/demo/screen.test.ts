import { terminalScreen } from '../../../cli/terminal-screen.ts';
import { plainScreen, screenFor } from '../../../local/demo/screen.ts';

/** As much of a terminal as the screen uses: what people see, row by row. */
const terminal = (rows = 24) => {
  const shown: string[] = [''];
  let row = 0;
  const clearBelow = (): void => {
    shown.splice(row, shown.length, '');
  };
  const sequences: [RegExp, (count: number) => void][] = [
    [/^\u001b\[(\d+)A/, (count) => (row -= count)],
    [/^\u001b\[J/, clearBelow],
    [/^\u001b\[K/, () => undefined],
    [/^\u001b\[\?\d+[hl]/, () => undefined],
    [/^\r/, () => (shown[row] ??= '')],
  ];
  const write = (text: string): boolean => {
    let line: string | undefined;
    for (let rest = text; rest !== '';) {
      const found = sequences.find(([pattern]) => pattern.test(rest));
      const [matched = '', count = '0'] = found?.[0].exec(rest) ?? [rest.slice(0, 1)];
      rest = rest.slice(matched.length);
      if (found !== undefined) found[1](Number(count));
      else if (matched === '\n') {
        shown[row] = line ?? '';
        line = undefined;
        row += 1;
        shown[row] ??= '';
      } else line = `${line ?? ''}${matched}`;
    }
    return true;
  };
  return { out: { write, isTTY: true, rows }, seen: () => shown.join('\n') };
};

test('lines that stay come above what is so right now, which is replaced', () => {
  const { out, seen } = terminal();
  const screen = terminalScreen(out);
  screen.show(['one', 'two', 'three'], '');
  screen.say('first');
  screen.show(['four'], '');
  screen.say('\nsecond');
  expect(seen()).toBe('first\n\nsecond\nfour\n');
  screen.close();
  expect(seen()).toBe('first\n\nsecond\n');
});

test('what is so right now never has more rows than the terminal', () => {
  const { out, seen } = terminal(3);
  terminalScreen(out).show(['one', 'two', 'three'], '');
  expect(seen()).toBe('two\nthree\n');
});

test('nothing is written while nothing changes, and each change is one write', () => {
  const written: string[] = [];
  const screen = terminalScreen({ write: (text) => written.push(String(text)) > 0, isTTY: true });
  screen.show(['one'], '');
  screen.show(['one'], '');
  screen.say('first');
  expect(written).toHaveLength(2);
});

test('where lines only add up, the gist comes after two quiet seconds', () => {
  let now = 0;
  const written: string[] = [];
  const screen = plainScreen({ write: (text) => written.push(String(text)) > 0 }, () => now);
  screen.show(['tasks', 'users'], 'too early');
  now = 2_000;
  screen.show(['tasks', 'users'], 'the gist');
  now = 3_900;
  screen.show(['tasks', 'users'], 'too early again');
  screen.say('said');
  now = 5_800;
  screen.show(['tasks', 'users'], 'too early after a line');
  screen.close();
  expect(written).toEqual(['the gist\n', 'said\n']);
});

test.each([
  ['a terminal', { isTTY: true }, {}, true],
  ['a pipe', {}, {}, false],
  ['CI', { isTTY: true }, { CI: 'true' }, false],
  ['somebody who wants no colours', { isTTY: true }, { NO_COLOR: '1' }, false],
  ['a terminal that can do nothing', { isTTY: true }, { TERM: 'dumb' }, false],
])('%s', (_who, kind, env, live) => {
  const written: string[] = [];
  screenFor({ write: (text) => written.push(String(text)) > 0, ...kind }, env).say('line');
  expect(written[0] !== 'line\n').toBe(live);
});
