/** What tests, the demo and people put into the fleet's world, and what they can read back: plain data, also over HTTP. */

/** What an image does once a task runs it. All times are seconds of world time. */
export type ImageBehaviour =
  | { does: 'become healthy'; after: number }
  | { does: 'never become healthy' }
  | { does: 'exit'; code: number; after: number }
  | { does: 'fail to pull' }
  | { does: 'become healthy, then crash'; after: number; crashAfter: number; code: number }
  | { does: 'drain slowly'; healthyAfter: number; drain: number };

export interface ImageSeed {
  repository: string;
  tag?: string;
  /** sha256:…; made from repository, tag and behaviour when absent */
  digest?: string;
  behaviour: ImageBehaviour;
}

export interface ServiceSeed {
  cluster: string;
  service: string;
  family: string;
  /** the first one is the container that the load balancer talks to */
  containers: { name: string; image: string }[];
  containerPort?: number;
  desiredCount: number;
  /** default 100 / 200 */
  minimumHealthyPercent?: number;
  maximumPercent?: number;
  circuitBreaker?: { enable: boolean; rollback: boolean };
  /** requests to the load balancer whose path begins with this go to the service; default `/<service>` */
  path?: string;
  taskRoleArn?: string;
  executionRoleArn?: string;
}

export interface ServiceSeeded {
  serviceArn: string;
  taskDefinitionArn: string;
  targetGroupArn: string;
  ruleArn: string;
  /** the load balancer's URL of this service: http://127.0.0.1:PORT/<path> */
  url: string;
}

/** A fault, hit by matching calls: `times` of them (default 1), after letting `skip` pass, or each with probability `rate`. */
export interface FaultRule {
  service?: string;
  operation: string;
  /** only calls of this caller (AWS_SDK_UA_APP_ID) */
  caller?: string;
  times?: number;
  skip?: number;
  rate?: number;
  fault:
    | { kind: 'throttle' }
    | { kind: 'server error' }
    | { kind: 'slow'; seconds: number }
    | { kind: 'reset' }
    | { kind: 'answer lost' }
    | { kind: 'refuse'; code: string; message: string };
}

/** One call as it came in and what became of it. Never holds credentials. */
export interface FleetCall {
  number: number;
  /** ISO 8601, world time */
  at: string;
  caller: string;
  service: string;
  operation: string;
  resources: string[];
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
