import type { ColourSeed, ColourSeeded } from './colour-seeds.ts';
import type { Permission, ServiceName } from './operation.ts';
import type { ScalingSeed } from './scaling-seeds.ts';

/** What tests, the demo and people put into the fleet's world, and what they can read back: plain data, also over HTTP. */

/** What an image does once a task runs it. All times are seconds of world time. */
export type ImageBehaviour =
  | { does: 'become healthy'; after: number }
  | { does: 'never become healthy' }
  | { does: 'exit'; code: number; after: number }
  | { does: 'fail to pull' }
  /** for what else keeps a task from starting, e.g. a secret that is not there; `reason` is what ECS then says */
  | { does: 'fail to start'; reason: string }
  | { does: 'become healthy, then crash'; after: number; crashAfter: number; code: number }
  /** answers users and health checks badly from so long after it became healthy on, and stays up */
  | { does: 'become healthy, then turn unhealthy'; after: number; unhealthyAfter: number }
  /** ends with that code once users asked it so often; health checks do not count */
  | { does: 'become healthy, then crash under traffic'; after: number; requests: number; code: number }
  /** answers users with that status once they asked it so often, and goes on passing its health checks */
  | { does: 'become healthy, then answer badly under traffic'; after: number; requests: number; status: number }
  | { does: 'drain slowly'; healthyAfter: number; drain: number };

export interface ImageSeed {
  repository: string;
  tag?: string;
  /** sha256:…; made from repository, tag and behaviour when absent */
  digest?: string;
  behaviour: ImageBehaviour;
}

export interface ServiceSeed extends ColourSeed {
  cluster: string;
  service: string;
  family: string;
  /** the first one is the container that the load balancer talks to */
  containers: { name: string; image: string; environment?: Record<string, string>; command?: string[] }[];
  containerPort?: number;
  desiredCount: number;
  /** default 100 / 200 */
  minimumHealthyPercent?: number;
  maximumPercent?: number;
  circuitBreaker?: {
    enable: boolean;
    rollback: boolean;
    resetOnHealthyTask?: boolean;
    thresholdConfiguration?: { type: 'BOUNDED_PERCENT' | 'UNBOUNDED_PERCENT' | 'COUNT'; value: number };
  };
  /** alarms that its rollouts watch; the tweak `alarm` sets one off */
  alarms?: { alarmNames: string[]; enable: boolean; rollback: boolean };
  /** a rollout counts as done when so many tasks are healthy, before or after the old ones are gone */
  earlySuccess?: { healthyPercent: number; sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED' };
  /** default ROLLING; by the others this world does not deploy */
  strategy?: 'ROLLING' | 'BLUE_GREEN' | 'LINEAR' | 'CANARY';
  /** default ECS */
  deploymentController?: 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';
  /** default REPLICA. A DAEMON runs on EC2; its desired count stands for the instances, its percentages default to 0 / 100 */
  schedulingStrategy?: 'REPLICA' | 'DAEMON';
  /** runs by this capacity provider instead of by the launch type FARGATE */
  capacityProvider?: string;
  /** what it stands behind: a target group (default), a Classic Load Balancer, or nothing */
  loadBalancer?: 'target group' | 'classic' | 'none';
  /** requests to the load balancer whose path begins with this go to the service; default `/<service>` */
  path?: string;
  /** further target groups with rules of their own; the container is the first one unless it is named */
  moreTargetGroups?: { container?: string; port: number; path: string }[];
  /** seconds that a target drains; default 30, for a DRAINING service 3600 */
  deregistrationDelay?: number;
  /** seconds after their start in which tasks are not stopped for bad health; default 30 */
  healthCheckGracePeriod?: number;
  taskRoleArn?: string;
  executionRoleArn?: string;
  /** default 'completed', as if long ago. 'begun': it has just been created, and nothing of it ever completed */
  rollout?: 'completed' | 'begun';
  /** default ACTIVE. A DRAINING one stays so for its deregistration delay */
  status?: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  /** seconds that what ECS tells of it lags behind, while what is written takes effect at once; default: the world's */
  readsLag?: number;
  /** default: the world's */
  serviceDeployments?: ServiceDeployments;
  /** its scalable target; without it Application Auto Scaling does not know the service */
  scaling?: ScalingSeed;
}

/**
 * Whether the region has service deployments. 'unsupported': the calls about them and about service revisions are
 * refused. 'absent': DescribeServices names none either.
 */
export type ServiceDeployments = 'supported' | 'unsupported' | 'absent';

/** How services are that come into the world from now on and do not say otherwise. */
export interface WorldDefaults {
  /** seconds; 0 unless it is set */
  readsLag?: number;
  /** 'supported' unless it is set */
  serviceDeployments?: ServiceDeployments;
}

export interface ServiceSeeded extends ColourSeeded {
  serviceArn: string;
  taskDefinitionArn: string;
  /** empty for a service that is in no target group */
  targetGroupArn: string;
  /** all that it is in, the first one included */
  targetGroupArns: string[];
  /** the load balancer's URL of this service: http://127.0.0.1:PORT/<path> */
  url: string;
}

/** A fault, hit by matching calls: `times` of them (default 1), after letting `skip` pass, or each with probability `rate`. */
export interface FaultRule {
  service?: string;
  operation: string;
  /** only calls of this caller (AWS_SDK_UA_APP_ID) */
  caller?: string;
  /** only calls on this resource (its ARN, as in FleetCall) */
  resource?: string;
  /** only calls whose input has this text, a service's name for one */
  about?: string;
  times?: number;
  skip?: number;
  rate?: number;
  fault:
    | { kind: 'throttle' }
    | { kind: 'server error' }
    | { kind: 'slow'; seconds: number }
    | { kind: 'reset' }
    /** the connection is reset once so many bytes of the request's body have come, or all of it: nothing is done. JSON only */
    | { kind: 'cut'; afterBytes: number }
    | { kind: 'answer lost' }
    /** a read answers what it would have answered before the latest write to what it reads, or the latest `writes` of them */
    | { kind: 'stale read'; writes?: number }
    | { kind: 'refuse'; code: string; message: string };
}

/** An AWS call of somebody else: nobody judges it and no fault hits it, else it is like any other one. */
export interface AnotherCall {
  service: ServiceName;
  operation: string;
  /** as it is to be recorded; default `somebody-else` */
  caller?: string;
  /** as AWS's JSON protocol writes it: times as seconds */
  input?: Record<string, unknown>;
}

/** One call as it came in and what became of it. Never holds credentials. */
export interface FleetCall {
  number: number;
  /** ISO 8601, world time */
  at: string;
  caller: string;
  service: string;
  operation: string;
  /** the ARNs that IAM judges its own action on */
  resources: string[];
  /** all that IAM judges: its own action first, then roles that it passes and tags that it sets */
  permissions: Permission[];
  input: Record<string, unknown>;
  outcome: 'ok' | 'denied' | 'error' | 'fault';
  error?: string;
  fault?: string;
}

export interface TaskView {
  taskArn: string;
  taskDefinitionArn: string;
  rolloutId: string;
  status: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'DEACTIVATING' | 'STOPPING' | 'STOPPED';
  health: string;
  stoppedReason?: string;
}

export interface ServiceView {
  serviceArn: string;
  desired: number;
  running: number;
  pending: number;
  rollouts: {
    id: string;
    status: string;
    rolloutState: string;
    reason: string;
    taskDefinitionArn: string;
    images: string[];
    desired: number;
    running: number;
    failed: number;
  }[];
  tasks: TaskView[];
  events: string[];
}
