import { z } from 'zod';
import { isRead } from '../operation.ts';
import type { RegistrySettings, RepositorySeed } from '../registry-seeds.ts';
import type { AnotherCall, FaultRule, ImageBehaviour, ImageSeed, ServiceSeed, WorldDefaults } from '../seeds.ts';
import { colourSeed } from './colour-schemas.ts';
import { scalingSeed } from './scaling-schemas.ts';

/** What people send to the control calls, checked strictly: a misspelt member must not silently change a rehearsal. */

const seconds = z.number().min(0);
const count = z.int().min(0);
const port = z.int().min(1).max(65535);
const path = z.string().startsWith('/');
const serviceDeployments = z.enum(['supported', 'unsupported', 'absent']);
const circuitBreaker = z.strictObject({
  enable: z.boolean(),
  rollback: z.boolean(),
  resetOnHealthyTask: z.boolean().exactOptional(),
  thresholdConfiguration: z
    .strictObject({ type: z.enum(['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT']), value: z.int().min(1) })
    .exactOptional(),
});

export const imageBehaviour: z.ZodType<ImageBehaviour> = z.discriminatedUnion('does', [
  z.strictObject({ does: z.literal('become healthy'), after: seconds }),
  z.strictObject({ does: z.literal('never become healthy') }),
  z.strictObject({ does: z.literal('exit'), code: z.int(), after: seconds }),
  z.strictObject({ does: z.literal('fail to pull') }),
  z.strictObject({ does: z.literal('fail to start'), reason: z.string().min(1) }),
  z.strictObject({
    does: z.literal('become healthy, then crash'),
    after: seconds,
    crashAfter: seconds,
    code: z.int(),
  }),
  z.strictObject({
    does: z.literal('become healthy, then turn unhealthy'),
    after: seconds,
    unhealthyAfter: seconds,
  }),
  z.strictObject({
    does: z.literal('become healthy, then crash under traffic'),
    after: seconds,
    requests: z.int().min(1),
    code: z.int(),
  }),
  z.strictObject({
    does: z.literal('become healthy, then answer badly under traffic'),
    after: seconds,
    requests: count,
    status: z.int().min(400).max(599),
  }),
  z.strictObject({ does: z.literal('drain slowly'), healthyAfter: seconds, drain: seconds }),
]);

export const imageSeed: z.ZodType<ImageSeed> = z.strictObject({
  repository: z.string().min(1),
  tag: z.string().exactOptional(),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .exactOptional(),
  behaviour: imageBehaviour,
});

export const repositorySeed: z.ZodType<RepositorySeed> = z.strictObject({
  name: z.string().min(1),
  imageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION', 'MUTABLE_WITH_EXCLUSION'])
    .exactOptional(),
  imageTagMutabilityExclusionFilters: z.array(z.string().min(1)).exactOptional(),
  scanOnPush: z.boolean().exactOptional(),
});

export const registrySettings: z.ZodType<RegistrySettings> = z.strictObject({
  partSize: z.int().min(1).max(20_971_520).exactOptional(),
  uploadLifetime: seconds.exactOptional(),
  putImagesPerSecond: z.int().min(1).exactOptional(),
});

export const repositoryName = z.strictObject({ repository: z.string().min(1) });

export const serviceSeed: z.ZodType<ServiceSeed> = z.strictObject({
  cluster: z.string().min(1),
  service: z.string().min(1),
  family: z.string().min(1),
  containers: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        image: z.string().min(1),
        environment: z.record(z.string(), z.string()).exactOptional(),
        command: z.array(z.string()).exactOptional(),
      }),
    )
    .min(1),
  containerPort: port.exactOptional(),
  desiredCount: count,
  minimumHealthyPercent: count.exactOptional(),
  maximumPercent: count.exactOptional(),
  circuitBreaker: circuitBreaker.exactOptional(),
  alarms: z
    .strictObject({ alarmNames: z.array(z.string().min(1)).min(1), enable: z.boolean(), rollback: z.boolean() })
    .exactOptional(),
  earlySuccess: z
    .strictObject({
      healthyPercent: z.int().min(0).max(100),
      sourceServiceRevisionCleanup: z.enum(['BLOCKING', 'DEFERRED']),
    })
    .exactOptional(),
  strategy: z.enum(['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY']).exactOptional(),
  deploymentController: z.enum(['ECS', 'CODE_DEPLOY', 'EXTERNAL']).exactOptional(),
  schedulingStrategy: z.enum(['REPLICA', 'DAEMON']).exactOptional(),
  capacityProvider: z.string().min(1).exactOptional(),
  loadBalancer: z.enum(['target group', 'classic', 'none']).exactOptional(),
  path: path.exactOptional(),
  moreTargetGroups: z
    .array(z.strictObject({ container: z.string().min(1).exactOptional(), port, path }))
    .exactOptional(),
  deregistrationDelay: count.max(3600).exactOptional(),
  healthCheckGracePeriod: count.exactOptional(),
  taskRoleArn: z.string().exactOptional(),
  executionRoleArn: z.string().exactOptional(),
  rollout: z.enum(['completed', 'begun']).exactOptional(),
  status: z.enum(['ACTIVE', 'DRAINING', 'INACTIVE']).exactOptional(),
  readsLag: seconds.exactOptional(),
  serviceDeployments: serviceDeployments.exactOptional(),
  scaling: scalingSeed.exactOptional(),
  ...colourSeed,
});

export const worldDefaults: z.ZodType<WorldDefaults> = z.strictObject({
  readsLag: seconds.exactOptional(),
  serviceDeployments: serviceDeployments.exactOptional(),
});

export const anotherCall: z.ZodType<AnotherCall> = z.strictObject({
  service: z.enum(['ecs', 'ecr', 'elbv2', 'application-autoscaling']),
  operation: z.string().min(1),
  caller: z.string().min(1).exactOptional(),
  input: z.record(z.string(), z.unknown()).exactOptional(),
});

const anyFaultRule: z.ZodType<FaultRule> = z.strictObject({
  service: z.string().exactOptional(),
  operation: z.string().min(1),
  caller: z.string().exactOptional(),
  resource: z.string().exactOptional(),
  about: z.string().min(1).exactOptional(),
  times: count.exactOptional(),
  skip: count.exactOptional(),
  rate: z.number().min(0).max(1).exactOptional(),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('throttle') }),
    z.strictObject({ kind: z.literal('server error') }),
    z.strictObject({ kind: z.literal('slow'), seconds }),
    z.strictObject({ kind: z.literal('reset') }),
    z.strictObject({ kind: z.literal('cut'), afterBytes: count }),
    z.strictObject({ kind: z.literal('answer lost') }),
    z.strictObject({ kind: z.literal('stale read'), writes: z.int().min(1).max(10).exactOptional() }),
    z.strictObject({ kind: z.literal('refuse'), code: z.string().min(1), message: z.string() }),
  ]),
});

/** A fault that could never do anything is refused, too. */
export const faultRule: z.ZodType<FaultRule> = anyFaultRule
  .refine(({ operation, fault }) => fault.kind !== 'stale read' || isRead(operation), 'Only reads can be stale')
  .refine(
    ({ resource, about, fault }) => fault.kind !== 'cut' || (resource === undefined && about === undefined),
    'What a call is about is not known yet when it is cut',
  );

/** Which calls to tell of; `since` leaves out those up to and including that number. */
export interface CallFilter {
  caller?: string;
  service?: string;
  operation?: string;
  since?: number;
}

export const callFilter: z.ZodType<CallFilter> = z.strictObject({
  caller: z.string().exactOptional(),
  service: z.string().exactOptional(),
  operation: z.string().exactOptional(),
  since: count.exactOptional(),
});

export const serviceName = z.strictObject({ cluster: z.string().min(1), service: z.string().min(1) });

export const serviceTweak = z.strictObject({ ...serviceName.shape, change: z.record(z.string(), z.unknown()) });

export const nothing = z.strictObject({});
