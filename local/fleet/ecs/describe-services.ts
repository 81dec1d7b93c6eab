import type { DescribeServicesRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { ecsArn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { findCluster, serviceName } from './find.ts';
import { describedService } from './service-shape.ts';

const MOST = 10;

/** What is not there comes back in `failures` as MISSING, with status 200. */
export const describeServices =
  (fleet: Fleet): Operation =>
  (input) => {
    const { cluster, services = [], include = [] } = input as unknown as DescribeServicesRequest;
    const { name, services: known } = findCluster(fleet, cluster);
    if (services.length === 0) throw new AwsError('InvalidParameterException', 'Services cannot be empty.');
    if (services.length > MOST)
      throw new AwsError('InvalidParameterException', `Services cannot have more than ${MOST} elements.`);
    const found = services.flatMap((service) => known.get(serviceName(service)) ?? []);
    const missing = services.map(serviceName).filter((service) => !known.has(service));
    return {
      services: found.map((service) => ({
        ...describedService(fleet, service),
        ...(include.includes('TAGS') ? { tags: fleet.tags.get(service.arn) ?? [] } : {}),
      })),
      failures: missing.map((service) => ({ arn: ecsArn(fleet, `service/${name}/${service}`), reason: 'MISSING' })),
    };
  };
