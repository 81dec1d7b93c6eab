import type { BatchGetImageRequest, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { identify } from './find-image.ts';
import { findRepository } from './find-repository.ts';
import type { Repository } from './registry.ts';

const REASONS = {
  ImageNotFound: 'Requested image not found',
  ImageTagDoesNotMatchDigest: 'Image tag and digest do not match',
  MissingDigestAndTag: 'Invalid request parameters: both tag and digest cannot be null',
};

/** What is missing comes back in `failures`, with status 200. */
export const batchGetImage =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as BatchGetImageRequest;
    const repository = findRepository(fleet, request);
    const answers = (request.imageIds ?? []).map((imageId) => answerFor(fleet, repository, imageId));
    return {
      images: answers.flatMap(({ image }) => image ?? []),
      failures: answers.flatMap(({ failure }) => failure ?? []),
    };
  };

const answerFor = (
  { account }: Fleet,
  repository: Repository,
  imageId: ImageIdentifier,
): { image?: object; failure?: object } => {
  const found = identify(repository, imageId);
  if (typeof found === 'string') {
    return { failure: { imageId, failureCode: found, failureReason: REASONS[found] } };
  }
  return {
    image: {
      registryId: account,
      repositoryName: repository.name,
      imageId: { imageDigest: found.digest, imageTag: imageId.imageTag },
      imageManifest: found.manifest,
      imageManifestMediaType: found.mediaType,
    },
  };
};
