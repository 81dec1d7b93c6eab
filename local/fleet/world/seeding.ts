import { addTaskDefinition } from '../ecs/register-task-definition.ts';
import { DEFAULT_DEPLOYMENT_CONFIGURATION } from '../ecs/service-settings.ts';
import { findImage, imageName, putImage, repositoryNamed } from '../ecr/registry.ts';
import type { Rule, TargetGroup } from '../elbv2/balancer.ts';
import { DEREGISTRATION_DELAY } from '../elbv2/balancer.ts';
import { addTargetGroup } from '../elbv2/create-target-group.ts';
import { addRule } from '../elbv2/rules.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded } from '../seeds.ts';
import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import type { ServiceRecord, TaskDefinitionRecord } from './records.ts';
import { addRevision, completeRollout, startRollout } from './rollouts.ts';
import { addService, clusterNamed } from './services.ts';
import { seasonedTask } from './tasks.ts';

const PORT = 8080;
/** Seconds. Longer than the slowest node's lag, so that no node sends to a task that is told to stop. */
const DRAIN = '30';
const GRACE = 30;
const LONGEST_GROUP_NAME = 32;

export const seedImage = (fleet: Fleet, seed: ImageSeed): { digest: string } => {
  const repository = repositoryNamed(fleet.registry, seed.repository, { place: fleet, at: dateOf(fleet) });
  return { digest: putImage(repository, seed, dateOf(fleet)).digest };
};

/** Puts a service into the world as if it had been there for long: tasks healthy, rollout COMPLETED. */
export const seedService = (fleet: Fleet, seed: ServiceSeed): ServiceSeeded => {
  const path = seed.path ?? `/${seed.service}`;
  const cluster = clusterNamed(fleet, seed.cluster);
  const known = cluster.services.get(seed.service);
  if (known !== undefined && known.status !== 'INACTIVE') throw new Error(`The service ${known.arn} is there already`);
  checkPathIsFree(fleet, path);
  for (const { image } of seed.containers) ensureImage(fleet, image);
  const group = seedTargetGroup(fleet, seed);
  const rule = seedRule(fleet, group, path);
  const taskDefinition = seedTaskDefinition(fleet, seed);
  const service = addService(fleet, {
    name: seed.service,
    cluster,
    desired: seed.desiredCount,
    settings: {
      launchType: 'FARGATE',
      deploymentController: { type: 'ECS' },
      healthCheckGracePeriodSeconds: GRACE,
    },
    revisionSettings: revisionSettings(seed, group),
    deploymentConfiguration: deploymentConfiguration(seed),
    clientToken: undefined,
    tags: undefined,
  });
  settleAtOnce(fleet, service, taskDefinition);
  return {
    serviceArn: service.arn,
    taskDefinitionArn: taskDefinition.arn,
    targetGroupArn: group.arn,
    ruleArn: rule.arn,
    url: `${fleet.loadBalancerUrl}${path}`,
  };
};

const settleAtOnce = (fleet: Fleet, service: ServiceRecord, taskDefinition: TaskDefinitionRecord): void => {
  const rollout = startRollout(fleet, service, addRevision(fleet, service, taskDefinition));
  for (let count = 0; count < service.desired; count += 1) {
    seasonedTask(fleet, service, rollout).provedHealthy = true;
  }
  rollout.deployment.startedAt = dateOf(fleet);
  completeRollout(fleet, service, rollout);
};

/** An image that the seed of a service names and nobody put in becomes healthy after 5 s. */
const ensureImage = (fleet: Fleet, image: string): void => {
  const name = imageName(fleet.registry, image);
  if (name === undefined) throw new Error(`The image ${image} is not of this world's registry, ${fleet.registry.host}`);
  if (findImage(fleet.registry, image) === undefined) {
    seedImage(fleet, { ...name, behaviour: { does: 'become healthy', after: 5 } });
  }
};

const seedTargetGroup = (fleet: Fleet, { service, containerPort = PORT }: ServiceSeed): TargetGroup => {
  const taken = new Set([...fleet.balancer.targetGroups.values()].map(({ name }) => name));
  const base = service.replace(/[^A-Za-z0-9-]/g, '-').slice(0, LONGEST_GROUP_NAME - 6);
  const group = addTargetGroup(fleet, {
    Name: taken.has(base) ? `${base}-${fleet.names.hex(5)}` : base,
    Protocol: 'HTTP',
    Port: containerPort,
    TargetType: 'ip',
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
  });
  group.attributes.set(DEREGISTRATION_DELAY, DRAIN);
  return group;
};

const patternsOf = (path: string): string[] => (path === '/' ? ['/*'] : [path, `${path}/*`]);

const checkPathIsFree = ({ balancer }: Fleet, path: string): void => {
  const [pattern] = patternsOf(path);
  const taken = [...balancer.listener.rules.values()].find(({ conditions }) =>
    conditions.some(({ Values }) => Values?.[0] === pattern),
  );
  if (taken !== undefined) throw new Error(`The path ${path} goes to another service already, by ${taken.arn}`);
};

const seedRule = (fleet: Fleet, { arn }: TargetGroup, path: string): Rule => {
  const { rules } = fleet.balancer.listener;
  return addRule(fleet, {
    ListenerArn: fleet.balancer.listener.arn,
    // The default rule is one of them, so the first one gets 10.
    Priority: rules.size * 10,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: patternsOf(path) } }],
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: arn, Weight: 1 }] } }],
  });
};

const seedTaskDefinition = (fleet: Fleet, seed: ServiceSeed): TaskDefinitionRecord =>
  addTaskDefinition(fleet, {
    family: seed.family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: seed.executionRoleArn ?? `arn:${fleet.partition}:iam::${fleet.account}:role/ecsTaskExecutionRole`,
    ...(seed.taskRoleArn === undefined ? {} : { taskRoleArn: seed.taskRoleArn }),
    containerDefinitions: seed.containers.map(({ name, image }, index) => ({
      name,
      image,
      essential: true,
      portMappings: index === 0 ? [{ containerPort: seed.containerPort ?? PORT, protocol: 'tcp' }] : [],
    })),
  });

const revisionSettings = (
  { containers, containerPort = PORT }: ServiceSeed,
  { arn }: TargetGroup,
): ServiceRecord['revisionSettings'] => ({
  platformVersion: 'LATEST',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
      securityGroups: ['sg-0123456789abcdef0'],
      assignPublicIp: 'DISABLED',
    },
  },
  loadBalancers: [{ targetGroupArn: arn, containerName: containers[0]?.name, containerPort }],
});

const deploymentConfiguration = (seed: ServiceSeed): ServiceRecord['deploymentConfiguration'] => ({
  ...DEFAULT_DEPLOYMENT_CONFIGURATION,
  maximumPercent: seed.maximumPercent ?? 200,
  minimumHealthyPercent: seed.minimumHealthyPercent ?? 100,
  ...(seed.circuitBreaker === undefined ? {} : { deploymentCircuitBreaker: seed.circuitBreaker }),
});
