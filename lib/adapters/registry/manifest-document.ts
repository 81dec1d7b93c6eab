import * as z from 'zod/mini';
import { DeployFailure } from '../../domain/failure.ts';
import { isDigest, type Descriptor, type Manifest, type RawManifest } from '../../domain/image-manifest.ts';

// https://www.rfc-editor.org/rfc/rfc6838#section-4.2
const mediaType = z.string().check(z.regex(/^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/i));

const descriptor = z.pipe(
  z.object({
    mediaType,
    digest: z.string().check(z.refine(isDigest)),
    size: z.int().check(z.minimum(0)),
    platform: z.nullish(z.object({ os: z.string(), architecture: z.string() })),
    artifactType: z.nullish(z.string()),
    annotations: z.nullish(z.record(z.string(), z.string())),
    urls: z.nullish(z.array(z.string())),
  }),
  z.transform(({ mediaType, digest, size, ...rest }): Descriptor => {
    const { platform, artifactType, annotations, urls } = rest;
    return {
      mediaType,
      digest,
      size,
      ...(platform && { platform }),
      ...(typeof artifactType === 'string' && { artifactType }),
      ...(annotations && { annotations }),
      ...(urls && { urls }),
    };
  }),
);

const common = { mediaType: z.optional(mediaType), subject: z.nullish(descriptor) };
const absent = z.optional(z.undefined());

/**
 * What is both an index and an image is neither: its readers would not agree on what it is.
 * https://github.com/opencontainers/image-spec/security/advisories/GHSA-77vh-xpmg-72qh
 */
const indexDocument = z.object({ ...common, manifests: z.array(descriptor), config: absent, layers: absent });
const imageDocument = z.object({ ...common, config: descriptor, layers: z.array(descriptor), manifests: absent });

const refused = (because: string, field?: string): DeployFailure =>
  new DeployFailure('ImageRefused', because, field === undefined ? {} : { facts: { field } });

const parsed = <T extends z.ZodMiniType>(schema: T, bytes: Buffer): z.output<T> => {
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString());
  } catch {
    // The parser's own message quotes the text.
    throw refused('a manifest is not JSON');
  }
  const result = schema.safeParse(document);
  if (result.success) return result.data;
  throw refused('a manifest has another form than its media type says', result.error.issues[0]?.path.join('.'));
};

const isIndex = (type: string): boolean => /\.(index|manifest\.list)\./.test(type);

/** A manifest, of one of `manifestTypes`, read. Raises ImageRefused, naming the field, never what is in it. */
export const readManifest = (raw: RawManifest): Manifest => {
  const document = isIndex(raw.mediaType) ? parsed(indexDocument, raw.bytes) : parsed(imageDocument, raw.bytes);
  if (document.mediaType !== undefined && document.mediaType !== raw.mediaType)
    throw refused('a manifest says another media type of itself than the registry does');
  const { manifests = [], config, layers = [], subject } = document;
  return { ...raw, manifests, layers, ...(config && { config }), ...(subject && { subject }) };
};

/** What an index names. */
export const readIndex = (bytes: Buffer): readonly Descriptor[] => parsed(indexDocument, bytes).manifests;
