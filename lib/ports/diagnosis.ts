import type { ServiceName } from '../domain/deployment.ts';
import type { ServiceState } from '../domain/rollout.ts';

/** Why a rollout does not come to life, one sentence a reason: stopped tasks with exit codes, unhealthy targets, ECS's own events. */
export interface Diagnosis {
  reasons: (service: ServiceState, of: { name: ServiceName; rollout: string }) => Promise<string[]>;
}
