import type { BatchDeleteImageRequest, ImageFailure, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { FAILURE_REASONS, identify } from './find-image.ts';
import { findRepository } from './find-repository.ts';
import type { Image, Repository } from './repository.ts';

interface Deleted {
  gone: ImageIdentifier[];
  failures: ImageFailure[];
}

/** A tag goes alone unless it is the last one; a digest goes with all its tags. Layers that no image needs go at once. */
export const batchDeleteImage =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as BatchDeleteImageRequest;
    const repository = findRepository(fleet, request);
    const deleted = (request.imageIds ?? []).map((imageId) => deleteOne(repository, imageId));
    return {
      imageIds: deleted.flatMap(({ gone }) => gone),
      failures: deleted.flatMap(({ failures }) => failures),
    };
  };

const deleteOne = (repository: Repository, imageId: ImageIdentifier): Deleted => {
  const found = identify(repository, imageId);
  if (typeof found === 'string') return refused(imageId, found, FAILURE_REASONS[found]);
  const { imageDigest, imageTag } = imageId;
  if (imageDigest === undefined && imageTag !== undefined && found.tags.size > 1) {
    found.tags.delete(imageTag);
    return { gone: [{ imageDigest: found.digest, imageTag }], failures: [] };
  }
  const indexes = [...repository.images.values()].filter(({ parts }) => names(parts.children, found));
  if (indexes.length > 0) {
    const listed = indexes.map(({ digest }) => digest).join(', ');
    return refused(
      imageId,
      'ImageReferencedByManifestList',
      `Requested image referenced by manifest list: [${listed}]`,
    );
  }
  return { gone: deleteImage(repository, found), failures: [] };
};

const names = (children: readonly { digest: string }[], { digest }: Image): boolean =>
  children.some((child) => child.digest === digest);

const refused = (
  imageId: ImageIdentifier,
  failureCode: NonNullable<ImageFailure['failureCode']>,
  failureReason: string,
): Deleted => ({ gone: [], failures: [{ imageId, failureCode, failureReason }] });

const deleteImage = (repository: Repository, { digest, tags, parts }: Image): ImageIdentifier[] => {
  repository.images.delete(digest);
  const needed = new Set([...repository.images.values()].flatMap((image) => image.parts.layers));
  for (const layer of parts.layers) if (!needed.has(layer)) repository.layers.delete(layer);
  return tags.size === 0 ? [{ imageDigest: digest }] : [...tags].map((imageTag) => ({ imageDigest: digest, imageTag }));
};
