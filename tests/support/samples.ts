import type { BlueGreen } from '../../lib/domain/blue-green.ts';
import type {
  HookCause,
  ImageCause,
  OperatorOfDeployment,
  OperatorOfPipeline,
  OperatorOfTag,
} from '../../lib/domain/cause.ts';
import type { DeploymentRecord, End, FoundSwap, ServiceName } from '../../lib/domain/deployment.ts';
import type { Interval, Wait } from '../../lib/domain/pacing.ts';
import type { JobFacts, PipelineFacts } from '../../lib/domain/plan-deployments.ts';
import type { Revision } from '../../lib/domain/revision.ts';
import type { Rollout, ServiceState, StoppedTask } from '../../lib/domain/rollout.ts';
import type { StackBounds } from '../../lib/domain/stack-bounds.ts';
import type { CopyRule, Target } from '../../lib/domain/target.ts';
import type { Action, TargetGroup } from '../../lib/domain/traffic.ts';

/** Plain examples that tests change where they differ. One project, one service, one target. */
export const account = '123456789012';
export const region = 'us-gov-west-1';
export const partition = 'aws-us-gov';
export const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
export const imageName = `${registry}/acme/web:{sha}`;
/** GitLab's own */
export const gitlabRegistry = 'registry.example.com';
export const project = 4711;
export const sha = '2bf863fe9b4b40bde937838adc1ac5fabc7d6c28';
export const digest = `sha256:${'a'.repeat(64)}`;
export const olderDigest = `sha256:${'b'.repeat(64)}`;
export const finishedAt = '2026-01-05T09:40:00Z';

export const serviceName: ServiceName = { cluster: 'prod', service: 'web' };
export const noWait: Wait = { phase: 0, total: 0, seconds: 15 };
export const interval: Interval = { fast: 15, slow: 60, fastFor: 600 };

export const target = (change: Partial<Target> = {}): Target => ({
  project,
  name: 'web',
  on: { kind: 'pipeline', ref: 'main', sources: ['push'] },
  image: imageName,
  ...serviceName,
  containers: ['app'],
  strategy: { type: 'rolling', timeoutMinutes: 30 },
  ...change,
});

/** What ops write for `target()`: all else is by default. */
export const targetDocument = {
  on: { pipeline: { ref: 'main' } },
  image: imageName,
  ...serviceName,
  containers: ['app'],
  strategy: { type: 'rolling' },
};

export const jobTarget = (change: Partial<Target> = {}): Target =>
  target({ on: { kind: 'job', job: 'deploy-prod', ref: 'main', sources: ['push'] }, ...change });

export const tagTarget = (change: Partial<Target> = {}): Target =>
  target({ on: { kind: 'tag', pattern: 'v*', sources: ['push'] }, ...change });

export const copyRule: CopyRule = {
  repository: 'acme/web',
  alsoTag: [],
  createRepository: false,
  signatures: 'best-effort',
  maxImageGib: 50,
};

/** Waits for images of the project's repository `acme/web/app` whose tag begins with v. */
export const imageTarget = (change: Partial<Target> = {}): Target => ({
  ...without(target({ on: { kind: 'image', repository: 'acme/web/app', tag: 'v*' }, copy: copyRule }), 'image'),
  ...change,
});

export const pipelineCause = { kind: 'pipeline', project, pipeline: 90001, finishedAt } satisfies HookCause;
export const jobCause = { kind: 'job', project, pipeline: 90001, job: 700001, finishedAt } satisfies HookCause;
export const imageCause = {
  kind: 'image',
  project,
  repository: 'acme/web/app',
  tag: 'v1',
  digest,
  event: '37bf1c71-1f77-4ed7-a3ab-1cbb12ce3ed7',
  pushedAt: '2026-01-05T09:40:00.123Z',
} satisfies ImageCause;
export const operatorCause = {
  kind: 'operator',
  project,
  pipeline: 90001,
  by: 'ops',
  at: '2026-01-05T12:00:00Z',
} satisfies OperatorOfPipeline;
export const operatorOfTag = {
  kind: 'operator',
  project,
  tag: 'v1',
  by: 'ops',
  at: '2026-01-05T12:00:00Z',
} satisfies OperatorOfTag;
export const operatorOfDeployment = {
  kind: 'operator',
  project,
  deployment: 'web-0',
  by: 'ops',
  at: '2026-01-05T12:00:00Z',
} satisfies OperatorOfDeployment;

/** The value as it is without one of its fields. */
export const without = <T extends object, K extends keyof T>(value: T, field: K): Omit<T, K> => {
  const copy = { ...value };
  Reflect.deleteProperty(copy, field);
  return copy;
};

export const pipelineFacts = (change: Partial<PipelineFacts> = {}): PipelineFacts => ({
  project,
  pipeline: 90001,
  status: 'success',
  ref: 'main',
  tag: false,
  source: 'push',
  mergeRequest: false,
  finishedAt,
  ...change,
});

export const jobFacts = (change: Partial<JobFacts> = {}): JobFacts => ({
  project,
  pipeline: 90001,
  job: 700001,
  name: 'deploy-prod',
  status: 'success',
  ref: 'main',
  tag: false,
  finishedAt,
  ...change,
});

export const bounds: StackBounds = {
  partition,
  region,
  account,
  services: [`arn:${partition}:ecs:${region}:${account}:service/prod/*`],
  repositories: [`arn:${partition}:ecr:${region}:${account}:repository/acme/*`],
  listenerRules: [
    `arn:${partition}:elasticloadbalancing:${region}:${account}:listener-rule/app/web/*`,
    `arn:${partition}:elasticloadbalancing:${region}:${account}:listener/app/web/*`,
    // the fleet's load balancer
    `arn:${partition}:elasticloadbalancing:${region}:${account}:listener-rule/app/rehearsal/*`,
    `arn:${partition}:elasticloadbalancing:${region}:${account}:listener/app/rehearsal/*`,
  ],
  mayDelete: false,
};

export const revisionArn = (number: number): string =>
  `arn:${partition}:ecs:${region}:${account}:task-definition/web:${number}`;

export const serviceDeploymentArn = (id: string): string =>
  `arn:${partition}:ecs:${region}:${account}:service-deployment/prod/web/${id}`;

/** As ECS describes it, read-only fields and an application's secret included. */
export const revision = (number: number, change: Partial<Revision> = {}): Revision => ({
  arn: revisionArn(number),
  family: 'web',
  number,
  active: true,
  definition: {
    taskDefinitionArn: revisionArn(number),
    family: 'web',
    revision: number,
    status: 'ACTIVE',
    registeredAt: new Date('2026-01-01T00:00:00Z'),
    registeredBy: 'somebody',
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' }],
    compatibilities: ['EC2', 'FARGATE'],
    networkMode: 'awsvpc',
    cpu: '256',
    taskRoleArn: `arn:${partition}:iam::${account}:role/web-task`,
    containerDefinitions: [
      {
        name: 'app',
        image: `${registry}/acme/web@${olderDigest}`,
        command: ['serve', '--port', '8080'],
        environment: [{ name: 'DB_PASSWORD', value: 'hunter2' }],
      },
      { name: 'proxy', image: 'public.ecr.aws/nginx/nginx:1', environment: [] },
    ],
  },
  tags: [{ key: 'team', value: 'web' }],
  ...change,
});

export const rollout = (change: Partial<Rollout> = {}): Rollout => ({
  id: 'ecs-svc/1',
  status: 'PRIMARY',
  state: 'COMPLETED',
  reason: 'ECS deployment ecs-svc/1 completed.',
  revision: revisionArn(7),
  desired: 2,
  running: 2,
  pending: 0,
  failed: 0,
  ...change,
});

/** A task that crashed. */
export const crashedTask = (id: string, change: Partial<StoppedTask> = {}): StoppedTask => ({
  id,
  code: 'EssentialContainerExited',
  reason: 'Essential container in task exited',
  containers: ['container app exited with code 1'],
  ...change,
});

/** Stopped by scale-in. */
export const scaledIn = (id: string): StoppedTask =>
  crashedTask(id, {
    code: 'ServiceSchedulerInitiated',
    reason: 'Scaling activity initiated by (deployment ecs-svc/2)',
    containers: ['container app exited with code 143'],
  });

/** At rest on revision 7. */
export const service = (change: Partial<ServiceState> = {}): ServiceState => ({
  arn: `arn:${partition}:ecs:${region}:${account}:service/prod/web`,
  status: 'ACTIVE',
  controller: 'ECS',
  strategy: 'ROLLING',
  classicLoadBalancer: false,
  desired: 2,
  running: 2,
  pending: 0,
  minimumHealthy: 100,
  maximum: 200,
  revision: revisionArn(7),
  targetGroups: [],
  serviceDeployment: serviceDeploymentArn('1'),
  rollouts: [rollout()],
  events: [],
  ...change,
});

/** Just opened by Confirm. */
export const record = (change: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  deployment: 'web-1',
  target: `${project}/web`,
  service: serviceName,
  containers: ['app'],
  timeoutMinutes: 30,
  cause: pipelineCause,
  askedAt: finishedAt,
  key: [90001, 1_767_606_000],
  sha,
  ref: 'main',
  image: `${registry}/acme/web:${sha}`,
  openedAt: '2026-01-05T09:41:00.000Z',
  ...change,
});

export const found = {
  digest,
  before: revisionArn(7),
  platform: { os: 'linux', architecture: 'amd64' },
  source: revisionArn(7),
  idsBefore: ['ecs-svc/1'],
  serviceDeploymentBefore: serviceDeploymentArn('1'),
} as const;

export const end = (change: Partial<End> = {}): End => ({
  outcome: 'deployed',
  because: 'its own rollout completed',
  at: '2026-01-05T09:50:00.000Z',
  ...change,
});

const elb = `arn:${partition}:elasticloadbalancing:${region}:${account}`;
export const loadBalancerArn = `${elb}:loadbalancer/app/web/50dc6c495c0c9188`;
export const listenerArn = (name: string): string => `${elb}:listener/app/web/50dc6c495c0c9188/${name}`;
export const ruleArn = (name: string): string =>
  `${elb}:listener-rule/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2/${name}`;
export const targetGroupArn = (name: string): string => `${elb}:targetgroup/${name}/6d0ecf831eec9f09`;

/** Blue is the service `web`, green `web-green`; the sample's live colour is blue. */
export const blueGroup = targetGroupArn('blue');
export const greenGroup = targetGroupArn('green');
export const productionRule = ruleArn('production');
export const testRule = ruleArn('test');
export const greenName: ServiceName = { ...serviceName, service: 'web-green' };

export const targetGroup = (arn: string, change: Partial<TargetGroup> = {}): TargetGroup => ({
  arn,
  protocol: 'HTTP',
  port: 8080,
  targetType: 'ip',
  vpc: 'vpc-1',
  loadBalancers: [loadBalancerArn],
  ...change,
});

/** One forward action as AWS describes it. */
export const forward = (weights: Readonly<Record<string, number>>): Action => ({
  Type: 'forward',
  Order: 1,
  ForwardConfig: {
    TargetGroups: Object.entries(weights).map(([arn, weight]) => ({ TargetGroupArn: arn, Weight: weight })),
    TargetGroupStickinessConfig: { Enabled: false },
  },
});

export const blueGreen = (change: Partial<BlueGreen> = {}): BlueGreen => ({
  production: { kind: 'rule', arn: productionRule },
  targetGroups: [blueGroup, greenGroup],
  idleService: greenName.service,
  steps: [
    { weight: 10, minutes: 5 },
    { weight: 100, minutes: 5 },
  ],
  alarms: [],
  retire: 'scale-to-zero',
  ...change,
});

export const swapTarget = (change: Partial<BlueGreen> = {}): Target =>
  target({ strategy: { type: 'blue-green', timeoutMinutes: 30, swap: blueGreen(change) } });

/** Blue, at rest on revision 7 with all traffic. */
export const blueService = (change: Partial<ServiceState> = {}): ServiceState =>
  service({ targetGroups: [blueGroup], ...change });

/** Green, retired on revision 6. */
export const greenService = (change: Partial<ServiceState> = {}): ServiceState =>
  service({
    arn: `arn:${partition}:ecs:${region}:${account}:service/prod/web-green`,
    desired: 0,
    running: 0,
    revision: revisionArn(6),
    targetGroups: [greenGroup],
    serviceDeployment: serviceDeploymentArn('0'),
    rollouts: [rollout({ id: 'ecs-svc/0', revision: revisionArn(6), desired: 0, running: 0 })],
    ...change,
  });

export const foundSwap = (change: Partial<FoundSwap> = {}): FoundSwap => ({
  live: { service: serviceName.service, targetGroup: blueGroup },
  idle: { service: greenName.service, targetGroup: greenGroup },
  idleExists: true,
  idleRevision: revisionArn(6),
  weights: { [blueGroup]: 100, [greenGroup]: 0 },
  desired: 2,
  liveRollout: 'ecs-svc/1',
  scaling: {},
  ...change,
});

/** Just opened by Confirm, for `swapTarget()`. */
export const swapRecord = (change: Partial<DeploymentRecord> = {}): DeploymentRecord =>
  record({ blueGreen: blueGreen(), ...change });

/** What Look journals of the samples. */
export const swapFound = (change: Partial<FoundSwap> = {}) => ({
  ...found,
  idsBefore: ['ecs-svc/0'],
  serviceDeploymentBefore: serviceDeploymentArn('0'),
  swap: foundSwap(change),
});
