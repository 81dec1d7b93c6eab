import type { Descriptor } from '../../../lib/domain/image-manifest.ts';
import { isDigest, manifestTypes } from '../../../lib/domain/image-manifest.ts';
import { AwsError } from '../operation.ts';

/** What ECR must know of a manifest: https://github.com/opencontainers/image-spec (manifest.md, image-index.md). */
export interface ManifestParts {
  readonly mediaType: string;
  /** digest of the config; undefined for an index */
  readonly config: string | undefined;
  /** digests of config and layers that must be in the repository */
  readonly layers: readonly string[];
  /** the manifests that an index names */
  readonly children: readonly Child[];
  readonly subject: string | undefined;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  /** bytes of config and layers; 0 for an index */
  readonly size: number;
}

export interface Child {
  readonly digest: string;
  readonly os: string | undefined;
  readonly architecture: string | undefined;
}

interface Manifest {
  mediaType?: string;
  config?: Descriptor;
  layers?: Descriptor[];
  manifests?: Descriptor[];
  subject?: Descriptor;
  artifactType?: string;
  annotations?: Record<string, string>;
}

const INDEX = /\.(?:index\.v1|manifest\.list\.v2)\+json$/;

/**
 * Reads what PutImage was given. The media type is the request's or the manifest's own; a manifest without one needs the
 * request's. Raises InvalidParameterException.
 */
export const readManifest = (text: string, requested?: string): ManifestParts => {
  const manifest = parsed(text);
  const mediaType = mediaTypeOf(manifest, requested);
  if (INDEX.test(mediaType)) return indexParts(manifest, mediaType);
  const blobs = [manifest.config, ...(manifest.layers ?? [])];
  if (!blobs.every(isDescriptor)) throw invalid('imageManifest', 'Invalid image manifest');
  return {
    ...commonParts(manifest, mediaType),
    config: manifest.config?.digest,
    artifactType: manifest.artifactType ?? manifest.config?.mediaType,
    layers: [...new Set(blobs.filter(isOwn).map(({ digest }) => digest))],
    children: [],
    size: blobs.reduce((total, { size }) => total + size, 0),
  };
};

const indexParts = (manifest: Manifest, mediaType: string): ManifestParts => {
  const manifests = manifest.manifests ?? [];
  if (!Array.isArray(manifest.manifests) || !manifests.every(isDescriptor)) {
    throw invalid('imageManifest', 'Invalid image index');
  }
  return {
    ...commonParts(manifest, mediaType),
    config: undefined,
    artifactType: manifest.artifactType,
    layers: [],
    children: manifests.map(({ digest, platform }) => ({
      digest,
      os: platform?.os,
      architecture: platform?.architecture,
    })),
    size: 0,
  };
};

const commonParts = (
  { subject, annotations }: Manifest,
  mediaType: string,
): Pick<ManifestParts, 'mediaType' | 'subject' | 'annotations'> => ({
  mediaType,
  subject: subject?.digest,
  annotations,
});

const parsed = (text: string): Manifest => {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    throw invalid('imageManifest', 'Invalid JSON syntax');
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw invalid('imageManifest', 'Invalid JSON syntax');
  }
  return manifest;
};

const mediaTypeOf = ({ mediaType }: Manifest, requested: string | undefined): string => {
  const found = requested ?? mediaType;
  if (found === undefined) throw invalid('imageManifestMediaType', 'The manifest does not say its media type');
  if (mediaType !== undefined && mediaType !== found) {
    throw invalid('imageManifestMediaType', `The manifest says ${mediaType}`);
  }
  if (!manifestTypes.some((type) => type === found)) throw invalid('imageManifestMediaType', 'Unsupported media type');
  return found;
};

const isDescriptor = (value: Descriptor | undefined): value is Descriptor =>
  typeof value?.digest === 'string' && isDigest(value.digest) && Number.isSafeInteger(value.size);

/** A foreign layer lies elsewhere and is never pushed. */
const isOwn = ({ urls }: Descriptor): boolean => urls === undefined || urls.length === 0;

const invalid = (member: string, constraint: string): AwsError =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at '${member}' failed to satisfy constraint: '${constraint}'`,
  );
