import { ECRClient, UploadLayerPartCommand } from '@aws-sdk/client-ecr';
import { ecrImageStore } from '../../../lib/adapters/aws/ecr-image-store.ts';
import type { ImageStore } from '../../../lib/ports/image-store.ts';
import type { CopyJob } from './copy-job.ts';

const clientOf = (endpoint: string): ECRClient =>
  new ECRClient({ endpoint, region: 'us-gov-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });

export const storeAt = (url: string): ImageStore => ecrImageStore(clientOf(url));

/** The same parts as a copy sends, from memory, six at once: what the SDK takes at the least. Bytes. */
export const bareParts = async ({ to, parts, partSize }: Extract<CopyJob, { kind: 'bare parts' }>): Promise<number> => {
  const client = clientOf(to);
  const layerPartBlob = Buffer.alloc(partSize, 'part');
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let part = next++; part < parts; part = next++) {
      const range = { partFirstByte: part * partSize, partLastByte: (part + 1) * partSize - 1 };
      const upload = { repositoryName: 'acme/web', uploadId: 'one' };
      await client.send(new UploadLayerPartCommand({ ...upload, ...range, layerPartBlob }));
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return parts * partSize;
};
