import type { CompleteLayerUploadRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import type { Upload } from './upload.ts';
import { endUpload, findUpload } from './uploads.ts';

const MEBIBYTE = 1_048_576;

/**
 * Makes a layer of the parts, if they are what they were said to be. A completed upload is gone: completing it again
 * raises UploadNotFoundException, and that the layer is there is told by BatchCheckLayerAvailability.
 */
export const completeLayerUpload =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as CompleteLayerUploadRequest;
    const repository = findRepository(fleet, request);
    const upload = findUpload(fleet, repository, request.uploadId);
    const digest = checkedDigest(fleet, upload, request.layerDigests ?? []);
    const known = repository.layers.get(digest);
    const content = Buffer.concat(upload.parts, upload.size);
    endUpload(upload);
    if (known === undefined) repository.layers.set(digest, { digest, size: content.length, content });
    else throw alreadyThere(fleet, { name: repository.name, digest });
    return {
      registryId: fleet.account,
      repositoryName: repository.name,
      uploadId: upload.id,
      layerDigest: digest,
    };
  };

/** The digest that ECR itself reckons. Raises EmptyUpload-, LayerPartTooSmall- and InvalidLayerException. */
const checkedDigest = (fleet: Fleet, upload: Upload, given: string[]): string => {
  if (upload.parts.length === 0) {
    throw new AwsError('EmptyUploadException', `The upload '${upload.id}' does not contain any layer parts`);
  }
  const least = leastPart(fleet);
  if (upload.parts.slice(0, -1).some(({ length }) => length < least)) {
    throw new AwsError('LayerPartTooSmallException', `Layer parts must be at least ${String(least)} bytes in size`);
  }
  const digest = `sha256:${upload.hash.copy().digest('hex')}`;
  if (given.every((one) => one.toLowerCase() === digest)) return digest;
  throw new AwsError(
    'InvalidLayerException',
    `The layer digest '${digest}' does not match the given '${given.join(', ')}'`,
  );
};

/** 5 MiB, and half of what is asked for where that is less than ECR's own 10 MiB. */
const leastPart = ({ registry }: Fleet): number => Math.min(5 * MEBIBYTE, Math.floor(registry.settings.partSize / 2));

const alreadyThere = ({ account }: Fleet, { name, digest }: { name: string; digest: string }): AwsError =>
  new AwsError(
    'LayerAlreadyExistsException',
    `The layer with digest '${digest}' already exists in the repository with name '${name}' in registry with id '${account}'`,
  );
