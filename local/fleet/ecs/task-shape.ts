import type { Container, KeyValuePair, Tag, Task as TaskShape } from '@aws-sdk/client-ecs';
import type { Fleet } from '../world/fleet.ts';
import type { Task, TaskContainer } from '../world/records.ts';
import { healthStatusOf } from '../world/task-health.ts';
import { fargate } from './fargate.ts';

export const describedTask = (task: Task): TaskShape => {
  const { service, rollout } = task;
  const { registered, arn } = rollout.revision.taskDefinition;
  return {
    taskArn: task.arn,
    clusterArn: service.cluster.arn,
    taskDefinitionArn: arn,
    group: `service:${service.name}`,
    startedBy: rollout.id,
    lastStatus: task.status,
    desiredStatus: task.desiredStatus,
    healthStatus: healthStatusOf(task),
    availabilityZone: task.availabilityZone,
    attachments: [{ id: task.id, type: 'ElasticNetworkInterface', status: 'ATTACHED', details: networkDetails(task) }],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    connectivity: 'CONNECTED',
    containers: task.containers.map((container) => describedContainer(task, container)),
    cpu: registered.cpu,
    memory: registered.memory,
    ephemeralStorage: registered.ephemeralStorage,
    launchType: service.settings.launchType,
    ...fargate(service),
    enableExecuteCommand: service.settings.enableExecuteCommand ?? false,
    overrides: { containerOverrides: task.containers.map(({ definition }) => ({ name: definition.name })) },
    createdAt: task.createdAt,
    pullStartedAt: task.pullStartedAt,
    pullStoppedAt: task.pullStoppedAt,
    startedAt: task.startedAt,
    stoppingAt: task.stoppingAt,
    executionStoppedAt: task.executionStoppedAt,
    stoppedAt: task.stoppedAt,
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    version: 1,
  };
};

const networkDetails = ({ ip }: Task): KeyValuePair[] => [{ name: 'privateIPv4Address', value: ip }];

const describedContainer = (task: Task, container: TaskContainer): Container => ({
  containerArn: container.arn,
  taskArn: task.arn,
  name: container.definition.name,
  image: container.definition.image,
  imageDigest: container.image?.digest,
  runtimeId: container.image === undefined ? undefined : container.runtimeId,
  lastStatus: containerStatus(task, container),
  exitCode: task.startedAt === undefined ? undefined : container.exitCode,
  reason: container.reason,
  healthStatus: container.health,
  networkInterfaces: [{ attachmentId: task.id, privateIpv4Address: task.ip }],
  cpu: String(container.definition.cpu ?? 0),
});

const containerStatus = ({ status }: Task, { exitCode }: TaskContainer): string => {
  if (status === 'STOPPED' || exitCode !== undefined) return 'STOPPED';
  return status === 'PROVISIONING' || status === 'PENDING' ? 'PENDING' : 'RUNNING';
};

/** A task's tags as the service's settings had them when it asks for them. */
export const tagsOf = ({ tags }: Fleet, { arn, service, rollout }: Task): Tag[] => {
  const { propagateTags, enableECSManagedTags } = service.settings;
  const source = propagateTags === 'TASK_DEFINITION' ? rollout.revision.taskDefinition.arn : service.arn;
  const propagated = propagateTags === undefined || propagateTags === 'NONE' ? [] : (tags.get(source) ?? []);
  const managed = [
    { key: 'aws:ecs:clusterName', value: service.cluster.name },
    { key: 'aws:ecs:serviceName', value: service.name },
  ];
  return [...(enableECSManagedTags === true ? managed : []), ...propagated, ...(tags.get(arn) ?? [])];
};
