import { createHash } from 'node:crypto';
import type { Descriptor, RawManifest } from '../../lib/domain/image-manifest.ts';
import { isDigest } from '../../lib/domain/image-manifest.ts';
import { OciError } from './oci-error.ts';
import type { RegistryContent } from './registry-content.ts';

/** A manifest as its JSON says it. https://github.com/opencontainers/image-spec/blob/main/manifest.md */
export interface ManifestDocument {
  schemaVersion?: number;
  mediaType?: string;
  artifactType?: string;
  config?: Descriptor;
  layers?: readonly Descriptor[];
  manifests?: readonly Descriptor[];
  subject?: Descriptor;
  annotations?: Readonly<Record<string, string>>;
}

export const sha256 = (bytes: Buffer | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const invalid = (message: string): OciError => new OciError({ status: 400, code: 'MANIFEST_INVALID', message });

/** Raises MANIFEST_INVALID. */
export const manifestDocument = ({ bytes }: Pick<RawManifest, 'bytes'>): ManifestDocument => {
  try {
    const document: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // told below
  }
  throw invalid('manifest invalid: no JSON object');
};

/** A foreign layer lies elsewhere: registries do not ask for its bytes. */
const isOwn = ({ urls }: Descriptor): boolean => urls === undefined || urls.length === 0;

const missingOf = (content: RegistryContent, repository: string, document: ManifestDocument): string | undefined => {
  const blobs = [document.config, ...(document.layers ?? [])].filter((blob) => blob !== undefined).filter(isOwn);
  const blob = blobs.find(({ digest }) => content.blob(repository, digest) === undefined);
  const child = document.manifests?.find(({ digest }) => content.manifest(repository, digest) === undefined);
  return (blob ?? child)?.digest;
};

/** Raises MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN: a subject may be unknown, all else that it names may not. */
export const checkManifest = (
  content: RegistryContent,
  repository: string,
  manifest: RawManifest,
): ManifestDocument => {
  const document = manifestDocument(manifest);
  if (document.schemaVersion !== 2) throw invalid('manifest invalid: unrecognized manifest schema version');
  if (document.mediaType !== undefined && document.mediaType !== manifest.mediaType) {
    throw invalid(`if present, mediaType in manifest should be '${manifest.mediaType}' not '${document.mediaType}'`);
  }
  if (document.config === undefined && document.manifests === undefined) throw invalid('manifest invalid');
  const missing = missingOf(content, repository, document);
  if (missing === undefined) return document;
  const message = `blob unknown to registry: ${missing}`;
  throw new OciError({ status: 400, code: 'MANIFEST_BLOB_UNKNOWN', message });
};

/** What names this digest as its subject, as the referrers API lists it. */
export const referrersOf = (content: RegistryContent, repository: string, digest: string): Descriptor[] =>
  [...content.manifests(repository)].flatMap((manifest) => {
    const { subject, artifactType, config, annotations } = manifestDocument(manifest);
    if (subject?.digest !== digest) return [];
    const type = artifactType ?? config?.mediaType;
    return [
      {
        mediaType: manifest.mediaType,
        digest: manifest.digest,
        size: manifest.bytes.length,
        ...(type === undefined ? {} : { artifactType: type }),
        ...(annotations === undefined ? {} : { annotations }),
      },
    ];
  });

export const checkedDigest = (digest: string): string => {
  if (isDigest(digest)) return digest;
  throw new OciError({ status: 400, code: 'DIGEST_INVALID', message: `provided digest is invalid: ${digest}` });
};
