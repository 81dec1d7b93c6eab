import type { Cluster as ClusterShape, DescribeClustersRequest, ListClustersRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { nameIn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { Cluster } from '../world/records.ts';
import { unstoppedTasks } from '../world/task-health.ts';
import { clusterArn } from './find.ts';
import { countsOf } from './counts.ts';

export const describeClusters =
  (fleet: Fleet): Operation =>
  (input) => {
    const { clusters = ['default'], include = [] } = input as DescribeClustersRequest;
    const found = clusters.flatMap((cluster) => fleet.clusters.get(nameIn(cluster)) ?? []);
    const missing = clusters.filter((cluster) => !fleet.clusters.has(nameIn(cluster)));
    return {
      clusters: found.map((cluster) => ({
        ...describedCluster(fleet, cluster),
        ...(include.includes('TAGS') ? { tags: fleet.tags.get(cluster.arn) ?? [] } : {}),
      })),
      failures: missing.map((cluster) => ({ arn: clusterArn(fleet, cluster), reason: 'MISSING' })),
    };
  };

const describedCluster = (fleet: Fleet, { name, arn, services }: Cluster): ClusterShape => {
  const counts = countsOf([...services.values()].flatMap((service) => unstoppedTasks(fleet, service)));
  return {
    clusterArn: arn,
    clusterName: name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: 0,
    runningTasksCount: counts.runningCount,
    pendingTasksCount: counts.pendingCount,
    activeServicesCount: [...services.values()].filter(({ status }) => status === 'ACTIVE').length,
    statistics: [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
};

export const listClusters =
  (fleet: Fleet): Operation =>
  (input) => {
    const { nextToken, maxResults } = input as ListClustersRequest;
    const page = pageOf([...fleet.clusters.values()], { nextToken, maxResults: maxResults ?? 100 });
    return { clusterArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
  };
