import type { AnswerTimes } from './answer-times.ts';
import type { BundleSize } from './bundles.ts';
import type { ColdStarts } from './cold-start.ts';
import type { Copies } from './copy/measure-copies.ts';
import type { Gate } from './gates.ts';

/** What it found of the doors. */
export interface Hooks {
  bundles: BundleSize[];
  hook: AnswerTimes;
  coldStart: ColdStarts;
  gates: Gate[];
}

/** What `npm run bench` found; printed as one JSON line with `--json`. */
export interface Report {
  ok: boolean;
  hooks?: Hooks;
  copies?: Copies & { gates: Gate[] };
  /** what could not be measured, and why */
  leftOut?: string;
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

const copyTimes = ({ overV2, toEcr, ratios, rounds }: Copies): string[] => [
  ...table([
    ['6 layers of 100 MiB, each a whole process', 'median ms', 'ratio', 'peak MB'],
    ['registry to registry: the engine', number(overV2.engineMs), '', number(overV2.peakRssMb)],
    ['  skopeo copy', number(overV2.skopeoMs), `engine ${number(ratios.toSkopeo)} ×`],
    ['  crane cp -j 6', number(overV2.craneMs), `engine ${number(ratios.toCrane)} ×`],
    ["registry to ECR's API: the engine", number(toEcr.engineMs), '', number(toEcr.peakRssMb)],
    ['  the same parts from memory, by the SDK', number(toEcr.bareMs), `engine ${number(ratios.toBare)} ×`],
  ]),
  `(${rounds} runs each, interleaved, into an empty destination)`,
];

const changedTimes = ({ changed }: Copies): string[] =>
  table([
    ['one layer of six changed', 'ratio'],
    ['bytes moved to those of the layer', number(changed.movedToLayer)],
    ["time to crane's of the same", number(changed.timeToCrane)],
    ['time to a sixth of the whole copy (1.3 was aimed at)', number(changed.timeToShare)],
  ]);

const layerTimes = ({ perLayerMs, ratios }: Copies): string[] =>
  table([
    ['layers of 1 MiB', 'ms each', 'ratio'],
    ...Object.entries(perLayerMs).map(([count, ms]) => [count, number(ms), '']),
    ['400 to 10', '', `${number(ratios.growth)} ×`],
  ]);

const hooksInWords = ({ bundles, hook, coldStart, gates }: Hooks): string[] => [
  ...[...sizes(bundles), ''],
  ...[...times(hook), `(${hook.samples} calls each, interleaved)`, ''],
  ...[...coldStarts(coldStart), `(${coldStart.samples} starts each, interleaved, by aws-lambda-ric)`, ''],
  ...verdicts(gates),
];

const copiesInWords = (copies: Copies & { gates: Gate[] }): string[] => [
  ...[...copyTimes(copies), ''],
  ...[...changedTimes(copies), ''],
  ...[...layerTimes(copies), ''],
  ...verdicts(copies.gates),
];

/** The report for people. */
export const inWords = ({ hooks, copies, leftOut }: Report): string =>
  [
    ...(hooks === undefined ? [] : [...hooksInWords(hooks), '']),
    ...(copies === undefined ? [] : copiesInWords(copies)),
    ...(leftOut === undefined ? [] : [`!!! NOT MEASURED: ${leftOut}`]),
  ].join('\n');
