import type { BatchGetImageRequest, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { FAILURE_REASONS, identify } from './find-image.ts';
import { findRepository } from './find-repository.ts';
import { imageShape } from './image-shape.ts';
import type { Repository } from './repository.ts';

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
  fleet: Fleet,
  repository: Repository,
  imageId: ImageIdentifier,
): { image?: object; failure?: object } => {
  const found = identify(repository, imageId);
  if (typeof found === 'string') {
    return { failure: { imageId, failureCode: found, failureReason: FAILURE_REASONS[found] } };
  }
  return { image: imageShape(fleet, repository, { image: found, imageTag: imageId.imageTag }) };
};
