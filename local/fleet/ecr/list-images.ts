import type { ImageIdentifier, ListImagesRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { findRepository } from './find-repository.ts';
import type { Image } from './repository.ts';

export const listImages =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as ListImagesRequest;
    const repository = findRepository(fleet, request);
    const ids = [...repository.images.values()].flatMap(identifiersOf).filter(({ imageTag }) => {
      if (request.filter?.tagStatus === 'TAGGED') return imageTag !== undefined;
      return request.filter?.tagStatus === 'UNTAGGED' ? imageTag === undefined : true;
    });
    const page = pageOf(ids, { nextToken: request.nextToken, maxResults: request.maxResults ?? 100 });
    return { imageIds: page.items, nextToken: page.nextToken };
  };

const identifiersOf = ({ digest, tags }: Image): ImageIdentifier[] =>
  tags.size === 0 ? [{ imageDigest: digest }] : [...tags].map((imageTag) => ({ imageDigest: digest, imageTag }));
