import type { FailureName } from './failure.ts';
import { primary, type Rollout, type ServiceState } from './rollout.ts';

export type Refusal = { name: FailureName; because: string };

/** Whether min and max percent leave ECS room to start or to stop a single task. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html */
export const canRoll = ({ desired, minimumHealthy, maximum }: ServiceState): boolean =>
  Math.floor((desired * maximum) / 100) > desired || Math.ceil((desired * minimumHealthy) / 100) < desired;

/** What cannot work, found before the first write. */
export const refuseService = (service: ServiceState): Refusal | undefined => {
  if (service.status !== 'ACTIVE') return { name: 'ServiceMissing', because: `the service is ${service.status}` };
  if (service.controller !== 'ECS')
    return { name: 'UnsupportedService', because: `its deployment controller is ${service.controller}` };
  if (service.strategy !== 'ROLLING')
    return { name: 'UnsupportedService', because: `its own deployment strategy is ${service.strategy}` };
  if (service.classicLoadBalancer)
    return { name: 'UnsupportedService', because: 'it stands behind a Classic Load Balancer' };
  if (service.desired === 0) return { name: 'NothingToRun', because: 'its desired count is 0' };
  if (!canRoll(service)) {
    const because = `minimum ${service.minimumHealthy} % and maximum ${service.maximum} % of ${service.desired} tasks let ECS neither start nor stop one`;
    return { name: 'CannotRoll', because };
  }
  return undefined;
};

export interface Ground {
  /** where Undo goes: the revision that is completely rolled out now */
  completed?: string;
  /** rollouts that are there before we write */
  idsBefore: readonly string[];
  /** a rollout under way that is not ours to disturb */
  busyWith?: Rollout;
}

/** What stands on the service before we touch it. */
export const surveyGround = (service: ServiceState): Ground => {
  const idsBefore = service.rollouts.map(({ id }) => id);
  const front = primary(service);
  const completed = service.rollouts.find(({ state }) => state === 'COMPLETED')?.revision;
  return {
    idsBefore,
    ...(completed === undefined ? {} : { completed }),
    ...(front?.state === 'IN_PROGRESS' ? { busyWith: front } : {}),
  };
};

/** Already there only if every named container of the live revision has the digest, completely, and nothing else is under way. */
export const alreadyDeployed = (
  service: ServiceState,
  live: { images: Readonly<Record<string, string>> },
  wanted: { containers: readonly string[]; digest: string },
): boolean =>
  service.rollouts.length === 1 &&
  primary(service)?.state === 'COMPLETED' &&
  wanted.containers.every(
    (name) => Object.hasOwn(live.images, name) && live.images[name]?.endsWith(`@${wanted.digest}`),
  );
