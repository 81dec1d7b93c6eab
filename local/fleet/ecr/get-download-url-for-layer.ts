import type { GetDownloadUrlForLayerRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import { layerUrl } from './signatures.ts';

/** A layer that no image names yet raises LayerInaccessibleException. */
export const getDownloadUrlForLayer =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as GetDownloadUrlForLayerRequest;
    const { name, layers, images } = findRepository(fleet, request);
    const { layerDigest = '' } = request;
    const words = `The layer with digest '${layerDigest}'`;
    if (!layers.has(layerDigest)) {
      throw new AwsError(
        'LayersNotFoundException',
        `${words} does not exist within the repository with name '${name}' in the registry with id '${fleet.account}'`,
      );
    }
    if (![...images.values()].some(({ parts }) => parts.layers.includes(layerDigest))) {
      throw new AwsError('LayerInaccessibleException', `${words} is not associated with an image`);
    }
    return { downloadUrl: layerUrl(fleet, name, layerDigest), layerDigest };
  };
