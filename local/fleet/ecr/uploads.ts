import { createHash } from 'node:crypto';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { SECOND } from '../world/fleet.ts';
import type { Repository } from './repository.ts';
import type { Upload } from './upload.ts';

const HEAD = 1024;

export const newUpload = ({ clock, registry }: Fleet, repository: Repository): Upload => {
  const upload: Upload = {
    id: [8, 4, 4, 4, 12].map((length) => registry.names.hex(length)).join('-'),
    startedAt: clock.now(),
    parts: [],
    hash: createHash('sha256'),
    size: 0,
    bytesReceived: 0,
    head: Buffer.alloc(0),
    ended: false,
  };
  repository.uploads.set(upload.id, upload);
  return upload;
};

export const takePart = (upload: Upload, part: Buffer): void => {
  upload.parts.push(part);
  upload.hash.update(part);
  upload.size += part.length;
  if (upload.head.length < HEAD) {
    upload.head = Buffer.concat([upload.head, part.subarray(0, HEAD - upload.head.length)]);
  }
};

/** It is gone for clients, and its bytes with it; what it received stays known. */
export const endUpload = (upload: Upload): void => {
  upload.ended = true;
  upload.parts.length = 0;
};

/** Whether it is under way. What nobody completed in time has ended. */
export const isOpen = ({ clock, registry }: Fleet, upload: Upload): boolean => {
  if (clock.now() - upload.startedAt >= registry.settings.uploadLifetime * SECOND) endUpload(upload);
  return !upload.ended;
};

/** The upload under way; UploadNotFoundException when there is none, or no longer. */
export const findUpload = (fleet: Fleet, repository: Repository, id = ''): Upload => {
  const upload = repository.uploads.get(id);
  if (upload !== undefined && isOpen(fleet, upload)) return upload;
  throw new AwsError(
    'UploadNotFoundException',
    `The upload '${id}' does not exist in the repository with name '${repository.name}' in the registry with id '${fleet.account}'`,
  );
};

/** Whether the one begins as the other does, as far as both are known. */
export const beginsAlike = (one: Buffer, other: Buffer): boolean => {
  const length = Math.min(one.length, other.length, HEAD);
  return length > 0 && one.subarray(0, length).equals(other.subarray(0, length));
};
