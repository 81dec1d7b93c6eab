import type { ContainerDefinition, PortMapping } from '@aws-sdk/client-ecs';
import { addTaskDefinition } from '../ecs/register-task-definition.ts';
import type { ServiceSeed } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import type { TaskDefinitionRecord } from '../world/records.ts';
import { DEFAULT_PORT } from './seed-target-groups.ts';

/** Registers the revision that the seeded service runs. */
export const seedTaskDefinition = (fleet: Fleet, seed: ServiceSeed): TaskDefinitionRecord =>
  addTaskDefinition(fleet, {
    family: seed.family,
    networkMode: 'awsvpc',
    requiresCompatibilities: [seed.schedulingStrategy === 'DAEMON' ? 'EC2' : 'FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: seed.executionRoleArn ?? `arn:${fleet.partition}:iam::${fleet.account}:role/ecsTaskExecutionRole`,
    ...(seed.taskRoleArn === undefined ? {} : { taskRoleArn: seed.taskRoleArn }),
    containerDefinitions: seed.containers.map((container) => containerOf(seed, container)),
  });

const containerOf = (
  seed: ServiceSeed,
  { name, image, environment = {}, command }: ServiceSeed['containers'][number],
): ContainerDefinition => ({
  name,
  image,
  essential: true,
  portMappings: portsOf(seed, name),
  environment: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
  ...(command === undefined ? {} : { command }),
});

const portsOf = ({ containers, containerPort, moreTargetGroups = [] }: ServiceSeed, name: string): PortMapping[] => {
  const first = containers[0]?.name;
  const ports = [
    ...(name === first ? [containerPort ?? DEFAULT_PORT] : []),
    ...moreTargetGroups.filter(({ container = first }) => container === name).map(({ port }) => port),
  ];
  return [...new Set(ports)].map((port) => ({ containerPort: port, protocol: 'tcp' }));
};
