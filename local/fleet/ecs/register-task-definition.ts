import type { Compatibility, ContainerDefinition, RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { ecsArn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import type { TaskDefinitionRecord } from '../world/records.ts';
import { describedTaskDefinition } from './task-definition-shape.ts';

export const registerTaskDefinition =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as RegisterTaskDefinitionRequest;
    const record = addTaskDefinition(fleet, request);
    return { taskDefinition: describedTaskDefinition(record), tags: request.tags ?? [] };
  };

/** Adds the family's next revision; raises ClientException for what AWS refuses. */
export const addTaskDefinition = (fleet: Fleet, request: RegisterTaskDefinitionRequest): TaskDefinitionRecord => {
  check(fleet, request);
  const { tags, ...registered } = request;
  const family = request.family ?? '';
  const known = fleet.families.get(family) ?? [];
  const revision = known.length + 1;
  const record: TaskDefinitionRecord = {
    arn: ecsArn(fleet, `task-definition/${family}:${String(revision)}`),
    family,
    revision,
    registered,
    readOnly: {
      requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
      compatibilities: compatibilitiesOf(request),
      registeredAt: dateOf(fleet),
      registeredBy: `arn:${fleet.partition}:iam::${fleet.account}:root`,
    },
  };
  fleet.families.set(family, [...known, record]);
  if (tags !== undefined) fleet.tags.set(record.arn, tags);
  return record;
};

const compatibilitiesOf = (request: RegisterTaskDefinitionRequest): Compatibility[] => {
  const fits = request.networkMode === 'awsvpc' && request.cpu !== undefined && request.memory !== undefined;
  return fits ? ['EC2', 'FARGATE'] : ['EC2'];
};

const refuse = (message: string): never => {
  throw new AwsError('ClientException', message);
};

const check = (fleet: Fleet, request: RegisterTaskDefinitionRequest): void => {
  const { family = '', containerDefinitions = [] } = request;
  if (!/^[\w-]{1,255}$/.test(family)) {
    refuse('Family name is invalid. Up to 255 letters, numbers, hyphens, and underscores are allowed.');
  }
  if (containerDefinitions.length === 0) refuse('Container list cannot be empty.');
  for (const container of containerDefinitions) checkContainer(request, container);
  if (new Set(containerDefinitions.map(({ name }) => name)).size !== containerDefinitions.length) {
    refuse('Container names must be unique within a task definition.');
  }
  if (!containerDefinitions.some(({ essential }) => essential ?? true)) {
    refuse('A task definition must have at least one essential container.');
  }
  if (request.requiresCompatibilities?.includes('FARGATE') === true) checkFargate(fleet, request);
};

const checkContainer = ({ memory }: RegisterTaskDefinitionRequest, container: ContainerDefinition): void => {
  if ((container.name ?? '') === '') refuse('Container.name should not be null or empty.');
  if ((container.image ?? '') === '') refuse('Container.image should not be null or empty.');
  if (memory === undefined && container.memory === undefined && container.memoryReservation === undefined) {
    refuse(
      `Invalid setting for container '${container.name ?? ''}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
};

const checkFargate = ({ registry }: Fleet, request: RegisterTaskDefinitionRequest): void => {
  if (request.networkMode !== 'awsvpc') refuse("Fargate only supports network mode 'awsvpc'.");
  if (request.cpu === undefined) refuse("Fargate requires that 'cpu' be defined at the task level.");
  if (request.memory === undefined) refuse("Fargate requires that 'memory' be defined at the task level.");
  const fromEcr = request.containerDefinitions?.some(({ image = '' }) => image.startsWith(`${registry.host}/`));
  if (fromEcr === true && request.executionRoleArn === undefined) {
    refuse('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
};
