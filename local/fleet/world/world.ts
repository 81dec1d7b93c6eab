import type { Clock } from '../../clock.ts';
import type { DataPlane } from '../data-plane/data-plane.ts';
import { dataPlaneOf } from '../data-plane/data-plane.ts';
import type { Nodes } from '../data-plane/nodes.ts';
import { startNodes } from '../data-plane/nodes.ts';
import { findService } from '../ecs/find.ts';
import { emptyRegistry } from '../ecr/registry.ts';
import type { RegistryDoor } from '../ecr/registry-door.ts';
import { registryDoor } from '../ecr/registry-door.ts';
import { repositoryView } from '../ecr/repository-view.ts';
import { emptyBalancer, mainListener } from '../elbv2/balancer.ts';
import type { Operation, Operations, PermissionsOf } from '../operation.ts';
import type { Past } from '../past/past.ts';
import { pastOf } from '../past/past.ts';
import type { RegistrySettings, RepositorySeed, RepositoryView } from '../registry-seeds.ts';
import { autoscale } from '../scaling/autoscale.ts';
import type { Autoscaled } from '../scaling-seeds.ts';
import { seedImage, seedRepository } from '../seeding/seed-image.ts';
import { seedService } from '../seeding/seed-service.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded, ServiceView, WorldDefaults } from '../seeds.ts';
import { partitionOf } from './arns.ts';
import type { Fleet, WorldOptions } from './fleet.ts';
import { emptyFleet } from './fleet.ts';
import { permissionsIn } from './permissions.ts';
import { playedOperations } from './played-operations.ts';
import { randomStream } from './random.ts';
import { wakeOn } from './scheduler.ts';
import { tweakService } from './tweak.ts';
import { viewOf } from './view.ts';

export type { WorldOptions } from './fleet.ts';

/** ECS, ECR, the load balancer and Application Auto Scaling of one account in one region, alive on a clock. */
export interface World {
  operations: Operations;
  /** The operations whose reads answer as before the latest `writes` writes to what they read. */
  before: (writes: number) => Operations;
  permissionsOf: PermissionsOf;
  putImage: (seed: ImageSeed) => { digest: string };
  /** Puts an empty repository in, or gives the one that is there these settings. */
  putRepository: (seed: RepositorySeed) => { repositoryArn: string };
  /** Creates what the service needs around it. It starts with its tasks healthy and its rollout COMPLETED, unless the seed says otherwise. */
  putService: (seed: ServiceSeed) => ServiceSeeded;
  /** How it is now, however far reads lag. Raises ClusterNotFoundException or ServiceNotFoundException. */
  serviceView: (cluster: string, service: string) => ServiceView;
  /** The repository as it is now, uploads under way included. Raises RepositoryNotFoundException. */
  ecrView: (repository: string) => RepositoryView;
  /** Changes what only somebody outside can change; the names are in tweak.ts. */
  tweak: (cluster: string, service: string, change: Record<string, unknown>) => void;
  /** A scaling policy of the service wants so many tasks. Throws when the service has no scalable target. */
  autoscale: (cluster: string, service: string, desired: number) => Autoscaled;
  /** Says how services are that come from now on. */
  setDefaults: (defaults: WorldDefaults) => void;
  /** Says how ECR takes uploads from now on. */
  setRegistry: (settings: RegistrySettings) => void;
  registry: RegistryDoor;
  dataPlane: DataPlane;
  /** Answers to users since the world began, by service. */
  traffic: DataPlane['traffic'];
  /** Says where users reach the load balancer, and its further listeners; services seeded from then on tell it. */
  loadBalancerAt: (url: string, doorOf: Fleet['doorOf']) => void;
}

export const createWorld = (options: WorldOptions): World => {
  const { fleet, past } = startFleet(options);
  const nodes = startNodes(fleet);
  fleet.wake = wakeOn(fleet);
  fleet.routingChanged = nodes.changed;
  const operations = playedOperations(fleet, past);
  const putImage: Operation = (input) => operations.ecr['PutImage']?.(input) ?? {};
  const dataPlane = dataPlaneOf(fleet, nodes, options.clock);
  return {
    operations,
    before: (writes) => playedOperations(fleet, past, writes),
    permissionsOf: permissionsIn(fleet),
    ...seeding(fleet, past, nodes),
    ...handsOn(fleet, past),
    registry: registryDoor(fleet, putImage),
    dataPlane,
    traffic: dataPlane.traffic,
  };
};

/** Whatever happens in the fleet happens on its clock, so that after each such moment its past can be kept. */
const startFleet = (options: WorldOptions): { fleet: Fleet; past: Past } => {
  const { region, account, seed } = options;
  const place = { partition: partitionOf(region), region, account };
  const names = randomStream(seed, 'load balancer');
  const registry = emptyRegistry(place, {
    names: randomStream(seed, 'registry'),
    realTime: options.realTime ?? Date.now,
    settings: options.registry,
  });
  const balancer = emptyBalancer(place, { names, at: new Date(options.clock.now()) });
  const clock: Clock = {
    now: () => options.clock.now(),
    after: (ms, act) =>
      options.clock.after(ms, () => {
        act();
        past.passed();
      }),
  };
  const fleet = emptyFleet({ ...options, clock }, { registry, balancer });
  const past = pastOf(fleet);
  return { fleet, past };
};

type Seeding = Pick<World, 'putImage' | 'putRepository' | 'putService'>;

/** What people and tests put into the fleet. */
const seeding = (fleet: Fleet, past: Past, nodes: Nodes): Seeding => ({
  putImage: (image) => {
    const input = { repositoryName: image.repository };
    const done = past.beforeWrite({ service: 'ecr', operation: 'PutImage', input });
    const seeded = seedImage(fleet, image);
    done();
    return seeded;
  },
  putRepository: (repository) => seedRepository(fleet, repository),
  putService: (service) => {
    const seeded = seedService(fleet, service);
    nodes.settle();
    past.passed();
    return seeded;
  },
});

type HandsOn = Pick<
  World,
  'serviceView' | 'ecrView' | 'tweak' | 'autoscale' | 'setDefaults' | 'setRegistry' | 'loadBalancerAt'
>;

/** What they do to it beside AWS, and read of it. */
const handsOn = (fleet: Fleet, past: Past): HandsOn => ({
  serviceView: (cluster, service) => viewOf(fleet, findService(fleet, { cluster, service })),
  ecrView: (repository) => repositoryView(fleet, repository),
  tweak: (cluster, service, change) => {
    tweakService(fleet, findService(fleet, { cluster, service }), change);
    past.passed();
  },
  autoscale: (cluster, service, desired) => {
    const scaled = autoscale(fleet, findService(fleet, { cluster, service }), desired);
    past.passed();
    return scaled;
  },
  setDefaults: (defaults) => {
    Object.assign(fleet.defaults, defaults);
  },
  setRegistry: (settings) => {
    Object.assign(fleet.registry.settings, settings);
  },
  loadBalancerAt: (url, doorOf) => {
    mainListener(fleet.balancer).url = url;
    fleet.doorOf = doorOf;
  },
});
