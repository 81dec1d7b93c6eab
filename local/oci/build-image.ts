import { createHash } from 'node:crypto';
import type { Descriptor, Platform, RawManifest } from '../../lib/domain/image-manifest.ts';
import { layerBytes, type LayerSpec } from './layer-bytes.ts';
import { sha256 } from './manifest-document.ts';

/** An image to be made. The same one gives the same digest. */
export interface ImageSpec {
  /** what its bytes follow from */
  seed: string;
  /** default: one of 1 KiB. A layer with a seed of its own is the same in every image and for every platform */
  layers?: readonly { size: number; seed?: string | undefined }[] | undefined;
  /** one: a plain image, several: an index; default linux/amd64 */
  platforms?: readonly Platform[] | undefined;
  labels?: Readonly<Record<string, string>> | undefined;
  /** an ImageBehaviour of the fleet, which reads it: the label `rehearsal.behaviour` */
  behaviour?: { does: string } | undefined;
  /** an index with BuildKit's provenance of each platform, also for one platform */
  attestations?: boolean | undefined;
}

/** A blob that is made each time its bytes are asked for. */
export interface BuiltBlob extends Descriptor {
  bytes: () => Iterable<Buffer>;
}

export interface BuiltImage {
  /** the image's or the index's */
  main: RawManifest;
  /** what is to be there before, children first */
  children: readonly RawManifest[];
  /** each once */
  blobs: readonly BuiltBlob[];
}

export const imageType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';
const configType = 'application/vnd.oci.image.config.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

export const manifestOf = (mediaType: string, document: object): RawManifest => {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...document }, null, 2));
  return { mediaType, digest: sha256(bytes), bytes };
};

export const blobOf = (mediaType: string, text: string): BuiltBlob => {
  const bytes = Buffer.from(text);
  return { mediaType, digest: sha256(bytes), size: bytes.length, bytes: () => [bytes] };
};

/** What names it in another manifest. */
export const descriptorOf = ({ mediaType, digest, ...rest }: RawManifest | BuiltBlob): Descriptor => ({
  mediaType,
  digest,
  size: 'size' in rest ? rest.size : rest.bytes.length,
});

interface BuiltLayer {
  blob: BuiltBlob;
  /** the uncompressed bytes' digest */
  diffId: string;
}

const layerOf = (spec: LayerSpec): BuiltLayer => {
  const stored = createHash('sha256');
  const plain = createHash('sha256');
  for (const chunk of layerBytes(spec, (bytes) => plain.update(bytes))) stored.update(chunk);
  const digest = `sha256:${stored.digest('hex')}`;
  const blob = { mediaType: layerType, digest, size: spec.size, bytes: () => layerBytes(spec) };
  return { blob, diffId: `sha256:${plain.digest('hex')}` };
};

const labelsOf = ({ labels = {}, behaviour }: ImageSpec): Record<string, string> => ({
  ...labels,
  ...(behaviour === undefined ? {} : { 'rehearsal.behaviour': JSON.stringify(behaviour) }),
});

interface BuiltPlatform {
  platform: Platform;
  manifest: RawManifest;
  blobs: BuiltBlob[];
}

const forPlatform = (spec: ImageSpec, { os, architecture }: Platform): BuiltPlatform => {
  const specs = spec.layers ?? [{ size: 1024 }];
  const layers = specs.map(({ size, seed = `${spec.seed}/${os}/${architecture}` }, index) =>
    layerOf({ size, seed: `${seed}/${index}` }),
  );
  const rootfs = { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) };
  const config = { Cmd: ['/app'], Labels: labelsOf(spec) };
  const configBlob = blobOf(configType, JSON.stringify({ architecture, os, config, rootfs }));
  const document = { config: descriptorOf(configBlob), layers: layers.map(({ blob }) => descriptorOf(blob)) };
  const blobs = [...layers.map(({ blob }) => blob), configBlob];
  return { platform: { os, architecture }, manifest: manifestOf(imageType, document), blobs };
};

const inTotoType = 'application/vnd.in-toto+json';
const provenance = 'https://slsa.dev/provenance/v1';

/** BuildKit's attestation of one image. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const attestationOf = ({ manifest }: BuiltPlatform) => {
  const subject = [{ name: 'pkg:docker/web', digest: { sha256: manifest.digest.slice('sha256:'.length) } }];
  const statement = { _type: 'https://in-toto.io/Statement/v0.1', predicateType: provenance, subject, predicate: {} };
  const layer = blobOf(inTotoType, JSON.stringify(statement));
  const rootfs = { type: 'layers', diff_ids: [layer.digest] };
  const config = blobOf(configType, JSON.stringify({ architecture: 'unknown', os: 'unknown', config: {}, rootfs }));
  const annotated = { ...descriptorOf(layer), annotations: { 'in-toto.io/predicate-type': provenance } };
  const attestation = manifestOf(imageType, { config: descriptorOf(config), layers: [annotated] });
  const descriptor = {
    ...descriptorOf(attestation),
    platform: { architecture: 'unknown', os: 'unknown' },
    annotations: {
      'vnd.docker.reference.digest': manifest.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    },
  };
  return { manifest: attestation, descriptor, blobs: [layer, config] };
};

const once = (blobs: readonly BuiltBlob[]): BuiltBlob[] => [
  ...new Map(blobs.map((blob) => [blob.digest, blob])).values(),
];

/** Makes the image: manifests as bytes, layers that give their bytes when they are asked for. */
export const buildImage = (spec: ImageSpec): BuiltImage => {
  const platforms = spec.platforms ?? [{ os: 'linux', architecture: 'amd64' }];
  const built = platforms.map((platform) => forPlatform(spec, platform));
  const attested = spec.attestations === true ? built.map(attestationOf) : [];
  const [only] = built;
  if (built.length === 1 && only !== undefined && attested.length === 0) {
    return { main: only.manifest, children: [], blobs: once(only.blobs) };
  }
  const named = built.map(({ manifest, platform }) => ({ ...descriptorOf(manifest), platform }));
  const manifests = [...named, ...attested.map(({ descriptor }) => descriptor)];
  return {
    main: manifestOf(indexType, { manifests }),
    children: [...built, ...attested].map(({ manifest }) => manifest),
    blobs: once([...built, ...attested].flatMap(({ blobs }) => blobs)),
  };
};
