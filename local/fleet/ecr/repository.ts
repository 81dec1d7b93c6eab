import type { ImageTagMutability } from '@aws-sdk/client-ecr';
import type { Platform } from '../../../lib/domain/image-manifest.ts';
import type { ImageBehaviour } from '../seeds.ts';
import type { ManifestParts } from './read-manifest.ts';
import type { Upload } from './upload.ts';

export interface Image {
  readonly digest: string;
  readonly tags: Set<string>;
  readonly manifest: string;
  readonly mediaType: string;
  readonly parts: ManifestParts;
  readonly pushedAt: Date;
  /** what its config says it runs on; undefined for an index, and where the config is not known */
  readonly platform: Platform | undefined;
  behaviour: ImageBehaviour;
  lastPulledAt?: Date;
}

/** A layer or a config: ECR makes no difference. */
export interface Layer {
  readonly digest: string;
  readonly size: number;
  /** undefined when it was put in without any bytes */
  readonly content: Buffer | undefined;
}

export interface TagSettings {
  readonly imageTagMutability: ImageTagMutability;
  /** wildcard filters */
  readonly exclusions: readonly string[];
}

export interface RepositorySettings extends TagSettings {
  readonly scanOnPush: boolean;
}

export const DEFAULT_REPOSITORY_SETTINGS: RepositorySettings = {
  imageTagMutability: 'MUTABLE',
  exclusions: [],
  scanOnPush: false,
};

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: Date;
  settings: RepositorySettings;
  /** by digest, oldest first */
  readonly images: Map<string, Image>;
  /** by digest, oldest first */
  readonly layers: Map<string, Layer>;
  /** by id, oldest first; those that ended stay for what they received */
  readonly uploads: Map<string, Upload>;
  /** bytes of all layer parts that came in, also of those that were refused */
  bytesReceived: number;
}

export const imageTagged = (repository: Repository, tag: string): Image | undefined =>
  [...repository.images.values()].find(({ tags }) => tags.has(tag));

export const moveTag = (repository: Repository, tag: string, to: Image): void => {
  for (const image of repository.images.values()) image.tags.delete(tag);
  to.tags.add(tag);
};
