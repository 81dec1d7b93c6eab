import {
  CreateServiceCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  type CreateServiceCommandInput,
  type ECSClient,
  type Service,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { ServiceName } from '../../domain/deployment.ts';
import { DeployFailure } from '../../domain/failure.ts';
import type { ServiceCopies } from '../../ports/service-copies.ts';
import { awsCall, awsCallIfThere } from './aws-call.ts';
import { serviceStateOf } from './ecs-service-state.ts';

const noCluster = ['ClusterNotFoundException'];
// Not every region has service revisions (GovCloud's are unconfirmed); records older than 90 days are gone.
const noRecord = ['UnsupportedFeatureException', 'InvalidParameterException'];

/** Of several, which a service has while it is rolled out, in no documented order: the one that it is set to. */
const revisionOf = async (
  ecs: ECSClient,
  { currentServiceRevisions = [], taskDefinition }: Service,
): Promise<ServiceRevision | undefined> => {
  const arns = currentServiceRevisions.flatMap(({ arn }) => arn ?? []);
  if (arns.length === 0) return undefined;
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: arns });
  const answer = await awsCallIfThere('DescribeServiceRevisions', () => ecs.send(command), noRecord);
  return answer?.serviceRevisions?.find((revision) => revision.taskDefinition === taskDefinition);
};

const serviceNamed = async (ecs: ECSClient, { cluster, service }: ServiceName): Promise<Service | undefined> => {
  const command = new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] });
  return (await awsCallIfThere('DescribeServices', () => ecs.send(command), noCluster))?.services?.[0];
};

/** ECS services as a whole. */
export const ecsServiceCopies = (ecs: ECSClient): ServiceCopies => ({
  describe: async (name) => {
    const service = await serviceNamed(ecs, name);
    if (service === undefined) return undefined;
    const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
    const revision = await revisionOf(ecs, service);
    return {
      service: { ...service },
      primary: { ...primary },
      ...(revision === undefined ? {} : { revision: { ...revision } }),
    };
  },
  create: async (request) => {
    const input = request as unknown as CreateServiceCommandInput;
    const { service } = await awsCall('CreateService', () => ecs.send(new CreateServiceCommand(input)));
    if (service === undefined) throw new DeployFailure('AwsUnavailable', 'ECS answered no service');
    return serviceStateOf(service);
  },
});
