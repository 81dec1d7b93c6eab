import type { ImageTagMutability } from '@aws-sdk/client-ecr';

/** What tests, the demo and people put into the fleet's ECR beside images, and what they can read back: plain data. */

export interface RepositorySeed {
  name: string;
  /** default MUTABLE */
  imageTagMutability?: ImageTagMutability;
  /** wildcard filters (`sha256-*`), for the two settings `…_WITH_EXCLUSION` */
  imageTagMutabilityExclusionFilters?: string[];
  /** default false */
  scanOnPush?: boolean;
}

/** How ECR takes uploads from now on. */
export interface RegistrySettings {
  /** bytes that it asks for in each part; 10,485,760 unless it is set. The least it takes shrinks with it */
  partSize?: number;
  /** seconds of world time after which an upload that was not completed is gone; 24 hours unless it is set */
  uploadLifetime?: number;
  /** PutImage calls a second, of real time: clients back off in real time, too; 10 unless it is set */
  putImagesPerSecond?: number;
}

export interface LayerView {
  digest: string;
  size: number;
  /** bytes sent for it in all: of every upload that begins as it does, parts sent twice and given-up uploads included */
  bytesReceived: number;
}

export interface UploadView {
  uploadId: string;
  /** ISO 8601, world time */
  startedAt: string;
  parts: number;
  /** the bytes that ECR holds of it: where it goes on */
  size: number;
  /** bytes sent for it in all, parts that were refused included */
  bytesReceived: number;
}

/** A repository of the fleet's ECR as it is now, however far reads lag. */
export interface RepositoryView {
  name: string;
  imageTagMutability: ImageTagMutability;
  /** oldest first */
  images: { digest: string; mediaType: string; tags: string[] }[];
  layers: LayerView[];
  /** those under way, oldest first */
  uploads: UploadView[];
  /** bytes of all layer parts that reached it, also of uploads that it no longer knew */
  bytesReceived: number;
}
