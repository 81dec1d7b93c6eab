import type { Tag } from '@aws-sdk/client-ecs';
import type { Clock } from '../../clock.ts';
import type { Place } from './arns.ts';
import { partitionOf } from './arns.ts';
import type { Random } from './random.ts';
import { randomStream } from './random.ts';
import type { Registry } from '../ecr/registry.ts';
import type { Balancer } from '../elbv2/balancer.ts';
import type { RegistrySettings } from '../registry-seeds.ts';
import type { Scaling } from '../scaling/scaling.ts';
import { emptyScaling } from '../scaling/scaling.ts';
import type { WorldDefaults } from '../seeds.ts';
import type { Cluster, Family, ServiceRecord, Task } from './records.ts';

export interface WorldOptions extends WorldDefaults {
  clock: Clock;
  region: string;
  account: string;
  /** everything that chance decides follows from it */
  seed: number;
  /** how ECR takes uploads */
  registry?: RegistrySettings;
  /** real time in milliseconds, by which PutImage calls are counted; default Date.now */
  realTime?: () => number;
}

/** Everything the world is made of. The files around it change it; nothing else does. */
export interface Fleet extends Place {
  readonly clock: Clock;
  /** Chance about the course of the world: delays, jitter, node lags. */
  readonly chance: Random;
  /** Chance about names: ids of tasks, rollouts, ARNs. */
  readonly names: Random;
  /** Chance about single requests of users: node, target group, target, time taken. */
  readonly traffic: Random;
  readonly clusters: Map<string, Cluster>;
  readonly families: Map<string, Family>;
  /** by ARN; a task stays for an hour after it stopped */
  readonly tasks: Map<string, Task>;
  /** by resource ARN */
  readonly tags: Map<string, Tag[]>;
  readonly registry: Registry;
  readonly balancer: Balancer;
  readonly scaling: Scaling;
  /** how services are that do not say otherwise */
  readonly defaults: Required<WorldDefaults>;
  /** Lets the scheduler look at the service soon. */
  wake: (service: ServiceRecord) => void;
  /** Tells the load balancer's nodes that rules or targets changed. */
  routingChanged: () => void;
  /** Opens a door for users to a further listener; tells its URL. */
  doorOf: (listenerArn: string, port: number) => string;
}

export type FleetParts = Pick<Fleet, 'registry' | 'balancer'>;

export const emptyFleet = (
  { clock, region, account, seed, readsLag = 0, serviceDeployments = 'supported' }: WorldOptions,
  parts: FleetParts,
): Fleet => ({
  partition: partitionOf(region),
  region,
  account,
  clock,
  chance: randomStream(seed, 'chance'),
  names: randomStream(seed, 'names'),
  traffic: randomStream(seed, 'traffic'),
  clusters: new Map(),
  families: new Map(),
  tasks: new Map(),
  tags: new Map(),
  scaling: emptyScaling(),
  defaults: { readsLag, serviceDeployments },
  wake: () => undefined,
  routingChanged: () => undefined,
  doorOf: (_listenerArn, port) => `http://${parts.balancer.dnsName}:${String(port)}`,
  ...parts,
});

export const SECOND = 1000;

export const dateOf = (fleet: Fleet): Date => new Date(fleet.clock.now());
