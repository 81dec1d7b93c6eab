import { ECRClient } from '@aws-sdk/client-ecr';
import { ecrImageStore } from '../../adapters/aws/ecr-image-store.ts';
import type { ImageStore } from '../../ports/image-store.ts';
import { clientOptions } from './client-options.ts';

/** A part is 14 MB on the wire, and its task has minutes: longer than other calls may take. */
export const imageStore = (): ImageStore => {
  const options = clientOptions();
  return ecrImageStore(
    new ECRClient({ ...options, requestHandler: { ...options.requestHandler, requestTimeout: 30_000 } }),
  );
};
