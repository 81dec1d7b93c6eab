import type { ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Image, Repository } from './repository.ts';
import { imageTagged } from './repository.ts';

type Found = Image | 'ImageNotFound' | 'ImageTagDoesNotMatchDigest' | 'MissingDigestAndTag';

/** In the words of ECR's failures. */
export const FAILURE_REASONS = {
  ImageNotFound: 'Requested image not found',
  ImageTagDoesNotMatchDigest: 'Image tag and digest do not match',
  MissingDigestAndTag: 'Invalid request parameters: both tag and digest cannot be null',
};

/** The image that the identifier means, or why there is none, as BatchGetImage's failure codes say it. */
export const identify = (repository: Repository, { imageDigest, imageTag }: ImageIdentifier): Found => {
  if (imageDigest === undefined && imageTag === undefined) return 'MissingDigestAndTag';
  if (imageDigest === undefined) return imageTagged(repository, imageTag ?? '') ?? 'ImageNotFound';
  const image = repository.images.get(imageDigest);
  if (image === undefined) return 'ImageNotFound';
  return imageTag === undefined || image.tags.has(imageTag) ? image : 'ImageTagDoesNotMatchDigest';
};
