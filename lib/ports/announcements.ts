import type { DeploymentRecord, End } from '../domain/deployment.ts';

/** How a deployment's end is made known. At least once: the same end may be announced again after a lost answer. */
export interface Announcements {
  ended: (
    deployment: Pick<DeploymentRecord, 'deployment' | 'target'> & Partial<DeploymentRecord>,
    end: End,
  ) => Promise<void>;
}
