import type { AnswerTimes } from './answer-times.ts';
import type { BundleSize } from './bundles.ts';
import type { ColdStarts } from './cold-start.ts';
import type { Gate } from './gates.ts';

/** What `npm run bench` found; printed as one JSON line with `--json`. */
export interface Report {
  ok: boolean;
  bundles: BundleSize[];
  hook: AnswerTimes;
  coldStart: ColdStarts;
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

const handlers = { hook: 'the hook', registry: "the registry's hook", empty: 'an empty handler' } as const;

const coldStarts = ({ medianMs, minMs, maxMs, ratios }: ColdStarts): string[] =>
  table([
    ['from the start of the process to the first 202', 'median ms', 'min', 'max', 'ratio'],
    ...(['hook', 'registry', 'empty'] as const).map((scene) => [
      handlers[scene],
      ...[medianMs, minMs, maxMs].map((ms) => number(ms[scene])),
      scene === 'empty' ? '' : `${number(ratios[scene])} × empty`,
    ]),
  ]);

const verdicts = (gates: readonly Gate[]): string[] =>
  table([
    ['gate', 'value', 'limit', ''],
    ...gates.map(({ name, ok, value, limit }) => [name, number(value), number(limit), ok ? 'ok' : 'FAILED']),
  ]);

/** The report for people. */
export const inWords = ({ bundles, hook, coldStart, gates }: Report): string =>
  [
    ...[...sizes(bundles), ''],
    ...[...times(hook), `(${hook.samples} calls each, interleaved)`, ''],
    ...[...coldStarts(coldStart), `(${coldStart.samples} starts each, interleaved, by aws-lambda-ric)`, ''],
    ...verdicts(gates),
  ].join('\n');
