import type { RawManifest } from '../../../lib/domain/image-manifest.ts';
import { isDigest } from '../../../lib/domain/image-manifest.ts';
import { OciError } from '../../oci/oci-error.ts';
import type { RegistryContent } from '../../oci/registry-content.ts';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Image } from './repository.ts';
import { imageTagged } from './repository.ts';

/** The repositories as the routes of /v2 see them. Manifests are put by PutImage, so that one set of rules holds. */
export const registryContent = ({ registry }: Fleet, putImage: Operation): RegistryContent => {
  const { repositories } = registry;
  return {
    hasRepository: (name) => repositories.has(name),
    blob: (name, digest) => repositories.get(name)?.layers.get(digest)?.content,
    putBlob: (name, digest, content) => {
      const repository = repositories.get(name);
      if (repository === undefined) return;
      repository.bytesReceived += content.length;
      repository.layers.set(digest, { digest, size: content.length, content });
    },
    manifest: (name, reference) => {
      const repository = repositories.get(name);
      const isTag = !isDigest(reference);
      const image = repository && (isTag ? imageTagged(repository, reference) : repository.images.get(reference));
      return image && rawManifest(image);
    },
    manifests: (name) => [...(repositories.get(name)?.images.values() ?? [])].map(rawManifest),
    putManifest: (repositoryName, manifest, imageTag) => {
      const { mediaType: imageManifestMediaType, bytes } = manifest;
      put(putImage, { repositoryName, imageManifest: bytes.toString('utf8'), imageManifestMediaType, imageTag });
    },
    deleteManifest: () => {
      throw new OciError({ status: 405, code: 'UNSUPPORTED', message: 'The operation is unsupported.' });
    },
    tags: (name) => {
      const images = [...(repositories.get(name)?.images.values() ?? [])];
      return new Map(images.flatMap(({ digest, tags }) => [...tags].map((tag) => [tag, digest] as const)));
    },
  };
};

const rawManifest = ({ mediaType, digest, manifest }: Image): RawManifest => ({
  mediaType,
  digest,
  bytes: Buffer.from(manifest),
});

const put = (putImage: Operation, input: Record<string, unknown>): void => {
  try {
    putImage(input);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code !== 'ImageAlreadyExistsException') throw refusal(error);
  }
};

/** PutImage's refusals as docker clients get them. */
const refusal = ({ code, message }: AwsError): OciError => {
  switch (code) {
    case 'ThrottlingException':
      return new OciError({ status: 429, code: 'TOOMANYREQUESTS', message });
    case 'ImageTagAlreadyExistsException':
      return new OciError({ status: 400, code: 'TAG_INVALID', message });
    default:
      return new OciError({ status: 400, code: 'MANIFEST_INVALID', message });
  }
};
