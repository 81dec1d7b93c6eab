import type { Platform, RawManifest } from '../../../lib/domain/image-manifest.ts';
import { cosignSignature, fallbackIndex, referrerOf, type Attached } from '../../../local/oci/attached-artifacts.ts';
import { buildImage, type ImageSpec } from '../../../local/oci/build-image.ts';
import { below, type Random } from '../cuts/random-image.ts';

/** What an image is made of, here and in the double alike. */
export interface CutImage {
  spec: ImageSpec & { signature: boolean; referrer: boolean };
  referrersApi: boolean;
  /** bytes */
  partSize: number;
}

/** All that must be in ECR in the end. */
export interface CutContent {
  root: string;
  manifests: readonly RawManifest[];
  /** by digest */
  blobs: ReadonlyMap<string, Buffer>;
  /** those of the image itself, the biggest first */
  layers: readonly string[];
  /** tag → digest, but for the image's own */
  tags: ReadonlyMap<string, string>;
}

const amd64: Platform = { os: 'linux', architecture: 'amd64' };
const arm64: Platform = { os: 'linux', architecture: 'arm64' };

// Mostly of a few kilobytes, for speed; the large one comes over the wire in more chunks than parts.
const partSizes = [1_024, 2_048, 2_048, 4_096, 4_096, 4_096, 8_192, 8_192, 16_384, 102_400];

/** Of 0.1 to 8 parts; one in four is of whole parts, where the last one is as long as the others. */
const layerOf = (random: Random, partSize: number): { size: number; seed?: string } => {
  const whole = random() < 0.2 ? partSize * (1 + below(random, 8)) : undefined;
  const size = whole ?? Math.ceil(partSize * (0.1 + 7.9 * random() ** 3));
  // Such a layer is every platform's.
  return random() < 0.3 ? { size, seed: `shared-${below(random, 3)}` } : { size };
};

/** One to six layers; some for two platforms, with attestations, signature or bill of materials. */
export const randomCutImage = (random: Random, seed: number): CutImage => {
  const partSize = partSizes[below(random, partSizes.length)] ?? 1_024;
  const layers = Array.from({ length: 1 + Math.floor(6 * random() ** 1.6) }, () => layerOf(random, partSize));
  const platforms = random() < 0.2 ? [amd64, arm64] : [amd64];
  const [attestations, signature, referrer] = [random() < 0.15, random() < 0.3, random() < 0.2];
  const spec = { seed: `cut-${seed}`, layers, platforms, attestations, signature, referrer };
  return { spec, referrersApi: random() < 0.7, partSize };
};

const attachedTo = ({ spec, referrersApi }: CutImage, main: RawManifest): Attached[] => {
  const referrer = referrerOf(main);
  return [
    ...(spec.signature ? [cosignSignature(main)] : []),
    ...(spec.referrer ? [referrer] : []),
    ...(spec.referrer && !referrersApi ? [fallbackIndex(main, referrer)] : []),
  ];
};

/** The same bytes that the double makes of it. */
export const contentOf = (image: CutImage): CutContent => {
  const { main, children, blobs } = buildImage(image.spec);
  const attached = attachedTo(image, main);
  const all = [...blobs, ...attached.flatMap((one) => one.blobs)];
  const bySize = blobs.filter(({ mediaType }) => mediaType.includes('.layer.')).sort((a, b) => b.size - a.size);
  return {
    root: main.digest,
    manifests: [...children, main, ...attached.map(({ manifest }) => manifest)],
    blobs: new Map(all.map(({ digest, size, bytes }) => [digest, Buffer.concat([...bytes()], size)])),
    layers: bySize.map(({ digest }) => digest),
    tags: new Map(attached.flatMap(({ tag, manifest }) => (tag === undefined ? [] : [[tag, manifest.digest]]))),
  };
};
