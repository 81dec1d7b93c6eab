import type { ServiceSeed, ServiceSeeded } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import type { Cluster, ServiceRecord, TaskDefinitionRecord } from '../world/records.ts';
import { addRevision, completeRollout, startRollout } from '../world/rollouts.ts';
import { addService, clusterNamed } from '../world/services.ts';
import { seasonedTask } from '../world/tasks.ts';
import { mainListener } from '../elbv2/balancer.ts';
import { coloursSeeded, urlOf } from './seed-colours.ts';
import { ensureImage } from './seed-image.ts';
import { seedScaling } from './seed-scaling.ts';
import { seededDeploymentConfiguration, seededRevisionSettings, seededSettings } from './seed-settings.ts';
import type { SeededDoor } from './seed-target-groups.ts';
import { pathOf, seedDoors } from './seed-target-groups.ts';
import { seedTaskDefinition } from './seed-task-definition.ts';

/** Puts a service into the world as if it had been there for long: tasks healthy, rollout COMPLETED, unless the seed says otherwise. */
export const seedService = (fleet: Fleet, seed: ServiceSeed): ServiceSeeded => {
  const cluster = clusterNamed(fleet, seed.cluster);
  check(cluster, seed);
  for (const { image } of seed.containers) ensureImage(fleet, image);
  const doors = seedDoors(fleet, seed);
  const taskDefinition = seedTaskDefinition(fleet, seed);
  const service = addSeeded(fleet, { cluster, doors }, seed);
  if (seed.rollout === 'begun') startRollout(fleet, service, addRevision(fleet, service, taskDefinition));
  else settleAtOnce(fleet, service, taskDefinition);
  if (seed.status !== undefined) enterStatus(fleet, service, seed.status);
  if (seed.scaling !== undefined) seedScaling(fleet, service, seed.scaling);
  return {
    serviceArn: service.arn,
    taskDefinitionArn: taskDefinition.arn,
    targetGroupArn: doors[0]?.group.arn ?? '',
    ...coloursSeeded(fleet, doors[0]),
    targetGroupArns: doors.map(({ group }) => group.arn),
    url: doors[0] === undefined ? `${mainListener(fleet.balancer).url}${pathOf(seed)}` : urlOf(fleet, doors[0].rule),
  };
};

const check = ({ services }: Cluster, seed: ServiceSeed): void => {
  const known = services.get(seed.service);
  if (known !== undefined && known.status !== 'INACTIVE') throw new Error(`The service ${known.arn} is there already`);
  const targets = (seed.loadBalancer ?? 'target group') === 'target group' ? seed.desiredCount : 0;
  if (seed.status === 'DRAINING' && targets === 0) {
    throw new Error('A service that is to stay DRAINING needs tasks in a target group');
  }
};

const addSeeded = (
  fleet: Fleet,
  { cluster, doors }: { cluster: Cluster; doors: SeededDoor[] },
  seed: ServiceSeed,
): ServiceRecord => {
  const service = addService(fleet, {
    name: seed.service,
    cluster,
    desired: seed.status === 'INACTIVE' ? 0 : seed.desiredCount,
    settings: seededSettings(seed),
    revisionSettings: seededRevisionSettings(seed, doors),
    deploymentConfiguration: seededDeploymentConfiguration(seed),
    asked: undefined,
    tags: undefined,
  });
  service.readsLag = seed.readsLag ?? service.readsLag;
  service.serviceDeployments = seed.serviceDeployments ?? service.serviceDeployments;
  return service;
};

const settleAtOnce = (fleet: Fleet, service: ServiceRecord, taskDefinition: TaskDefinitionRecord): void => {
  const rollout = startRollout(fleet, service, addRevision(fleet, service, taskDefinition));
  for (let count = 0; count < service.desired; count += 1) {
    seasonedTask(fleet, service, rollout).provedHealthy = true;
  }
  rollout.deployment.startedAt = dateOf(fleet);
  completeRollout(fleet, service, rollout);
};

/** As somebody's DeleteService leaves it: just now, or long ago. */
const enterStatus = (fleet: Fleet, service: ServiceRecord, status: ServiceRecord['status']): void => {
  service.status = status;
  if (status === 'ACTIVE') return;
  service.desired = 0;
  if (status === 'INACTIVE') service.rollouts = [];
  fleet.wake(service);
};
