import { createHash } from 'node:crypto';
import type { ImageSeed } from '../seeds.ts';

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

export const digestOf = (content: string | Buffer): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

export interface SeededManifest {
  readonly manifest: string;
  readonly blobs: readonly { readonly digest: string; readonly size: number }[];
}

/** A small OCI image manifest that is the same for the same seed (https://github.com/opencontainers/image-spec). */
export const seededManifest = ({ repository, tag, behaviour }: ImageSeed): SeededManifest => {
  const text = JSON.stringify({ architecture: 'amd64', os: 'linux', repository, tag, behaviour });
  const config = {
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: digestOf(text),
    size: text.length,
  };
  const layer = {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: digestOf(`layer of ${text}`),
    size: 7_340_032,
  };
  const manifest = JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: [layer] });
  return { manifest, blobs: [config, layer] };
};
