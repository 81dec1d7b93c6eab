import { createHash } from 'node:crypto';
import type { VirtualClock } from '../../../local/clock.ts';
import { virtualClock } from '../../../local/clock.ts';
import { AwsError } from '../../../local/fleet/operation.ts';
import type { RegistrySettings, RepositorySeed } from '../../../local/fleet/registry-seeds.ts';
import type { World } from '../../../local/fleet/world/world.ts';
import { createWorld } from '../../../local/fleet/world/world.ts';
import { ACCOUNT, REGION } from './rehearsed-world.ts';

export const sha256 = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

type Answer = Record<string, unknown>;

/** What a refusal tells: its code, its message and the members of its shape. */
export type Refusal = Pick<AwsError, 'code' | 'message' | 'fields'>;

export interface Pushing {
  world: World;
  clock: VirtualClock;
  /** milliseconds of real time, as PutImage calls are counted by; tests move it */
  real: { now: number };
  /** an ECR call, on the repository `web` unless the input says otherwise */
  call: (operation: string, input?: Answer) => Answer;
  refusal: (operation: string, input?: Answer) => Refusal;
  /** begins an upload and tells its id */
  begin: () => string;
  /** the input of a part */
  part: (uploadId: string, first: number, bytes: Buffer) => Answer;
  /** uploads it in parts of at most this size; tells its digest */
  push: (bytes: Buffer | string, partSize?: number) => string;
  /** pushes config and layers and puts their manifest; tells its digest */
  image: (config: object, more?: { tag?: string; manifest?: object; layers?: string[] }) => string;
}

/** ECR alone, with a repository `web` that these settings hold for. */
export const pushing = (
  settings: RegistrySettings = { partSize: 8 },
  seed: Omit<RepositorySeed, 'name'> = {},
): Pushing => {
  const clock = virtualClock();
  const real = { now: 0 };
  const registry = { putImagesPerSecond: 1000, ...settings };
  const world = createWorld({ clock, region: REGION, account: ACCOUNT, seed: 1, registry, realTime: () => real.now });
  world.putRepository({ name: 'web', ...seed });
  const call: Pushing['call'] = (operation, input = {}) =>
    world.operations.ecr[operation]?.({ repositoryName: 'web', ...input }) ?? {};
  const begin = (): string => String(call('InitiateLayerUpload')['uploadId']);
  const push = pusher({ call, begin });
  return {
    world,
    clock,
    real,
    call,
    refusal: (operation, input) => refusalOf(() => call(operation, input)),
    begin,
    part,
    push,
    image: (config, { tag, manifest, layers = [] } = {}) => {
      const blobs = [JSON.stringify(config), ...layers];
      for (const blob of blobs) if (!isThere(call, blob)) push(blob);
      const imageManifest = JSON.stringify({ ...manifestOf(blobs), ...manifest });
      call('PutImage', { imageManifest, ...(tag === undefined ? {} : { imageTag: tag }) });
      return sha256(imageManifest);
    },
  };
};

export const part: Pushing['part'] = (uploadId, first, bytes) => ({
  uploadId,
  partFirstByte: first,
  partLastByte: first + bytes.length - 1,
  layerPartBlob: bytes,
});

const pusher =
  ({ call, begin }: Pick<Pushing, 'call' | 'begin'>): Pushing['push'] =>
  (given, partSize = 8) => {
    const bytes = Buffer.from(given);
    const uploadId = begin();
    for (let first = 0; first < bytes.length; first += partSize) {
      call('UploadLayerPart', part(uploadId, first, bytes.subarray(first, first + partSize)));
    }
    return String(call('CompleteLayerUpload', { uploadId, layerDigests: [sha256(bytes)] })['layerDigest']);
  };

const isThere = (call: Pushing['call'], blob: string): boolean => {
  const { layers } = call('BatchCheckLayerAvailability', { layerDigests: [sha256(blob)] });
  return (layers as { layerAvailability: string }[])[0]?.layerAvailability === 'AVAILABLE';
};

const described = (mediaType: string, blob: string): object => ({
  mediaType,
  digest: sha256(blob),
  size: Buffer.byteLength(blob),
});

/** Of a config and layers. */
export const manifestOf = ([config = '', ...layers]: string[]): object => ({
  schemaVersion: 2,
  mediaType: OCI_MANIFEST,
  config: described('application/vnd.oci.image.config.v1+json', config),
  layers: layers.map((layer) => described('application/vnd.oci.image.layer.v1.tar+gzip', layer)),
});

export const indexOf = (children: { digest: string; os?: string; architecture?: string }[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: children.map(({ digest, os = 'linux', architecture = 'amd64' }) => ({
      mediaType: OCI_MANIFEST,
      digest,
      size: 1,
      platform: { os, architecture },
    })),
  });

export const refusalOf = (act: () => unknown): Refusal => {
  try {
    act();
  } catch (error) {
    if (error instanceof AwsError) return { code: error.code, message: error.message, fields: error.fields };
    throw error;
  }
  throw new Error('the call was not refused');
};
