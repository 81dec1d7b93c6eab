import { createHash } from 'node:crypto';

type Fields = Readonly<Record<string, unknown>>;

/** A service as ECS describes it. Fields are AWS's own and pass through unread but for the few that are named. */
export interface DescribedService {
  /** DescribeServices, its tags included */
  service: Fields;
  /** its PRIMARY entry of `deployments`: some settings are only there */
  primary: Fields;
  /** DescribeServiceRevisions of what runs; absent where the region has none */
  revision?: Fields;
}

/** What is new in the copy. Names and ARNs. */
export interface CopyChange {
  cluster: string;
  service: string;
  targetGroup: string;
  revision: string;
  desired: number;
  clientToken: string;
}

const listed = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as readonly Fields[]) : []);
const fieldsOf = (value: unknown): Fields => (value ?? {}) as Fields;

/** A setting stands on the service, or only on its PRIMARY deployment, or only on its service revision. */
const places = ({ service, primary, revision = {} }: DescribedService): readonly Fields[] => [
  service,
  primary,
  revision,
];

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

const setting = (described: DescribedService, field: string): unknown =>
  places(described)
    .map((place) => place[field])
    .find((value) => !isEmpty(value));

const copyable = (balancer: Fields): boolean =>
  !isEmpty(balancer['targetGroupArn']) &&
  isEmpty(balancer['loadBalancerName']) &&
  isEmpty(balancer['advancedConfiguration']);

const balanced = (place: Fields): boolean => {
  const balancers = listed(place['loadBalancers']);
  return balancers.length === 1 && balancers.every(copyable);
};

const serviceLinked = /:role\/aws-service-role\/ecs\.[^/]+\/AWSServiceRoleForECS$/;

/** Fields that no copy can have faithfully, each with the test for whether the service has it. */
const refused: Readonly<Record<string, (described: DescribedService) => boolean>> = {
  serviceRegistries: (described) => setting(described, 'serviceRegistries') !== undefined,
  serviceConnectConfiguration: (described) =>
    places(described).some((place) => fieldsOf(place['serviceConnectConfiguration'])['enabled'] === true),
  vpcLatticeConfigurations: (described) => setting(described, 'vpcLatticeConfigurations') !== undefined,
  gatewayConnectors: (described) => setting(described, 'gatewayConnectors') !== undefined,
  volumeConfigurations: (described) => setting(described, 'volumeConfigurations') !== undefined,
  taskSets: ({ service }) => !isEmpty(service['taskSets']),
  loadBalancers: ({ service, revision }) =>
    !balanced(service) || (!isEmpty(revision?.['loadBalancers']) && !balanced(fieldsOf(revision))),
  schedulingStrategy: ({ service }) => (service['schedulingStrategy'] ?? 'REPLICA') !== 'REPLICA',
  deploymentController: ({ service }) => (fieldsOf(service['deploymentController'])['type'] ?? 'ECS') !== 'ECS',
  'deploymentConfiguration.strategy': ({ service }) =>
    (fieldsOf(service['deploymentConfiguration'])['strategy'] ?? 'ROLLING') !== 'ROLLING',
  roleArn: ({ service: { roleArn } }) => typeof roleArn === 'string' && !serviceLinked.test(roleArn),
  resourceManagementType: ({ service }) => service['resourceManagementType'] === 'ECS',
};

/**
 * The fields for which a service cannot be copied faithfully, so that ops must make its like themselves: what stands for
 * one service only (a registry, a mesh, a volume), and what this tool does not deploy. None: it can be copied.
 */
export const cannotCopy = (described: DescribedService): string[] =>
  Object.entries(refused)
    .filter(([, has]) => has(described))
    .map(([field]) => field);

const copied = [
  'platformVersion',
  'networkConfiguration',
  'deploymentConfiguration',
  'placementConstraints',
  'placementStrategy',
  'healthCheckGracePeriodSeconds',
  'enableECSManagedTags',
  'enableExecuteCommand',
  'monitoring',
] as const;

/** ECS takes either one or the other, though it may describe both. */
const capacity = (described: DescribedService): Fields => {
  const capacityProviderStrategy = setting(described, 'capacityProviderStrategy');
  if (capacityProviderStrategy !== undefined) return { capacityProviderStrategy };
  const launchType = setting(described, 'launchType');
  return launchType === undefined ? {} : { launchType };
};

/** AWS's own tags cannot be given. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html */
const tagsOf = (tags: unknown): Fields => {
  const own = listed(tags).filter(({ key }) => !/^aws:/i.test(String(key)));
  return own.length === 0 ? {} : { tags: own };
};

/**
 * CreateService's input for a copy of a service that can be copied. What a service does without is left out, but for zone
 * rebalancing: a new service has it unless told otherwise.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export const copyRequest = (described: DescribedService, change: CopyChange): Record<string, unknown> => {
  const { service } = described;
  const kept = copied.map((field) => [field, setting(described, field)] as const);
  const { containerName, containerPort } = fieldsOf(listed(service['loadBalancers'])[0]);
  const { propagateTags, availabilityZoneRebalancing } = service;
  return {
    ...Object.fromEntries(kept.filter(([, value]) => value !== undefined)),
    ...capacity(described),
    ...tagsOf(service['tags']),
    ...(isEmpty(propagateTags) || propagateTags === 'NONE' ? {} : { propagateTags }),
    availabilityZoneRebalancing: availabilityZoneRebalancing ?? 'DISABLED',
    cluster: change.cluster,
    serviceName: change.service,
    taskDefinition: change.revision,
    desiredCount: change.desired,
    clientToken: change.clientToken,
    loadBalancers: [{ targetGroupArn: change.targetGroup, containerName, containerPort }],
  };
};

/** What makes a repeated CreateService of this execution the same one: at most 36 characters, so not its name itself. */
export const copyToken = (execution: string): string =>
  createHash('sha256').update(execution).digest('hex').slice(0, 32);
