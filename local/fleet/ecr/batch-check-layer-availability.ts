import type { BatchCheckLayerAvailabilityRequest, Layer as LayerAnswer, LayerFailure } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import type { Repository } from './repository.ts';

const DIGEST = /^[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+$/;

/** What is not there is UNAVAILABLE; `failures` are for what is no digest. */
export const batchCheckLayerAvailability =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as BatchCheckLayerAvailabilityRequest;
    const repository = findRepository(fleet, request);
    const digests = [...new Set(request.layerDigests)];
    return {
      layers: digests.filter((digest) => DIGEST.test(digest)).map((digest) => availability(repository, digest)),
      failures: digests.filter((digest) => !DIGEST.test(digest)).map(failure),
    };
  };

const availability = ({ layers }: Repository, layerDigest: string): LayerAnswer => {
  const layer = layers.get(layerDigest);
  if (layer === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
  return { layerDigest, layerAvailability: 'AVAILABLE', layerSize: layer.size };
};

const failure = (layerDigest: string): LayerFailure =>
  layerDigest === ''
    ? { layerDigest, failureCode: 'MissingLayerDigest', failureReason: 'Missing layer digest' }
    : { layerDigest, failureCode: 'InvalidLayerDigest', failureReason: 'Invalid layer digest' };
