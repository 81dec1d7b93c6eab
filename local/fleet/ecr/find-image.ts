import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Image, Repository } from './registry.ts';
import { imageTagged } from './registry.ts';

type Found = Image | 'ImageNotFound' | 'ImageTagDoesNotMatchDigest' | 'MissingDigestAndTag';

/** The image that the identifier means, or why there is none, as BatchGetImage's failure codes say it. */
export const identify = (repository: Repository, { imageDigest, imageTag }: ImageIdentifier): Found => {
  if (imageDigest === undefined && imageTag === undefined) return 'MissingDigestAndTag';
  if (imageDigest === undefined) return imageTagged(repository, imageTag ?? '') ?? 'ImageNotFound';
  const image = repository.images.get(imageDigest);
  if (image === undefined) return 'ImageNotFound';
  return imageTag === undefined || image.tags.has(imageTag) ? image : 'ImageTagDoesNotMatchDigest';
};
