import { gates } from '../../bench/gates.ts';

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
