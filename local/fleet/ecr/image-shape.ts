import type { Image as ImageAnswer } from '@aws-sdk/client-ecr';
import type { Fleet } from '../world/fleet.ts';
import type { Image, Repository } from './repository.ts';

/** An image as PutImage and BatchGetImage answer with it, under the tag that was asked for. */
export const imageShape = (
  { account }: Fleet,
  { name }: Repository,
  { image, imageTag }: { image: Image; imageTag: string | undefined },
): ImageAnswer => ({
  registryId: account,
  repositoryName: name,
  imageId: { imageDigest: image.digest, imageTag },
  imageManifest: image.manifest,
  imageManifestMediaType: image.mediaType,
});
