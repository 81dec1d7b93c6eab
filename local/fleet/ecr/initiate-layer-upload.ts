import type { InitiateLayerUploadRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import { newUpload } from './uploads.ts';

export const initiateLayerUpload =
  (fleet: Fleet): Operation =>
  (input) => {
    const repository = findRepository(fleet, input as unknown as InitiateLayerUploadRequest);
    return { uploadId: newUpload(fleet, repository).id, partSize: fleet.registry.settings.partSize };
  };
