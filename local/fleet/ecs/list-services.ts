import type { ListServicesRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import { findCluster } from './find.ts';

export const listServices =
  (fleet: Fleet): Operation =>
  (input) => {
    const { cluster, launchType, schedulingStrategy, nextToken, maxResults } = input as ListServicesRequest;
    const services = [...findCluster(fleet, cluster).services.values()].filter(
      ({ status, settings }) =>
        status === 'ACTIVE' &&
        (launchType === undefined || launchType === settings.launchType) &&
        (schedulingStrategy === undefined || schedulingStrategy === (settings.schedulingStrategy ?? 'REPLICA')),
    );
    const page = pageOf(services, { nextToken, maxResults: maxResults ?? 10 });
    return { serviceArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
  };
