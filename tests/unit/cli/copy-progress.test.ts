import { copyGist, copyLines, layersSoFar, type CopySight } from '../../../cli/copy-progress.ts';

const mib = 2 ** 20;
const layer = (letter: string, size: number, present = false) => ({
  digest: `sha256:${letter.repeat(64)}`,
  size,
  present,
});
const base = layer('a', 60 * mib, true);
const model = layer('b', 24 * mib);
const settings = layer('c', 48 * 1024);
const sight = (change: Partial<CopySight> = {}): CopySight => ({
  layers: [base, model, settings],
  uploads: new Map(),
  inEcr: new Set([base.digest]),
  ...change,
});

test('what is in ECR has come whole, of an upload what the journal says, of others nothing', () => {
  const uploads = new Map([[model.digest, { next: 10 * mib }]]);
  const layers = layersSoFar(sight({ uploads }), [], 2);
  expect(layers.map(({ came }) => came)).toEqual([base.size, 10 * mib, 0]);
});

test('a layer whose upload is over counts as soon as ECR has it', () => {
  const uploads = new Map([[model.digest, { next: 20 * mib }]]);
  const inEcr = new Set([base.digest, model.digest]);
  expect(layersSoFar(sight({ uploads, inEcr }), [], 2)[1]).toMatchObject({ came: model.size });
});

test('the time of a layer is that of its latest progress', () => {
  const at = (next: number) => sight({ uploads: new Map([[model.digest, { next }]]) });
  const first = layersSoFar(at(10 * mib), [], 1);
  const second = layersSoFar(at(10 * mib), first, 2);
  const third = layersSoFar(at(20 * mib), second, 4);
  expect([second[1]?.seconds, third[1]?.seconds]).toEqual([1, 4]);
});

test('a bar for each layer, with bytes, speed and what was there; then the whole', () => {
  const uploads = new Map([[model.digest, { next: 10 * mib }]]);
  expect(copyLines(layersSoFar(sight({ uploads }), [], 2))).toEqual([
    'aaaaaaaaaaaa  ████████████████████ 100 %                   60.0 MiB  in ECR already',
    'bbbbbbbbbbbb  ████████░░░░░░░░░░░░  41 %    10.0 MiB of   24.0 MiB     5.0 MiB/s',
    'cccccccccccc  ░░░░░░░░░░░░░░░░░░░░   0 %     0.0 KiB of   48.0 KiB',
    '10.0 MiB of 24.0 MiB copied, 5.0 MiB/s, 60.0 MiB in ECR already',
  ]);
});

test('a bar is full only when the whole layer is there', () => {
  const uploads = new Map([[model.digest, { next: model.size - 1 }]]);
  expect(copyLines(layersSoFar(sight({ uploads }), [], 2))[1]).toContain('███████████████████░  99 %');
});

test('nothing is shown while nobody knows the layers', () => {
  expect(copyLines([])).toEqual([]);
  expect(copyGist([])).toBe('');
});
