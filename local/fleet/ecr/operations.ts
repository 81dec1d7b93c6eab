import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { batchGetImage } from './batch-get-image.ts';
import { describeImages } from './describe-images.ts';
import { describeRepositories } from './describe-repositories.ts';
import { getAuthorizationToken } from './get-authorization-token.ts';
import { listImages } from './list-images.ts';

export const ecrOperations = (fleet: Fleet): Record<string, Operation> => ({
  BatchGetImage: batchGetImage(fleet),
  DescribeImages: describeImages(fleet),
  DescribeRepositories: describeRepositories(fleet),
  GetAuthorizationToken: getAuthorizationToken(fleet),
  ListImages: listImages(fleet),
});
