import type { ImageReferrer, ListImageReferrersRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { findRepository } from './find-repository.ts';
import type { Image } from './repository.ts';

/** What names this digest as its subject, which need not be there itself. Nothing is ever archived here. */
export const listImageReferrers =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as ListImageReferrersRequest;
    const { images } = findRepository(fleet, request);
    const { artifactTypes = [], artifactStatus = 'ACTIVE' } = request.filter ?? {};
    const found = [...images.values()].filter(
      ({ parts }) =>
        parts.subject === request.subjectId?.imageDigest &&
        (artifactTypes.length === 0 || artifactTypes.includes(parts.artifactType ?? '')) &&
        (artifactStatus === 'ACTIVE' || artifactStatus === 'ANY'),
    );
    const page = pageOf(found, { nextToken: request.nextToken, maxResults: request.maxResults ?? 50 });
    return { referrers: page.items.map(referrer), nextToken: page.nextToken };
  };

const referrer = ({ digest, mediaType, manifest, parts }: Image): ImageReferrer => ({
  digest,
  mediaType,
  artifactType: parts.artifactType,
  size: Buffer.byteLength(manifest),
  annotations: parts.annotations,
  artifactStatus: 'ACTIVE',
});
