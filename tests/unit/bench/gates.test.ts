import { copyGates, gates } from '../../bench/gates.ts';

const good = {
  hook: { name: 'pipeline-webhook', bytes: 450_000, gzip: 120_000 },
  inputs: ['functions/pipeline-webhook.ts', 'node_modules/zod/v4/mini/schemas.js', 'node_modules/@aws-sdk/core/a.js'],
  ratios: { thousandToOne: 1.2, toFloor: 3 },
  coldStart: { ratios: { hook: 3.5, registry: 3.5 } },
};

const failed = (measured: typeof good) => gates(measured).filter(({ ok }) => !ok);

test('at the limits everything passes', () => {
  expect(failed(good)).toEqual([]);
});

test('one byte more fails', () => {
  expect(failed({ ...good, hook: { ...good.hook, bytes: 450_001 } })).toEqual([
    { name: 'pipeline-webhook: bytes of its bundle', ok: false, value: 450_001, limit: 450_000 },
  ]);
});

test.each([
  ['zod classic', 'node_modules/zod/v4/classic/schemas.js'],
  ['zod classic', 'node_modules/zod/v3/types.js'],
  ['Powertools tracer', 'node_modules/@aws-lambda-powertools/tracer/lib/esm/index.js'],
  ['AWS SDK v2', 'node_modules/aws-sdk/lib/core.js'],
])('%s in the hook fails', (what, input) => {
  expect(failed({ ...good, inputs: [...good.inputs, input] })).toEqual([
    { name: `pipeline-webhook: files of ${what}`, ok: false, value: 1, limit: 0 },
  ]);
});

test('a hook that slows down with targets that are not its own fails', () => {
  expect(failed({ ...good, ratios: { thousandToOne: 1.201, toFloor: 3 } })).toHaveLength(1);
});

test('a hook that starts too slowly fails', () => {
  expect(failed({ ...good, coldStart: { ratios: { hook: 3.501, registry: 3.5 } } })).toEqual([
    { name: "pipeline-webhook: cold start to an empty handler's", ok: false, value: 3.501, limit: 3.5 },
  ]);
  expect(failed({ ...good, coldStart: { ratios: { hook: 3.5, registry: 3.501 } } })).toEqual([
    { name: "registry-webhook: cold start to an empty handler's", ok: false, value: 3.501, limit: 3.5 },
  ]);
});

const copies = {
  rounds: 5,
  overV2: { engineMs: 1_000, skopeoMs: 1_200, craneMs: 1_000, peakRssMb: 200 },
  toEcr: { engineMs: 1_000, bareMs: 900, peakRssMb: 260 },
  changed: { movedToLayer: 1.05, timeToCrane: 1.3, timeToShare: 1.7 },
  present: { requests: 10, uploads: 0 },
  perLayerMs: { 10: 10, 100: 11, 400: 13 },
  ratios: { toSkopeo: 0.833, toCrane: 1, toBare: 1.111, growth: 1.3 },
};
const failedCopies = (measured: typeof copies) => copyGates(measured).flatMap(({ ok, name }) => (ok ? [] : [name]));

test('a copy at the limits passes', () => {
  expect(failedCopies(copies)).toEqual([]);
});

test.each([
  ["copy over /v2: time to skopeo's", { ratios: { ...copies.ratios, toSkopeo: 0.834 } }],
  ["copy over /v2: time to crane's", { ratios: { ...copies.ratios, toCrane: 1.001 } }],
  ['copy over /v2: MB of memory', { overV2: { ...copies.overV2, peakRssMb: 201 } }],
  ["copy to ECR: time to bare parts'", { ratios: { ...copies.ratios, toBare: 1.112 } }],
  ['copy to ECR: MB of memory', { toEcr: { ...copies.toEcr, peakRssMb: 261 } }],
  ["one layer of six changed: bytes to the layer's", { changed: { ...copies.changed, movedToLayer: 1.051 } }],
  ["one layer of six changed: time to crane's", { changed: { ...copies.changed, timeToCrane: 1.301 } }],
  ['copied already: uploads', { present: { requests: 10, uploads: 1 } }],
  ['copied already: requests', { present: { requests: 11, uploads: 0 } }],
  ['400 layers: time for each to that of 10', { ratios: { ...copies.ratios, growth: 1.301 } }],
])('%s over its limit fails', (name, change) => {
  expect(failedCopies({ ...copies, ...change })).toEqual([name]);
});
