import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { batchCheckLayerAvailability } from './batch-check-layer-availability.ts';
import { batchDeleteImage } from './batch-delete-image.ts';
import { batchGetImage } from './batch-get-image.ts';
import { completeLayerUpload } from './complete-layer-upload.ts';
import { createRepository } from './create-repository.ts';
import { describeImages } from './describe-images.ts';
import { describeRepositories } from './describe-repositories.ts';
import { getAuthorizationToken } from './get-authorization-token.ts';
import { getDownloadUrlForLayer } from './get-download-url-for-layer.ts';
import { initiateLayerUpload } from './initiate-layer-upload.ts';
import { listImageReferrers } from './list-image-referrers.ts';
import { listImages } from './list-images.ts';
import { putImage } from './put-image.ts';
import { uploadLayerPart } from './upload-layer-part.ts';

export const ecrOperations = (fleet: Fleet): Record<string, Operation> => ({
  BatchCheckLayerAvailability: batchCheckLayerAvailability(fleet),
  BatchDeleteImage: batchDeleteImage(fleet),
  BatchGetImage: batchGetImage(fleet),
  CompleteLayerUpload: completeLayerUpload(fleet),
  CreateRepository: createRepository(fleet),
  DescribeImages: describeImages(fleet),
  DescribeRepositories: describeRepositories(fleet),
  GetAuthorizationToken: getAuthorizationToken(fleet),
  GetDownloadUrlForLayer: getDownloadUrlForLayer(fleet),
  InitiateLayerUpload: initiateLayerUpload(fleet),
  ListImageReferrers: listImageReferrers(fleet),
  ListImages: listImages(fleet),
  PutImage: putImage(fleet),
  UploadLayerPart: uploadLayerPart(fleet),
});
