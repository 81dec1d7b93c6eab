import type { PutImageRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import { imageConfig } from './image-config.ts';
import { imageShape } from './image-shape.ts';
import type { ManifestParts } from './read-manifest.ts';
import { readManifest } from './read-manifest.ts';
import type { Image, Repository } from './repository.ts';
import { imageTagged, moveTag } from './repository.ts';
import { digestOf } from './seeded-manifest.ts';
import { isImmutable } from './tag-mutability.ts';

export const putImage =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as PutImageRequest;
    if (!fleet.registry.putBudget()) throw new AwsError('ThrottlingException', 'Rate exceeded');
    const repository = findRepository(fleet, request);
    const { imageTag, imageManifest: manifest = '' } = request;
    const parts = readManifest(manifest, request.imageManifestMediaType);
    const digest = checkedDigest(manifest, request.imageDigest);
    const place = { fleet, repository };
    refuseKnown(place, digest, imageTag);
    refuseMissing(place, parts);
    const image = repository.images.get(digest) ?? newImage(place, { digest, manifest, parts });
    repository.images.set(digest, image);
    if (imageTag !== undefined) moveTag(repository, imageTag, image);
    return { image: imageShape(fleet, repository, { image, imageTag }) };
  };

interface Place {
  fleet: Fleet;
  repository: Repository;
}

/** In the words that ECR uses of a repository. */
const inRepository = ({ fleet, repository }: Place): string =>
  `repository with name '${repository.name}' in the registry with id '${fleet.account}'`;

const checkedDigest = (manifest: string, given: string | undefined): string => {
  const digest = digestOf(manifest);
  if (given === undefined || given === digest) return digest;
  throw new AwsError(
    'ImageDigestDoesNotMatchException',
    `The given image digest '${given}' does not match the digest '${digest}' of the image manifest`,
  );
};

/**
 * A tag that is immutable is refused whatever it is on, also on this very image:
 * https://github.com/aws/containers-roadmap/issues/2179
 */
const refuseKnown = (place: Place, digest: string, tag: string | undefined): void => {
  const { repository } = place;
  const tagged = tag === undefined ? undefined : imageTagged(repository, tag);
  if (tagged !== undefined && isImmutable(repository.settings, tag ?? '')) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `The image tag '${tag ?? ''}' already exists in the '${repository.name}' repository and cannot be overwritten because the tag is immutable.`,
    );
  }
  if (repository.images.has(digest) && (tag === undefined || tagged?.digest === digest)) {
    throw new AwsError(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag ?? 'null'}' already exists in the ${inRepository(place)}`,
    );
  }
};

/** A subject may be missing, all else that a manifest names may not. */
const refuseMissing = (place: Place, { layers, children }: ManifestParts): void => {
  const { repository } = place;
  const lost = layers.filter((digest) => !repository.layers.has(digest));
  const absent = children.map(({ digest }) => digest).filter((digest) => !repository.images.has(digest));
  if (lost.length > 0) throw missing(place, 'LayersNotFoundException', `Layers with digests '[${lost.join(', ')}]'`);
  if (absent.length > 0) {
    throw missing(place, 'ReferencedImagesNotFoundException', `Images with digests '[${absent.join(', ')}]'`);
  }
};

const missing = (place: Place, code: string, what: string): AwsError =>
  new AwsError(code, `${what} required for pushing image into ${inRepository(place)} do not exist`);

const newImage = (
  { fleet, repository }: Place,
  { digest, manifest, parts }: Pick<Image, 'digest' | 'manifest' | 'parts'>,
): Image => ({
  digest,
  tags: new Set(),
  manifest,
  mediaType: parts.mediaType,
  parts,
  pushedAt: dateOf(fleet),
  ...imageConfig(repository.layers.get(parts.config ?? '')),
});
