import type { DescribeServiceRevisionsRequest, ServiceRevision } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceRecord, ServiceRevisionRecord } from '../world/records.ts';
import { checkSupported, revisionNamed, serviceOfPart } from './find-deployment.ts';
import { fargate } from './fargate.ts';

/** A revision tells what really runs: each container's image with the digest that its tag stood for. */
export const describeServiceRevisions =
  (fleet: Fleet): Operation =>
  (input) => {
    const { serviceRevisionArns: arns = [] } = input as unknown as DescribeServiceRevisionsRequest;
    for (const arn of arns) checkSupported(fleet, serviceOfPart(fleet, arn));
    return {
      serviceRevisions: arns.flatMap((arn) => {
        const [service, revision] = [serviceOfPart(fleet, arn), revisionNamed(fleet, arn)];
        return service === undefined || revision === undefined ? [] : [describedRevision(service, revision)];
      }),
      failures: arns
        .filter((arn) => revisionNamed(fleet, arn) === undefined)
        .map((arn) => ({ arn, reason: 'MISSING' })),
    };
  };

const describedRevision = (service: ServiceRecord, revision: ServiceRevisionRecord): ServiceRevision => ({
  serviceRevisionArn: revision.arn,
  serviceArn: service.arn,
  clusterArn: service.cluster.arn,
  taskDefinition: revision.taskDefinition.arn,
  launchType: service.settings.launchType,
  capacityProviderStrategy: service.settings.capacityProviderStrategy,
  ...fargate(service),
  ...revision.settings,
  containerImages: revision.images.map(({ containerName, image, digest }) => ({
    containerName,
    image,
    imageDigest: digest,
  })),
  guardDutyEnabled: false,
  createdAt: revision.createdAt,
});
