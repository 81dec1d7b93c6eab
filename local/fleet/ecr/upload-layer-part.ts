import type { UploadLayerPartRequest } from '@aws-sdk/client-ecr';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import type { Repository } from './repository.ts';
import type { Upload } from './upload.ts';
import { findUpload, takePart } from './uploads.ts';

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
const MOST_PARTS = 4200;

/** Takes a part that begins where the last one ended. That none is over 20,971,520 bytes is checked against AWS's model. */
export const uploadLayerPart =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as Required<UploadLayerPartRequest>;
    const part = request.layerPartBlob as Buffer;
    const repository = findRepository(fleet, request);
    repository.bytesReceived += part.length;
    const upload = findUpload(fleet, repository, request.uploadId);
    upload.bytesReceived += part.length;
    const wrong = wrongWith(upload, request, part.length);
    if (wrong !== undefined) throw invalidPart(fleet, { repository, upload }, wrong);
    if (upload.parts.length === MOST_PARTS) {
      throw new AwsError('LimitExceededException', `A layer has at most ${MOST_PARTS} parts`);
    }
    takePart(upload, part);
    return {
      registryId: fleet.account,
      repositoryName: repository.name,
      uploadId: upload.id,
      lastByteReceived: upload.size - 1,
    };
  };

const wrongWith = (
  { size }: Upload,
  { partFirstByte, partLastByte }: Pick<Required<UploadLayerPartRequest>, 'partFirstByte' | 'partLastByte'>,
  length: number,
): string | undefined => {
  if (partFirstByte !== size) {
    return `First byte of the layer part is ${String(partFirstByte)} instead of ${String(size)}`;
  }
  if (length === 0 || partLastByte !== size + length - 1) {
    return `The layer part has ${String(length)} bytes, its last byte is said to be ${String(partLastByte)}`;
  }
  return undefined;
};

/**
 * `lastValidByteReceived` is where the upload stands, whichever part was wrong. AWS's model knows no number below 0, so
 * that before the first part there can be none.
 */
const invalidPart = (
  { account }: Fleet,
  { repository, upload }: { repository: Repository; upload: Upload },
  message: string,
): AwsError => {
  const last = upload.size === 0 ? {} : { lastValidByteReceived: upload.size - 1 };
  const fields = { registryId: account, repositoryName: repository.name, uploadId: upload.id, ...last };
  return new AwsError('InvalidLayerPartException', message, { fields });
};
