import type { AnswerTimes } from './answer-times.ts';
import type { BundleSize } from './bundles.ts';
import type { Gate } from './gates.ts';

/** What `npm run bench` found; printed as one JSON line with `--json`. */
export interface Report {
  ok: boolean;
  bundles: BundleSize[];
  hook: AnswerTimes;
  gates: Gate[];
}

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 3 });

/** Columns as wide as they need to be: the first to the left, all others to the right. */
const table = (rows: readonly string[][]): string[] =>
  rows.map((row) =>
    row
      .map((cell, column) => {
        const width = Math.max(...rows.map((other) => (other[column] ?? '').length));
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );

const sizes = (bundles: readonly BundleSize[]): string[] =>
  table([['bundle', 'bytes', 'gzip'], ...bundles.map(({ name, bytes, gzip }) => [name, number(bytes), number(gzip)])]);

const times = ({ medianMs, ratios }: AnswerTimes): string[] =>
  table([
    ['the hook answers, warm', 'median ms', 'ratio'],
    ['1 target of other projects', number(medianMs.one), ''],
    ['1,000 targets of other projects', number(medianMs.thousand), `${number(ratios.thousandToOne)} × with 1`],
    ['the floor: same calls by fetch, no SDK', number(medianMs.floor), `hook ${number(ratios.toFloor)} × floor`],
  ]);

const verdicts = (gates: readonly Gate[]): string[] =>
  table([
    ['gate', 'value', 'limit', ''],
    ...gates.map(({ name, ok, value, limit }) => [name, number(value), number(limit), ok ? 'ok' : 'FAILED']),
  ]);

/** The report for people. */
export const inWords = ({ bundles, hook, gates }: Report): string =>
  [...sizes(bundles), '', ...times(hook), `(${hook.samples} calls each, interleaved)`, '', ...verdicts(gates)].join(
    '\n',
  );
