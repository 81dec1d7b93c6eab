import type { DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { DEFAULT_DEPLOYMENT_CONFIGURATION } from '../ecs/service-settings.ts';
import type { ServiceSeed } from '../seeds.ts';
import type { RevisionSettings, ServiceSettings } from '../world/records.ts';
import type { SeededDoor } from './seed-target-groups.ts';
import { loadBalancersOf } from './seed-target-groups.ts';

const GRACE_SECONDS = 30;

/** The members of the seeded service that start no deployment. */
export const seededSettings = (seed: ServiceSeed): ServiceSettings => ({
  ...runsOn(seed),
  deploymentController: { type: seed.deploymentController ?? 'ECS' },
  healthCheckGracePeriodSeconds: seed.healthCheckGracePeriod ?? GRACE_SECONDS,
  ...(seed.schedulingStrategy === undefined ? {} : { schedulingStrategy: seed.schedulingStrategy }),
});

/** A launch type or a capacity provider, never both. Fargate knows no daemons. */
const runsOn = ({ capacityProvider, schedulingStrategy }: ServiceSeed): ServiceSettings => {
  if (capacityProvider !== undefined) return { capacityProviderStrategy: [{ capacityProvider, weight: 1, base: 0 }] };
  return { launchType: schedulingStrategy === 'DAEMON' ? 'EC2' : 'FARGATE' };
};

/** The members of the seeded service that belong to its revision. */
export const seededRevisionSettings = (seed: ServiceSeed, doors: SeededDoor[]): RevisionSettings => ({
  platformVersion: 'LATEST',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
      securityGroups: ['sg-0123456789abcdef0'],
      assignPublicIp: 'DISABLED',
    },
  },
  loadBalancers: loadBalancersOf(seed, doors),
});

export const seededDeploymentConfiguration = (seed: ServiceSeed): DeploymentConfiguration => {
  const [least, most] = seed.schedulingStrategy === 'DAEMON' ? [0, 100] : [100, 200];
  return {
    ...DEFAULT_DEPLOYMENT_CONFIGURATION,
    maximumPercent: seed.maximumPercent ?? most,
    minimumHealthyPercent: seed.minimumHealthyPercent ?? least,
    ...(seed.circuitBreaker === undefined ? {} : { deploymentCircuitBreaker: seed.circuitBreaker }),
    ...(seed.alarms === undefined ? {} : { alarms: seed.alarms }),
    ...(seed.earlySuccess === undefined ? {} : { earlySuccessCriteria: { enable: true, ...seed.earlySuccess } }),
    ...byStrategy(seed.strategy),
  };
};

/** The strategy with what it cannot be without, at ECS's own defaults. */
const byStrategy = (strategy: ServiceSeed['strategy'] = 'ROLLING'): DeploymentConfiguration => {
  switch (strategy) {
    case 'ROLLING':
      return { strategy };
    case 'BLUE_GREEN':
      return { strategy, bakeTimeInMinutes: 5 };
    case 'LINEAR':
      return { strategy, linearConfiguration: { stepPercent: 10, stepBakeTimeInMinutes: 6 } };
    case 'CANARY':
      return { strategy, canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 } };
  }
};
