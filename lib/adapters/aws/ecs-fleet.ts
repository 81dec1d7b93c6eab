import {
  DeleteServiceCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
  type ECSClient,
  type RegisterTaskDefinitionCommandInput,
  type Tag as EcsTag,
  type TaskDefinition,
} from '@aws-sdk/client-ecs';
import { DeployFailure } from '../../domain/failure.ts';
import type { Revision } from '../../domain/revision.ts';
import type { Fleet } from '../../ports/fleet.ts';
import { awsCall, awsCallIfThere } from './aws-call.ts';
import { stoppedTasks, taskAddresses } from './ecs-rollout-tasks.ts';
import { serviceStateOf } from './ecs-service-state.ts';

const noSuchService = ['ServiceNotFoundException', 'ClusterNotFoundException'];
// Not every region has service deployments (GovCloud's are unconfirmed); records older than 90 days are gone.
const noRecord = ['UnsupportedFeatureException', 'ServiceDeploymentNotFoundException'];

const revisionOf = (definition: TaskDefinition | undefined, tags: EcsTag[] | undefined): Revision => {
  if (definition?.taskDefinitionArn === undefined)
    throw new DeployFailure('AwsUnavailable', 'ECS answered no task definition');
  return {
    arn: definition.taskDefinitionArn,
    family: definition.family ?? '',
    number: definition.revision ?? 0,
    active: definition.status === 'ACTIVE',
    definition: { ...definition },
    tags: (tags ?? []).map(({ key = '', value = '' }) => ({ key, value })),
  };
};

export const ecsFleet = (ecs: ECSClient): Fleet => ({
  service: async ({ cluster, service }) => {
    const command = new DescribeServicesCommand({ cluster, services: [service] });
    const answer = await awsCallIfThere('DescribeServices', () => ecs.send(command), noSuchService);
    const found = answer?.services?.[0];
    return found === undefined ? undefined : serviceStateOf(found);
  },
  serviceDeployment: async (arn) => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
    const answer = await awsCallIfThere('DescribeServiceDeployments', () => ecs.send(command), noRecord);
    const record = answer?.serviceDeployments?.[0];
    if (record === undefined) return undefined;
    return { arn, status: record.status ?? '', reason: record.rollback?.reason ?? record.statusReason ?? '' };
  },
  revision: async (taskDefinition) => {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
    const answer = await awsCall('DescribeTaskDefinition', () => ecs.send(command));
    return revisionOf(answer.taskDefinition, answer.tags);
  },
  newestRevisions: async (family) => {
    const command = new ListTaskDefinitionsCommand({
      familyPrefix: family,
      sort: 'DESC',
      status: 'ACTIVE',
      maxResults: 10,
    });
    const { taskDefinitionArns } = await awsCall('ListTaskDefinitions', () => ecs.send(command));
    return taskDefinitionArns ?? [];
  },
  register: async (definition, tags) => {
    const input = { ...definition, tags: [...tags] } as RegisterTaskDefinitionCommandInput;
    const answer = await awsCall('RegisterTaskDefinition', () => ecs.send(new RegisterTaskDefinitionCommand(input)));
    return revisionOf(answer.taskDefinition, answer.tags);
  },
  update: async ({ cluster, service }, taskDefinition, desiredCount) => {
    const command = new UpdateServiceCommand({ cluster, service, taskDefinition, desiredCount });
    const answer = await awsCall('UpdateService', () => ecs.send(command));
    if (answer.service === undefined) throw new DeployFailure('AwsUnavailable', 'ECS answered no service');
    return serviceStateOf(answer.service);
  },
  resize: async ({ cluster, service }, desiredCount) => {
    await awsCall('UpdateService', () => ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount })));
  },
  remove: async ({ cluster, service }) => {
    await awsCall('DeleteService', () => ecs.send(new DeleteServiceCommand({ cluster, service })));
  },
  addresses: (name, rolloutId) => taskAddresses(ecs, name, rolloutId),
  stopped: (name, rolloutId) => stoppedTasks(ecs, name, rolloutId),
});
