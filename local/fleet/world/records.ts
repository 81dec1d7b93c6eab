import type {
  ContainerDefinition,
  CreateServiceRequest,
  DeploymentConfiguration,
  LoadBalancer,
  RegisterTaskDefinitionRequest,
  ServiceDeploymentStatus,
  ServiceEvent,
  TaskDefinition,
} from '@aws-sdk/client-ecs';
import type { Image } from '../ecr/repository.ts';
import type { ImageBehaviour, ServiceDeployments, TaskView } from '../seeds.ts';

/** What the world knows of ECS. Times are milliseconds of world time, as on the clock. */

export interface Cluster {
  readonly name: string;
  readonly arn: string;
  /** by name; an INACTIVE one stays until its name is taken again */
  readonly services: Map<string, ServiceRecord>;
}

/** All revisions of a family, oldest first. */
export type Family = TaskDefinitionRecord[];

export interface TaskDefinitionRecord {
  readonly arn: string;
  readonly family: string;
  readonly revision: number;
  /** what was registered, unchanged, without its tags */
  readonly registered: Omit<RegisterTaskDefinitionRequest, 'tags'>;
  /** the members that only AWS sets */
  readonly readOnly: Pick<TaskDefinition, 'requiresAttributes' | 'compatibilities' | 'registeredAt' | 'registeredBy'>;
  deregisteredAt?: Date;
}

/** The members of a service that make a new service revision when they change, beside its task definition. */
export type RevisionSettings = Pick<
  CreateServiceRequest,
  | 'platformVersion'
  | 'loadBalancers'
  | 'serviceRegistries'
  | 'networkConfiguration'
  | 'serviceConnectConfiguration'
  | 'volumeConfigurations'
  | 'vpcLatticeConfigurations'
>;

/** The members of a service that are stored, returned, and start no deployment. */
export type ServiceSettings = Pick<
  CreateServiceRequest,
  | 'launchType'
  | 'capacityProviderStrategy'
  | 'placementConstraints'
  | 'placementStrategy'
  | 'healthCheckGracePeriodSeconds'
  | 'schedulingStrategy'
  | 'deploymentController'
  | 'enableECSManagedTags'
  | 'propagateTags'
  | 'enableExecuteCommand'
  | 'availabilityZoneRebalancing'
  | 'role'
>;

export interface ServiceRecord {
  readonly name: string;
  readonly arn: string;
  readonly cluster: Cluster;
  readonly createdAt: Date;
  /** what CreateService was asked for, to know its repetition by; absent for a service that was put in */
  readonly asked: CreateServiceRequest | undefined;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desired: number;
  settings: ServiceSettings;
  revisionSettings: RevisionSettings;
  deploymentConfiguration: DeploymentConfiguration;
  /** newest first: the PRIMARY, then those that still have tasks */
  rollouts: Rollout[];
  /** newest first */
  deployments: ServiceDeploymentRecord[];
  revisions: ServiceRevisionRecord[];
  /** newest first, the last 100 */
  events: ServiceEvent[];
  /** what the circuit breaker goes back to; absent until something completed */
  lastCompleted: { readonly rolloutId: string; readonly revision: ServiceRevisionRecord } | undefined;
  steady: boolean;
  serviceDeployments: ServiceDeployments;
  /** seconds that reads of it lag behind */
  readsLag: number;
  /** a pass of the scheduler is due */
  awake: boolean;
  /** tasks in a row that never came up; the scheduler then starts them ever more slowly */
  failedStarts: number;
  noStartBefore: number;
}

/** One image of a rollout; its digest is found once, when the first task needs it, and then kept. */
export interface PinnedImage {
  readonly containerName: string;
  readonly image: string;
  digest: string | undefined;
}

export interface ServiceRevisionRecord {
  readonly arn: string;
  readonly createdAt: Date;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly settings: RevisionSettings;
  readonly images: PinnedImage[];
}

/** What the classic view calls a deployment: `deployments[]` of DescribeServices. */
export interface Rollout {
  readonly id: string;
  readonly revision: ServiceRevisionRecord;
  readonly deployment: ServiceDeploymentRecord;
  readonly createdAt: Date;
  updatedAt: Date;
  state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  reason: string;
  failedTasks: number;
  /** false once the breaker tripped on it: it launches and stops nothing more */
  moves: boolean;
  stallTold: boolean;
  /** when it reached what it was for; alarms are watched for a while after that */
  reachedAt: number | undefined;
  /** tasks lost while a newer rollout runs, to be replaced on this revision if too few are healthy */
  lost: number;
}

/** What DescribeServiceDeployments shows. */
export interface ServiceDeploymentRecord {
  readonly arn: string;
  readonly createdAt: Date;
  readonly target: ServiceRevisionRecord;
  readonly sources: ServiceRevisionRecord[];
  startedAt?: Date;
  finishedAt?: Date;
  stoppedAt?: Date;
  updatedAt: Date;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  rollback?: { reason: string; startedAt: Date; revision: ServiceRevisionRecord };
  breaker: 'DISABLED' | 'MONITORING' | 'TRIGGERED' | 'MONITORING_COMPLETE';
  failureCount: number;
  alarms: ServiceDeploymentRecord['breaker'];
  triggeredAlarms: string[];
}

export type TaskStatus = TaskView['status'];

export interface TaskContainer {
  readonly definition: ContainerDefinition;
  readonly arn: string;
  readonly runtimeId: string;
  /** once it is pulled, as its reference names it: an index stays one */
  image: Image | undefined;
  /** what it does, of an index the image for the task's platform */
  behaviour: ImageBehaviour | undefined;
  health: 'UNKNOWN' | 'HEALTHY' | 'UNHEALTHY';
  /** it answers users and health checks well */
  answers: boolean;
  /** HTTP status of its answers to users */
  status: number;
  exitCode?: number;
  reason?: string;
  /** called with each request that it is to answer */
  asked: () => void;
}

export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly service: ServiceRecord;
  readonly rollout: Rollout;
  readonly ip: string;
  readonly availabilityZone: string;
  readonly createdAt: Date;
  readonly containers: TaskContainer[];
  readonly loadBalancers: LoadBalancer[];
  status: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  pullStartedAt?: Date;
  pullStoppedAt?: Date;
  startedAt?: Date;
  stoppingAt?: Date;
  executionStoppedAt?: Date;
  stoppedAt?: Date;
  stopCode?: 'TaskFailedToStart' | 'EssentialContainerExited' | 'ServiceSchedulerInitiated';
  stoppedReason?: string;
  /** it has been told to stop, or its process is gone: it takes no new request */
  closed: boolean;
  /** it counted as healthy once */
  provedHealthy: boolean;
  /** cancels what is still due to happen in it */
  cancels: (() => void)[];
}
