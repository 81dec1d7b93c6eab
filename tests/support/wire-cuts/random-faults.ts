import type { FaultRule } from '../../../local/fleet/seeds.ts';
import type { RegistryFault, RegistryFaultRule } from '../../../local/gitlab/registry/registry-faults.ts';
import { below, type Random } from '../cuts/random-image.ts';

/** Faults that pass: each hits some of the calls to come, and then no more. */

const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const some = <T>(random: Random, most: number, make: () => T): T[] =>
  Array.from({ length: below(random, most + 1) }, make);

/** Now and then more of them in a row than a caller tries by itself. */
const when = (random: Random) => ({ skip: below(random, 25), times: random() < 0.2 ? 6 : 1 + below(random, 2) });

const storage = 'GET /docker/**';
const blobs = ['GET /v2/**/blobs/*', storage];
const anyRoute = [...blobs, storage, 'GET /jwt/auth', 'GET /v2/**/manifests/*', 'GET /v2/**'];

type Kinds = readonly ((random: Random) => RegistryFault)[];

const ofAnything: Kinds = [
  (random) => ({ kind: 'error', status: pick(random, [500, 502, 503, 504]) }),
  (random) => ({ kind: 'rate limit', retryAfter: 1 + below(random, 20) }),
  () => ({ kind: 'reset' }),
  () => ({ kind: 'cut', at: 'random' }),
];

const ofBlobs: Kinds = [() => ({ kind: 'cut', at: 'random' }), (random) => ({ kind: 'cut', at: below(random, 5_000) })];

const ofStorage: Kinds = [
  () => ({ kind: 'ignore range' }),
  () => ({ kind: 'expired link' }),
  (random) => ({ kind: 'other length', by: -1 - below(random, 2_000), undeclared: true }),
];

const stalls: Kinds = [
  () => ({ kind: 'stall' }),
  (random) => ({ kind: 'stall', at: below(random, 3_000) }),
  (random) => ({ kind: 'slow', seconds: 1 + below(random, 10) }),
];

/** `elsewhere`: an origin that blobs are said to lie at. */
export const randomRegistryFaults = (random: Random, elsewhere: string): RegistryFaultRule[] => {
  const one = (routes: readonly string[], kinds: Kinds) => () => ({
    ...{ route: pick(random, routes), ...when(random), fault: pick(random, kinds)(random) },
  });
  return [
    ...some(random, 3, one(blobs, ofBlobs)),
    ...some(random, 2, one([storage], ofStorage)),
    ...some(random, 3, one(anyRoute, ofAnything)),
    ...some(random, 1, one(blobs, [() => ({ kind: 'redirect', to: `${elsewhere}/blob` })])),
    // These cost real time.
    ...(random() < 0.12 ? [{ ...one(anyRoute, stalls)(), times: 1 }] : []),
  ];
};

const operations = [
  ...['UploadLayerPart', 'UploadLayerPart', 'UploadLayerPart', 'CompleteLayerUpload', 'InitiateLayerUpload'],
  ...['PutImage', 'BatchCheckLayerAvailability', 'BatchGetImage'],
];

const ofEcr: readonly ((random: Random, partSize: number) => FaultRule['fault'])[] = [
  () => ({ kind: 'throttle' }),
  () => ({ kind: 'server error' }),
  () => ({ kind: 'reset' }),
  () => ({ kind: 'answer lost' }),
  () => ({ kind: 'answer lost' }),
  (random, partSize) => ({ kind: 'cut', afterBytes: below(random, 1.4 * partSize) }),
];

export const randomFleetFaults = (random: Random, partSize: number): FaultRule[] => {
  const call = () => ({ service: 'ecr', operation: pick(random, operations), ...when(random) });
  return [
    ...some(random, 7, () => ({ ...call(), fault: pick(random, ofEcr)(random, partSize) })),
    // Such a call takes effect when nobody waits for it any more.
    ...(random() < 0.12
      ? [{ ...call(), times: 1, fault: { kind: 'slow', seconds: 1 + below(random, 10) } as const }]
      : []),
  ];
};
