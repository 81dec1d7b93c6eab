import type { DataPlane } from '../data-plane/data-plane.ts';
import { dataPlaneOf } from '../data-plane/data-plane.ts';
import { startNodes } from '../data-plane/nodes.ts';
import { findService } from '../ecs/find.ts';
import { ecsOperations } from '../ecs/operations.ts';
import { ecrOperations } from '../ecr/operations.ts';
import { emptyRegistry } from '../ecr/registry.ts';
import { emptyBalancer } from '../elbv2/balancer.ts';
import { elbv2Operations } from '../elbv2/operations.ts';
import type { Operation, Operations, ResourcesOf } from '../operation.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded, ServiceView } from '../seeds.ts';
import { partitionOf } from './arns.ts';
import { copyOf } from './copy.ts';
import type { WorldOptions } from './fleet.ts';
import { emptyFleet } from './fleet.ts';
import { randomStream } from './random.ts';
import { resourcesIn } from './resources.ts';
import { wakeOn } from './scheduler.ts';
import { seedImage, seedService } from './seeding.ts';
import { tweakService } from './tweak.ts';
import { viewOf } from './view.ts';

export type { WorldOptions } from './fleet.ts';

/** ECS, ECR and the load balancer of one account in one region, alive on a clock. */
export interface World {
  operations: Operations;
  resourcesOf: ResourcesOf;
  putImage: (seed: ImageSeed) => { digest: string };
  /** Creates what the service needs around it. It starts with its tasks healthy and its rollout COMPLETED. */
  putService: (seed: ServiceSeed) => ServiceSeeded;
  /** Raises ClusterNotFoundException or ServiceNotFoundException. */
  serviceView: (cluster: string, service: string) => ServiceView;
  /** Changes what only somebody outside can change; the names are in tweak.ts. */
  tweak: (cluster: string, service: string, change: Record<string, unknown>) => void;
  dataPlane: DataPlane;
  /** Says where users reach the load balancer; services seeded from then on tell it. */
  loadBalancerAt: (url: string) => void;
}

export const createWorld = (options: WorldOptions): World => {
  const { region, account, clock, seed } = options;
  const place = { partition: partitionOf(region), region, account };
  const names = randomStream(seed, 'load balancer');
  const balancer = emptyBalancer(place, { names, at: new Date(clock.now()) });
  const fleet = emptyFleet(options, {
    registry: emptyRegistry(place),
    balancer,
    loadBalancerUrl: `http://${balancer.dnsName}`,
  });
  const nodes = startNodes(fleet);
  fleet.wake = wakeOn(fleet);
  fleet.routingChanged = nodes.changed;
  return {
    operations: {
      ecs: isolated(ecsOperations(fleet)),
      ecr: isolated(ecrOperations(fleet)),
      elbv2: isolated(elbv2Operations(fleet)),
    },
    resourcesOf: resourcesIn(place),
    putImage: (image) => seedImage(fleet, image),
    putService: (service) => {
      const seeded = seedService(fleet, service);
      nodes.settle();
      return seeded;
    },
    serviceView: (cluster, service) => viewOf(fleet, findService(fleet, { cluster, service })),
    tweak: (cluster, service, change) => {
      tweakService(fleet, findService(fleet, { cluster, service }), change);
    },
    dataPlane: dataPlaneOf(fleet, nodes),
    loadBalancerAt: (url) => {
      fleet.loadBalancerUrl = url;
    },
  };
};

/** What goes in and out is copied, so that neither side can change the other's. */
const isolated = (operations: Record<string, Operation>): Record<string, Operation> =>
  Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [name, (input) => copyOf(operation(copyOf(input)))]),
  );
