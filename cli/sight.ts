import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import type { LayerProgress } from './copy-progress.ts';
import type { ExecutionView } from './executions.ts';

/** How an ECS service stands. Counts are tasks; `ours`: of the rollout that this deployment began. */
export interface TaskSight {
  service: string;
  running: number;
  desired: number;
  ours?: { running: number; pending: number; desired: number };
}

/** Percent of the users that each colour gets. */
export interface SharesSight {
  live: { service: string; percent: number };
  idle: { service: string; percent: number };
}

/** What is known of a deployment at one moment. */
export interface Sight {
  deployment: string;
  at: Date;
  /** undefined until GitLab has confirmed it */
  record?: DeploymentRecord;
  /** undefined while Step Functions does not show it */
  execution?: ExecutionView;
  /** who has the service, while this one waits for it; undefined when it does not wait */
  behind?: string;
  layers: readonly LayerProgress[];
  /** when layers were first seen */
  copySince?: Date;
  tasks: readonly TaskSight[];
  shares?: SharesSight;
  /** seconds that the latest deployments of this target took, each */
  past: readonly number[];
  /** what could not be looked at, and why */
  unseen: readonly string[];
}
