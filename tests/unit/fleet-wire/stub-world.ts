import { createHash } from 'node:crypto';
import type { Input, Operation, Output } from '../../../local/fleet/operation.ts';
import { AwsError } from '../../../local/fleet/operation.ts';
import { memoryContent } from '../../../local/oci/memory-content.ts';
import type { PlayedWorld } from '../../../local/fleet/wire/world.ts';

/** A world of a few operations that tells what it was asked, so that the wire can be tested without the real one. */
export interface StubWorld extends PlayedWorld {
  /** how often UpdateService was carried out */
  updates: number;
  /** what arrived through control calls */
  put: unknown[];
}

const arn = 'arn:aws:ecs:eu-central-1:123456789012';
export const ruleArn =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1111111111111111/2222222222222222/3333333333333333';
export const targetGroupArn =
  'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/4444444444444444';
export const createdAt = new Date('2026-01-02T03:04:05.678Z');

const service = (name: string) => ({
  serviceArn: `${arn}:service/main/${name}`,
  serviceName: name,
  status: 'ACTIVE',
  desiredCount: 2,
  createdAt,
  deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY', rolloutState: 'COMPLETED', createdAt }],
});

const describeServices: Operation = ({ services }) => {
  const names = services as string[];
  return {
    services: names.filter((name) => name !== 'missing').map(service),
    failures: names.includes('missing') ? [{ arn: `${arn}:service/main/missing`, reason: 'MISSING' }] : [],
  };
};

/** Services as this world tells them when it is asked for how they were. */
const asBefore = (writes: number, { services, failures }: Output): Output => ({
  services: (services as object[]).map((one) => ({ ...one, status: `before ${writes} writes` })),
  failures,
});

const registerTaskDefinition: Operation = (input) => ({
  taskDefinition: { ...input, tags: undefined, taskDefinitionArn: `${arn}:task-definition/web:1`, revision: 1 },
  tags: input['tags'],
});

const describeRules: Operation = () => ({
  Rules: [
    {
      RuleArn: ruleArn,
      Priority: '10',
      IsDefault: false,
      Conditions: [{ Field: 'path-pattern', Values: ['/a&b/*', '<"x">'] }],
      Actions: [
        {
          Type: 'forward',
          ForwardConfig: { TargetGroups: [{ TargetGroupArn: targetGroupArn, Weight: 0 }, { TargetGroupArn: 'other' }] },
        },
      ],
    },
  ],
});

const modifyRule: Operation = ({ RuleArn, Actions, Conditions }) => ({ Rules: [{ RuleArn, Actions, Conditions }] });

const describeTargetHealth: Operation = ({ TargetGroupArn, Targets = [] }) => {
  if (TargetGroupArn !== targetGroupArn)
    throw new AwsError('TargetGroupNotFound', 'One or more target groups not found');
  const health = { State: 'unhealthy', Reason: 'Target.FailedHealthChecks', Description: 'Health checks failed' };
  return { TargetHealthDescriptions: (Targets as object[]).map((Target) => ({ Target, TargetHealth: health })) };
};

const describeImages: Operation = ({ repositoryName, imageIds }) => ({
  imageDetails: (imageIds as { imageTag: string }[]).map(({ imageTag }) => ({
    repositoryName,
    imageTags: [imageTag],
    imageDigest: `sha256:${createHash('sha256').update(imageTag).digest('hex')}`,
    imageSizeInBytes: 5_000_000_000,
    imagePushedAt: createdAt,
  })),
});

const uploadLayerPart: Operation = ({ repositoryName, uploadId, layerPartBlob }) => ({
  repositoryName,
  uploadId,
  lastByteReceived: (layerPartBlob as Uint8Array).length - 1,
});

export const stubWorld = (): StubWorld => {
  const world: StubWorld = {
    updates: 0,
    put: [],
    operations: {
      ecs: {
        DescribeServices: describeServices,
        RegisterTaskDefinition: registerTaskDefinition,
        UpdateService: (input) => update(world, input),
        ListClusters: () => ({ clusterArns: 'not a list', extra: 1 }),
        ListServices: () => {
          throw new Error('the world broke');
        },
        DeleteService: () => {
          throw new AwsError('NoSuchErrorException', 'of no model');
        },
        RunTask: () => {
          throw new AwsError('ConflictException', 'seen before', { fields: { resourceIds: ['a', 'b'] } });
        },
      },
      ecr: { DescribeImages: describeImages, UploadLayerPart: uploadLayerPart },
      'application-autoscaling': {},
      elbv2: { DescribeRules: describeRules, ModifyRule: modifyRule, DescribeTargetHealth: describeTargetHealth },
    },
    before: (writes) => ({
      ...world.operations,
      ecs: { DescribeServices: (input) => asBefore(writes, describeServices(input)) },
    }),
    permissionsOf: (name, operation) => [
      { action: `${name}:${operation}`, resources: [`arn of ${name} ${operation}`], conditions: {} },
    ],
    putImage: (seed) => {
      world.put.push(seed);
      return { digest: 'sha256:1' };
    },
    putRepository: (seed) => {
      world.put.push(seed);
      return { repositoryArn: 'r' };
    },
    putService: (seed) => {
      world.put.push(seed);
      return {
        serviceArn: 's',
        taskDefinitionArn: 't',
        targetGroupArn: 'g',
        ruleArn: 'r',
        targetGroupArns: ['g'],
        listenerArn: 'l',
        colourGroupArns: ['g'],
        url: 'u',
      };
    },
    serviceView: (cluster, name) => {
      if (name === 'missing') throw new AwsError('ServiceNotFoundException', `no service ${name} in ${cluster}`);
      return { serviceArn: name, desired: 1, running: 1, pending: 0, rollouts: [], tasks: [], events: [] };
    },
    ecrView: (name) => {
      if (name === 'missing') throw new AwsError('RepositoryNotFoundException', `no repository ${name}`);
      return { name, imageTagMutability: 'MUTABLE', images: [], layers: [], uploads: [], bytesReceived: 7 };
    },
    tweak: (cluster, name, change) => {
      world.put.push({ cluster, service: name, change });
    },
    autoscale: (cluster, name, desired) => {
      world.put.push({ cluster, service: name, desired });
      return { done: true, desired };
    },
    traffic: () => ({ web: { requests: 3, failures: 1 } }),
    setDefaults: (defaults) => {
      world.put.push(defaults);
    },
    setRegistry: (settings) => {
      world.put.push(settings);
    },
    registry: {
      host: 'registry',
      content: memoryContent(),
      isPassword: () => true,
      layer: () => undefined,
      servedAt: () => undefined,
    },
  };
  return world;
};

const update = (world: StubWorld, { service: name, desiredCount }: Input) => {
  if (name === 'missing') throw new AwsError('ServiceNotFoundException', 'Service not found.');
  world.updates += 1;
  return { service: { ...service(name as string), desiredCount } };
};
