import { DeployFailure, type Facts } from './failure.ts';
import { manifestTypes, type Descriptor, type Manifest } from './image-manifest.ts';
import { refuseTooLarge } from './layer-size.ts';

/** All that is to be brought for one image: each digest once. */
export interface ImageCollection {
  manifests: Map<string, Manifest>;
  blobs: Map<string, Descriptor>;
}

export const emptyCollection = (): ImageCollection => ({ manifests: new Map(), blobs: new Map() });

const maxDescriptors = 500;
// An index may name an index, whose children are images.
const maxDepth = 2;
// All are held in memory until they are put, after the blobs.
const maxManifestBytes = 32 * 2 ** 20;

export const refused = (because: string, facts: Facts = {}): DeployFailure =>
  new DeployFailure('ImageRefused', because, { facts });

export const isIndex = (mediaType: string): boolean => /index|manifest\.list/.test(mediaType);

const blobsOf = ({ config, layers }: Manifest): readonly Descriptor[] => [
  ...(config === undefined ? [] : [config]),
  ...layers,
];

const refuseBlob = (blob: Descriptor, known: Descriptor | undefined): void => {
  if (blob.urls !== undefined && blob.urls.length > 0)
    throw refused('a layer lies elsewhere (urls), and only the registry is read', { layer: blob.digest });
  if (blob.size < 1) throw refused('a layer has no bytes', { layer: blob.digest });
  if (known !== undefined && known.size !== blob.size)
    throw refused('a layer has two sizes', { layer: blob.digest, sizes: [String(known.size), String(blob.size)] });
  refuseTooLarge(blob);
};

const refuseChild = (child: Descriptor, depth: number): void => {
  if (!(manifestTypes as readonly string[]).includes(child.mediaType))
    throw refused('an index names what is no manifest', { digest: child.digest, mediaType: child.mediaType });
  if (depth >= maxDepth && isIndex(child.mediaType))
    throw refused('an index in an index names an index', { digest: child.digest });
};

/** Raises ImageRefused for a manifest that is not what the index says that names it. */
export const refuseOther = (child: Descriptor, { mediaType, bytes }: Manifest): void => {
  if (mediaType !== child.mediaType || bytes.length !== child.size)
    throw refused('a manifest has another type or size than the index says', { digest: child.digest });
};

/** Takes a manifest and its blobs in. Raises ImageRefused and LayerTooLarge for blobs that are not copied. */
export const include = ({ manifests, blobs }: ImageCollection, manifest: Manifest): void => {
  manifests.set(manifest.digest, manifest);
  for (const blob of blobsOf(manifest)) {
    refuseBlob(blob, blobs.get(blob.digest));
    blobs.set(blob.digest, blob);
  }
};

/** What these manifests name and the collection has not. `depth` is theirs; a root's is 0. Raises ImageRefused. */
export const childrenToRead = (
  { manifests }: ImageCollection,
  parents: readonly Manifest[],
  depth: number,
): Descriptor[] => {
  const children = new Map<string, Descriptor>();
  for (const child of parents.flatMap((parent) => parent.manifests)) {
    refuseChild(child, depth + 1);
    if (!manifests.has(child.digest)) children.set(child.digest, child);
  }
  return [...children.values()];
};

export const bytesOf = (blobs: Iterable<Descriptor>): number => {
  let sum = 0;
  for (const { size } of blobs) sum += size;
  return sum;
};

/** Raises ImageRefused when this is more than is copied; `toRead` is how many manifests are still to be read. */
export const refuseTooMuch = ({ manifests, blobs }: ImageCollection, maxBytes: number, toRead = 0): void => {
  const descriptors = manifests.size + blobs.size + toRead;
  if (descriptors > maxDescriptors)
    throw refused('the image has too many descriptors', { descriptors, limit: maxDescriptors });
  const bytes = bytesOf(blobs.values());
  if (bytes > maxBytes) throw refused('the image has too many bytes', { bytes, limit: maxBytes });
  const held = [...manifests.values()].reduce((sum, manifest) => sum + manifest.bytes.length, 0);
  if (held > maxManifestBytes)
    throw refused('the manifests have too many bytes', { bytes: held, limit: maxManifestBytes });
};

/** The manifest and all that it names, in the order in which ECR takes them. */
export const childrenFirst = ({ manifests }: ImageCollection, root: string): Manifest[] => {
  const ordered = new Set<Manifest>();
  const visit = (digest: string): void => {
    const manifest = manifests.get(digest);
    if (manifest === undefined || ordered.has(manifest)) return;
    for (const child of manifest.manifests) visit(child.digest);
    ordered.add(manifest);
  };
  visit(root);
  return [...ordered];
};

/** The digests of all blobs that these manifests name. */
export const blobsNamed = (manifests: readonly Manifest[]): Set<string> =>
  new Set(manifests.flatMap(blobsOf).map(({ digest }) => digest));
