import type { DeploymentRecord } from '../domain/deployment.ts';

/** What the journal knows of a target's deployments, for those who look back. */
export interface History {
  /**
   * The target's deployments, by its label, those opened last first; read page by page, as far as is asked for. The newest may
   * be missing, or without what was added to it, for a second. Raises AwsUnavailable, AwsRefused.
   */
  ofTarget: (target: string) => AsyncIterable<DeploymentRecord>;
}
