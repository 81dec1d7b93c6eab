import type { ServiceName } from '../domain/deployment.ts';
import type { Revision, Tag } from '../domain/revision.ts';
import type { ServiceDeployment, ServiceState, StoppedTask } from '../domain/rollout.ts';

/** ECS: services, revisions and rollouts. Every method may raise DeployFailure AwsUnavailable or AwsRefused. */
export interface Fleet {
  /** The service now, or undefined when there is none of this name. */
  service: (name: ServiceName) => Promise<ServiceState | undefined>;
  /** ECS's own record of a rollout; undefined where the region does not have it or it is gone. */
  serviceDeployment: (arn: string) => Promise<ServiceDeployment | undefined>;
  revision: (arn: string) => Promise<Revision>;
  /** ARNs of the family's active revisions, newest first, at most ten. */
  newestRevisions: (family: string) => Promise<string[]>;
  /** Registers a new revision and answers what ECS made of it. There is no client token: twice makes two. */
  register: (definition: Record<string, unknown>, tags: readonly Tag[]) => Promise<Revision>;
  /** UpdateService with this revision and, if given, desired count, and nothing else; answers the service as ECS saw it then. */
  update: (name: ServiceName, revision: string, desired?: number) => Promise<ServiceState>;
  /** UpdateService with this desired count and nothing else: it starts no rollout. */
  resize: (name: ServiceName, desired: number) => Promise<void>;
  /** DeleteService of a service with desired count 0: it is DRAINING until its tasks are gone. */
  remove: (name: ServiceName) => Promise<void>;
  /** The private addresses of the running tasks that this rollout started. */
  addresses: (name: ServiceName, rolloutId: string) => Promise<string[]>;
  /**
   * The tasks that this rollout started and that stopped or are about to, whatever the reason, in no order. ECS forgets
   * a task about an hour after it stopped.
   */
  stopped: (name: ServiceName, rolloutId: string) => Promise<StoppedTask[]>;
}
