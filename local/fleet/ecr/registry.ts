import type { ImageBehaviour, ImageSeed } from '../seeds.ts';
import type { Place } from '../world/arns.ts';
import { arn, registryHost } from '../world/arns.ts';
import { MANIFEST_TYPE, digestOf, manifestOf } from './manifest.ts';

export interface Image {
  readonly digest: string;
  readonly tags: Set<string>;
  readonly manifest: string;
  readonly mediaType: string;
  readonly pushedAt: Date;
  readonly sizeInBytes: number;
  behaviour: ImageBehaviour;
  lastPulledAt?: Date;
}

export interface Repository {
  readonly name: string;
  readonly arn: string;
  readonly uri: string;
  readonly createdAt: Date;
  /** by digest, oldest first */
  readonly images: Map<string, Image>;
}

/** The account's ECR in this region: repositories by name. */
export interface Registry {
  readonly host: string;
  readonly repositories: Map<string, Repository>;
}

export const emptyRegistry = (place: Place): Registry => ({ host: registryHost(place), repositories: new Map() });

export const repositoryNamed = (registry: Registry, name: string, made: { place: Place; at: Date }): Repository => {
  const known = registry.repositories.get(name);
  if (known !== undefined) return known;
  const repository: Repository = {
    name,
    arn: arn(made.place, 'ecr', `repository/${name}`),
    uri: `${registry.host}/${name}`,
    createdAt: made.at,
    images: new Map(),
  };
  registry.repositories.set(name, repository);
  return repository;
};

/** Puts the image in, moves its tag to it, and sets what it does. Tells its digest. */
export const putImage = (repository: Repository, seed: ImageSeed, at: Date): Image => {
  const manifest = manifestOf(seed);
  const digest = seed.digest ?? digestOf(manifest);
  const image: Image = repository.images.get(digest) ?? {
    digest,
    tags: new Set(),
    manifest,
    mediaType: MANIFEST_TYPE,
    pushedAt: at,
    sizeInBytes: sizeOf(manifest),
    behaviour: seed.behaviour,
  };
  image.behaviour = seed.behaviour;
  repository.images.set(digest, image);
  if (seed.tag !== undefined) moveTag(repository, seed.tag, image);
  return image;
};

const moveTag = (repository: Repository, tag: string, to: Image): void => {
  for (const image of repository.images.values()) image.tags.delete(tag);
  to.tags.add(tag);
};

const sizeOf = (manifest: string): number => {
  const { config, layers } = JSON.parse(manifest) as { config: { size: number }; layers: { size: number }[] };
  return layers.reduce((total, { size }) => total + size, config.size);
};

export const imageTagged = (repository: Repository, tag: string): Image | undefined =>
  [...repository.images.values()].find(({ tags }) => tags.has(tag));

export interface ImageName {
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** The parts of `HOST/repository[:tag][@digest]`; undefined when it is of another registry. A digest wins over a tag. */
export const imageName = (registry: Registry, image: string): ImageName | undefined => {
  if (!image.startsWith(`${registry.host}/`)) return undefined;
  const [path = '', digest] = image.slice(registry.host.length + 1).split('@');
  const [repository = '', tag] = path.split(':');
  if (digest !== undefined) return { repository, digest };
  return { repository, tag: tag ?? 'latest' };
};

/** The image that a task would pull under this name. */
export const findImage = (registry: Registry, image: string): Image | undefined => {
  const name = imageName(registry, image);
  const repository = registry.repositories.get(name?.repository ?? '');
  if (name === undefined || repository === undefined) return undefined;
  return name.digest === undefined ? imageTagged(repository, name.tag ?? '') : repository.images.get(name.digest);
};
