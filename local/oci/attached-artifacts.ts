import type { RawManifest } from '../../lib/domain/image-manifest.ts';
import { blobOf, descriptorOf, imageType, indexType, manifestOf, type BuiltBlob } from './build-image.ts';

/** Something about an image that is pushed after it, under a tag or by digest alone. */
export interface Attached {
  manifest: RawManifest;
  tag: string | undefined;
  blobs: readonly BuiltBlob[];
}

const tagOf = ({ digest }: RawManifest, suffix: string): string => `${digest.replace(':', '-')}${suffix}`;

/** A signature as cosign keeps it, under the tag `sha256-<hex>.sig`; signed by nobody. */
export const cosignSignature = (image: RawManifest): Attached => {
  const type = 'cosign container image signature';
  const critical = { identity: {}, image: { 'docker-manifest-digest': image.digest }, type };
  const payload = blobOf(
    'application/vnd.dev.cosign.simplesigning.v1+json',
    JSON.stringify({ critical, optional: null }),
  );
  const config = blobOf('application/vnd.oci.image.config.v1+json', JSON.stringify({ architecture: '', os: '' }));
  const annotations = { 'dev.cosignproject.cosign/signature': 'bm9ib2R5' };
  const layers = [{ ...descriptorOf(payload), annotations }];
  const manifest = manifestOf(imageType, { config: descriptorOf(config), layers });
  return { manifest, tag: tagOf(image, '.sig'), blobs: [payload, config] };
};

/** An artifact that names the image as its subject: a bill of materials. */
export const referrerOf = (image: RawManifest): Attached => {
  const materials = blobOf('application/spdx+json', JSON.stringify({ spdxVersion: 'SPDX-2.3', name: image.digest }));
  const config = blobOf('application/vnd.oci.empty.v1+json', '{}');
  const document = {
    artifactType: 'application/spdx+json',
    config: descriptorOf(config),
    layers: [descriptorOf(materials)],
    subject: descriptorOf(image),
  };
  return { manifest: manifestOf(imageType, document), tag: undefined, blobs: [materials, config] };
};

/** What a client keeps under `sha256-<hex>` where the registry has no referrers API. */
export const fallbackIndex = (image: RawManifest, referrer: Attached): Attached => {
  const manifests = [{ ...descriptorOf(referrer.manifest), artifactType: 'application/spdx+json' }];
  return { manifest: manifestOf(indexType, { manifests }), tag: tagOf(image, ''), blobs: [] };
};
