import { createHash } from 'node:crypto';
import type { ImageSeed } from '../seeds.ts';

export const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';

export const digestOf = (content: string): string => `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** A small OCI image manifest that is the same for the same seed (https://github.com/opencontainers/image-spec). */
export const manifestOf = ({ repository, tag, behaviour }: ImageSeed): string => {
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', repository, tag, behaviour });
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digestOf(`layer of ${config}`),
        size: 7_340_032,
      },
    ],
  });
};
