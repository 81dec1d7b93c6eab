import {
  CreateServiceCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  type CreateServiceCommandInput,
  type ECSClient,
  type Service,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import { DeployFailure } from '../../domain/failure.ts';
import type { ServiceCopies } from '../../ports/service-copies.ts';
import { awsCall, isAwsError } from './aws-call.ts';
import { serviceStateOf } from './ecs-service-state.ts';

// Not every region has service revisions (GovCloud's are unconfirmed); records older than 90 days are gone.
const noRecord = ['UnsupportedFeatureException', 'InvalidParameterException'];

/** The newest of a service's revisions: what runs, or is about to. */
const revisionOf = async (
  ecs: ECSClient,
  { currentServiceRevisions = [] }: Service,
): Promise<ServiceRevision | undefined> => {
  const arn = currentServiceRevisions[0]?.arn;
  if (arn === undefined) return undefined;
  const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] });
  try {
    const { serviceRevisions } = await awsCall('DescribeServiceRevisions', () => ecs.send(command), noRecord);
    return serviceRevisions?.[0];
  } catch (error) {
    if (noRecord.some((name) => isAwsError(error, name))) return undefined;
    throw error;
  }
};

/** ECS services as a whole. */
export const ecsServiceCopies = (ecs: ECSClient): ServiceCopies => ({
  describe: async ({ cluster, service: name }) => {
    const command = new DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] });
    const { services } = await awsCall('DescribeServices', () => ecs.send(command));
    const service = services?.[0];
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
