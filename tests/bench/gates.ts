import type { AnswerTimes } from './answer-times.ts';
import type { BundleSize } from './bundles.ts';
import type { ColdStarts } from './cold-start.ts';
import type { Copies } from './copy/measure-copies.ts';

/** One thing that must hold: `value` is at most `limit`. */
export interface Gate {
  name: string;
  ok: boolean;
  value: number;
  limit: number;
}

/** What must not get into the hook's bundle, each by where npm puts it, and each a multiple of what we use instead. */
const unwanted = {
  'zod classic': /(^|\/)node_modules\/zod\/(v3|v4\/classic)\//,
  'Powertools tracer': /(^|\/)node_modules\/@aws-lambda-powertools\/tracer\//,
  'AWS SDK v2': /(^|\/)node_modules\/aws-sdk\//,
};

const largestHook = 450_000; // bytes, minified
const mostSlowdown = 1.2; // with 1,000 targets of other projects against 1
const slowestColdStart = 3.5; // times an empty handler's

const gate = (name: string, value: number, limit: number): Gate => ({ name, ok: value <= limit, value, limit });

export interface Measured {
  hook: BundleSize;
  inputs: readonly string[];
  ratios: AnswerTimes['ratios'];
  coldStart: Pick<ColdStarts, 'ratios'>;
}

/** What the bench refuses to let pass. */
export const gates = ({ hook, inputs, ratios, coldStart }: Measured): Gate[] => [
  gate(`${hook.name}: bytes of its bundle`, hook.bytes, largestHook),
  ...Object.entries(unwanted).map(([what, where]) =>
    gate(`${hook.name}: files of ${what}`, inputs.filter((input) => where.test(input)).length, 0),
  ),
  gate(`${hook.name}: answer time with 1,000 foreign targets to with 1`, ratios.thousandToOne, mostSlowdown),
  gate(`${hook.name}: cold start to an empty handler's`, coldStart.ratios.hook, slowestColdStart),
  gate("registry-webhook: cold start to an empty handler's", coldStart.ratios.registry, slowestColdStart),
];

// Of times: a throughput of 1.2 × another's is 1 / 1.2 of its time.
const copyLimits = {
  toSkopeo: 1 / 1.2,
  toCrane: 1,
  toBare: 1 / 0.9,
  growth: 1.3,
  movedToLayer: 1.05,
  alone: 1.3,
};
const mostMemory = { overV2: 200, toEcr: 260 }; // MB
const mostRequests = 10;

/** What the bench refuses to let pass of copies. */
export const copyGates = ({ ratios, overV2, toEcr, changed, present }: Copies): Gate[] => [
  gate("copy over /v2: time to skopeo's", ratios.toSkopeo, copyLimits.toSkopeo),
  gate("copy over /v2: time to crane's", ratios.toCrane, copyLimits.toCrane),
  gate('copy over /v2: MB of memory', overV2.peakRssMb, mostMemory.overV2),
  gate("copy to ECR: time to bare parts'", ratios.toBare, copyLimits.toBare),
  gate('copy to ECR: MB of memory', toEcr.peakRssMb, mostMemory.toEcr),
  gate("one layer of six changed: bytes to the layer's", changed.movedToLayer, copyLimits.movedToLayer),
  // Not to its share of all six: a layer by itself has none beside it while it waits, for no client.
  gate("one layer of six changed: time to crane's", changed.timeToCrane, copyLimits.alone),
  gate('copied already: uploads', present.uploads, 0),
  gate('copied already: requests', present.requests, mostRequests),
  gate('400 layers: time for each to that of 10', ratios.growth, copyLimits.growth),
];
