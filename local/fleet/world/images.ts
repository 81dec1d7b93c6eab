import { runsAs } from '../ecr/image-for-platform.ts';
import type { Found } from '../ecr/registry.ts';
import { findImage } from '../ecr/registry.ts';
import type { ImageBehaviour } from '../seeds.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import type { PinnedImage, Task, TaskContainer, TaskDefinitionRecord } from './records.ts';

/** The images of a task definition as a new service revision begins with them: no digest known yet. */
export const unpinnedImages = ({ registered }: TaskDefinitionRecord): PinnedImage[] =>
  (registered.containerDefinitions ?? []).map(({ name = '', image = '' }) => ({
    containerName: name,
    image,
    digest: undefined,
  }));

export interface FailedPull {
  readonly container: TaskContainer;
  readonly reason: string;
}

/** Gives each container its image, or tells which one keeps the task from starting and why, as Fargate words it. */
export const pullImages = (fleet: Fleet, task: Task): FailedPull | undefined => {
  for (const container of task.containers) {
    const found = resolve(fleet, task, container);
    const name = container.definition.image ?? '';
    if (found === undefined) return { container, reason: notFound(name) };
    const behaviour = runsAs(found, task.rollout.revision.taskDefinition.registered.runtimePlatform);
    const reason = failure(name, behaviour);
    if (reason !== undefined) return { container, reason };
    container.image = found.image;
    container.behaviour = behaviour;
    found.image.lastPulledAt = dateOf(fleet);
  }
  return undefined;
};

/**
 * A tag is resolved to a digest by the first task of a service revision, and then kept, unless the container opts out:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html#deployment-container-image-stability
 */
const resolve = (fleet: Fleet, { rollout }: Task, { definition }: TaskContainer): Found | undefined => {
  const name = definition.image ?? '';
  const pinned = rollout.revision.images.find(({ containerName }) => containerName === definition.name);
  if (definition.versionConsistency === 'disabled' || pinned === undefined) return findImage(fleet.registry, name);
  const repository = name.replace(/@.*$/, '').replace(/:[^:/]*$/, '');
  const found = findImage(fleet.registry, pinned.digest === undefined ? name : `${repository}@${pinned.digest}`);
  pinned.digest ??= found?.image.digest;
  return found;
};

const notFound = (name: string): string =>
  `CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref ${name}: ${name}: not found`;

const failure = (name: string, behaviour: ImageBehaviour): string | undefined => {
  if (behaviour.does === 'fail to start') return behaviour.reason;
  if (behaviour.does === 'fail to pull') {
    return `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to copy: httpReadSeeker: failed open: unexpected status code ${name}: 403 Forbidden`;
  }
  return undefined;
};
