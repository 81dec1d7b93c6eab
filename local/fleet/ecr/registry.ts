import type { RegistrySettings, RepositorySeed } from '../registry-seeds.ts';
import type { Place } from '../world/arns.ts';
import { arn, registryHost } from '../world/arns.ts';
import type { Random } from '../world/random.ts';
import type { Budget } from './put-budget.ts';
import { putBudget } from './put-budget.ts';
import type { Image, Repository, RepositorySettings } from './repository.ts';
import { DEFAULT_REPOSITORY_SETTINGS, imageTagged } from './repository.ts';

/** The account's ECR in this region: repositories by name. */
export interface Registry {
  readonly host: string;
  readonly repositories: Map<string, Repository>;
  readonly settings: Required<RegistrySettings>;
  readonly names: Random;
  readonly putBudget: Budget;
  /** what passwords and layer URLs are sealed with */
  readonly key: string;
  /** where layers can be fetched */
  url: string;
}

export interface RegistryParts {
  names: Random;
  /** real time, milliseconds */
  realTime: () => number;
  settings?: RegistrySettings | undefined;
}

export const emptyRegistry = (place: Place, { names, realTime, settings }: RegistryParts): Registry => {
  const all = { partSize: 10_485_760, uploadLifetime: 24 * 3600, putImagesPerSecond: 10, ...settings };
  return {
    host: registryHost(place),
    repositories: new Map(),
    settings: all,
    names,
    putBudget: putBudget(realTime, () => all.putImagesPerSecond),
    key: names.hex(64),
    url: `https://${registryHost(place)}`,
  };
};

export interface Made {
  place: Place;
  at: Date;
  settings?: RepositorySettings;
}

/** The repository of that name; it is made when there is none. */
export const repositoryNamed = (registry: Registry, name: string, made: Made): Repository => {
  const known = registry.repositories.get(name);
  if (known !== undefined) return known;
  const repository: Repository = {
    name,
    arn: arn(made.place, 'ecr', `repository/${name}`),
    uri: `${registry.host}/${name}`,
    createdAt: made.at,
    settings: made.settings ?? DEFAULT_REPOSITORY_SETTINGS,
    images: new Map(),
    layers: new Map(),
    uploads: new Map(),
    bytesReceived: 0,
  };
  registry.repositories.set(name, repository);
  return repository;
};

/** Puts the repository in, or gives the one that is there these settings. */
export const putRepository = (registry: Registry, seed: RepositorySeed, made: Made): Repository => {
  const repository = repositoryNamed(registry, seed.name, made);
  repository.settings = {
    imageTagMutability: seed.imageTagMutability ?? 'MUTABLE',
    exclusions: seed.imageTagMutabilityExclusionFilters ?? [],
    scanOnPush: seed.scanOnPush ?? false,
  };
  return repository;
};

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

export interface Found {
  readonly repository: Repository;
  readonly image: Image;
}

/** The image that a task would pull under this name. */
export const findImage = (registry: Registry, image: string): Found | undefined => {
  const name = imageName(registry, image);
  const repository = registry.repositories.get(name?.repository ?? '');
  if (name === undefined || repository === undefined) return undefined;
  const found =
    name.digest === undefined ? imageTagged(repository, name.tag ?? '') : repository.images.get(name.digest);
  return found && { repository, image: found };
};
