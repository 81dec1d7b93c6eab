import type { Input, ServiceName } from '../operation.ts';
import { serviceName } from '../ecs/find.ts';
import type { Scaling } from '../scaling/scaling.ts';
import type { Place } from './arns.ts';
import { arn, ecsArn, nameIn } from './arns.ts';
import { ownerOfPart } from './service-parts.ts';

const ANY = ['*'];

const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map((item) => text(item)) : []);

const cluster = (input: Input): string => nameIn(text(input['cluster'], 'default'));

/** Where a call is made, and what it may be judged by there. */
export type JudgedPlace = Place & { readonly scaling: Scaling };

type Judged = (place: JudgedPlace, input: Input) => string[];

const service =
  (member: string): Judged =>
  (place, input) =>
    [input[member]].flat().map((given) => ecsArn(place, `service/${cluster(input)}/${serviceName(text(given))}`));

const named =
  (member: string): Judged =>
  (_place, input) =>
    [input[member]].flat().map((given) => text(given));

/** Judged on the service and on the part of it, a service deployment or a service revision. */
const part =
  (member: string): Judged =>
  (_place, input) => [
    ...new Set(
      [input[member]].flat().flatMap((given) => [serviceOf(text(given)), text(given)].filter((arn) => arn !== '')),
    ),
  ];

/** The ARN of the service that it is a part of; else empty. */
const serviceOf = (arn: string): string => {
  const owner = ownerOfPart(arn);
  return owner === undefined ? '' : `${arn.split(':service-')[0] ?? ''}:service/${owner.cluster}/${owner.name}`;
};

const clusters: Judged = (place, input) =>
  (input['clusters'] === undefined ? ['default'] : texts(input['clusters'])).map((given) =>
    ecsArn(place, `cluster/${nameIn(given)}`),
  );

const tasks: Judged = (place, input) =>
  texts(input['tasks']).map((given) =>
    given.startsWith('arn:') ? given : ecsArn(place, `task/${cluster(input)}/${given}`),
  );

/** IAM asks for the container instances of the cluster, also where there are none. */
const containerInstances: Judged = (place, input) => [
  text(input['containerInstance'], ecsArn(place, `container-instance/${cluster(input)}/*`)),
];

const repository: Judged = (place, input) => [arn(place, 'ecr', `repository/${text(input['repositoryName'])}`)];

const repositories: Judged = (place, input) => {
  const names = input['repositoryNames'] === undefined ? ['*'] : texts(input['repositoryNames']);
  return names.map((name) => arn(place, 'ecr', `repository/${name}`));
};

/** A scalable target has an ARN only once it is registered. */
const scalableTarget: Judged = (place, input) => [
  place.scaling.targets.get(text(input['ResourceId']))?.ScalableTargetARN ??
    arn(place, 'application-autoscaling', 'scalable-target/*'),
];

const any: Judged = () => ANY;

/**
 * By action, as https://docs.aws.amazon.com/service-authorization/latest/reference/ has them; an action that is not
 * here knows no resource.
 */
const JUDGED: Record<string, Record<string, Judged>> = {
  ecs: {
    CreateService: service('serviceName'),
    DeleteService: service('service'),
    DescribeClusters: clusters,
    DescribeServiceDeployments: part('serviceDeploymentArns'),
    DescribeServiceRevisions: part('serviceRevisionArns'),
    DescribeServices: service('services'),
    DescribeTasks: tasks,
    ListServiceDeployments: service('service'),
    ListTagsForResource: named('resourceArn'),
    ListTasks: containerInstances,
    RegisterTaskDefinition: (place, input) => [ecsArn(place, `task-definition/${text(input['family'])}:*`)],
    StopServiceDeployment: part('serviceDeploymentArn'),
    TagResource: named('resourceArn'),
    UpdateService: service('service'),
  },
  ecr: {
    BatchCheckLayerAvailability: repository,
    BatchDeleteImage: repository,
    BatchGetImage: repository,
    CompleteLayerUpload: repository,
    CreateRepository: repository,
    DescribeImages: repository,
    DescribeRepositories: repositories,
    GetDownloadUrlForLayer: repository,
    InitiateLayerUpload: repository,
    ListImageReferrers: repository,
    ListImages: repository,
    PutImage: repository,
    UploadLayerPart: repository,
  },
  elbv2: {
    CreateListener: named('LoadBalancerArn'),
    CreateRule: named('ListenerArn'),
    CreateTargetGroup: (place, input) => [arn(place, 'elasticloadbalancing', `targetgroup/${text(input['Name'])}/*`)],
    DeleteRule: named('RuleArn'),
    DeregisterTargets: named('TargetGroupArn'),
    ModifyListener: named('ListenerArn'),
    ModifyRule: named('RuleArn'),
    ModifyTargetGroupAttributes: named('TargetGroupArn'),
    RegisterTargets: named('TargetGroupArn'),
  },
  'application-autoscaling': {
    DeregisterScalableTarget: scalableTarget,
    PutScalingPolicy: scalableTarget,
    PutScheduledAction: scalableTarget,
    RegisterScalableTarget: scalableTarget,
  },
};

/** The resources that a call's own action is judged on, each of which must be allowed. */
export const resourcesIn =
  (place: JudgedPlace): ((played: ServiceName, operation: string, input: Input) => string[]) =>
  (played, operation, input) =>
    (JUDGED[played]?.[operation] ?? any)(place, input);
