import type { Rollout, ServiceDeploymentRecord, ServiceRecord, ServiceRevisionRecord, Task } from '../world/records.ts';

/** A service with its tasks. */
export interface WithTasks {
  readonly service: ServiceRecord;
  readonly tasks: readonly Task[];
}

/** Copies each thing once, so that what was one thing is one thing in the copy, too. */
const once = <T extends object>(copy: (original: T) => T): ((original: T) => T) => {
  const copies = new Map<T, T>();
  return (original) => {
    const made = copies.get(original) ?? copy(original);
    copies.set(original, made);
    return made;
  };
};

interface Copiers {
  revision: (original: ServiceRevisionRecord) => ServiceRevisionRecord;
  deployment: (original: ServiceDeploymentRecord) => ServiceDeploymentRecord;
  rollout: (original: Rollout) => Rollout;
}

const copiers = (): Copiers => {
  const revision = once<ServiceRevisionRecord>((original) => ({
    ...original,
    images: original.images.map((image) => ({ ...image })),
  }));
  const deployment = once<ServiceDeploymentRecord>((original) => ({
    ...original,
    target: revision(original.target),
    sources: original.sources.map(revision),
    ...(original.rollback && { rollback: { ...original.rollback, revision: revision(original.rollback.revision) } }),
  }));
  const rollout = once<Rollout>((original) => ({
    ...original,
    revision: revision(original.revision),
    deployment: deployment(original.deployment),
  }));
  return { revision, deployment, rollout };
};

/** Both as they are now, out of reach of what happens to them later. What never changes is shared. */
export const copyOfService = ({ service, tasks }: WithTasks): WithTasks => {
  const { revision, deployment, rollout } = copiers();
  const copy: ServiceRecord = {
    ...service,
    rollouts: service.rollouts.map(rollout),
    deployments: service.deployments.map(deployment),
    revisions: service.revisions.map(revision),
    events: [...service.events],
  };
  return {
    service: copy,
    tasks: tasks.map((task) => ({
      ...task,
      service: copy,
      rollout: rollout(task.rollout),
      containers: task.containers.map((container) => ({ ...container })),
    })),
  };
};

/** Whether the service and its tasks are still as they were copied: most of what happens in a world happens to others. */
export const isAsCopied = (now: WithTasks, copy: WithTasks): boolean =>
  same(now.service, copy.service, ['rollouts', 'deployments', 'revisions', 'events', 'awake']) &&
  now.service.events[0] === copy.service.events[0] &&
  allSame(now.service.rollouts, copy.service.rollouts, ['revision', 'deployment']) &&
  allSame(now.service.deployments, copy.service.deployments, ['target', 'sources', 'rollback']) &&
  allSame(now.service.revisions.flatMap(imagesOf), copy.service.revisions.flatMap(imagesOf), []) &&
  allSame(now.tasks, copy.tasks, ['service', 'rollout', 'containers', 'cancels']) &&
  allSame(now.tasks.flatMap(containersOf), copy.tasks.flatMap(containersOf), []);

const imagesOf = ({ images }: ServiceRevisionRecord): ServiceRevisionRecord['images'] => images;

const containersOf = ({ containers }: Task): Task['containers'] => containers;

const allSame = <T extends object>(ones: readonly T[], others: readonly T[], links: readonly (keyof T)[]): boolean =>
  ones.length === others.length && ones.every((one, index) => same(one, others[index], links));

/** Compares member by member; `links` lead to what is compared by itself, or not at all. */
const same = <T extends object>(one: T, other: T | undefined, links: readonly (keyof T)[]): boolean => {
  if (other === undefined) return false;
  for (const member in one) if (one[member] !== other[member] && !links.includes(member)) return false;
  return true;
};
