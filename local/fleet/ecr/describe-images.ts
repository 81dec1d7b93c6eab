import type { DescribeImagesRequest, ImageDetail, ImageIdentifier } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { identify } from './find-image.ts';
import { findRepository } from './find-repository.ts';
import type { Image, Repository } from './repository.ts';

export const describeImages =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DescribeImagesRequest;
    const repository = findRepository(fleet, request);
    const named = request.imageIds?.map((imageId) => existing(fleet, repository, imageId));
    const images = named ?? [...repository.images.values()].filter(({ tags }) => tagged(tags, request));
    const page = pageOf(images, { nextToken: request.nextToken, maxResults: request.maxResults ?? 100 });
    return { imageDetails: page.items.map((image) => detail(fleet, repository, image)), nextToken: page.nextToken };
  };

const tagged = ({ size }: Set<string>, { filter }: DescribeImagesRequest): boolean => {
  if (filter?.tagStatus === 'TAGGED') return size > 0;
  return filter?.tagStatus === 'UNTAGGED' ? size === 0 : true;
};

const existing = ({ account }: Fleet, repository: Repository, imageId: ImageIdentifier): Image => {
  const found = identify(repository, imageId);
  if (typeof found !== 'string') return found;
  const asked = `{imageDigest:'${imageId.imageDigest ?? 'null'}', imageTag:'${imageId.imageTag ?? 'null'}'}`;
  throw new AwsError(
    'ImageNotFoundException',
    `The image with imageId ${asked} does not exist within the repository with name '${repository.name}' in the registry with id '${account}'`,
  );
};

const detail = ({ account }: Fleet, repository: Repository, image: Image): ImageDetail => ({
  registryId: account,
  repositoryName: repository.name,
  imageDigest: image.digest,
  imageTags: image.tags.size === 0 ? undefined : [...image.tags],
  imageSizeInBytes: sizeOf(repository, image),
  imagePushedAt: image.pushedAt,
  imageManifestMediaType: image.mediaType,
  artifactMediaType: image.parts.artifactType,
  lastRecordedPullTime: image.lastPulledAt,
});

/** An index is as large as the largest image in it. */
const sizeOf = ({ images }: Repository, { parts }: Image): number =>
  Math.max(parts.size, ...parts.children.map(({ digest }) => images.get(digest)?.parts.size ?? 0));
