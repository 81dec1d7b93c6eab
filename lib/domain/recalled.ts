import type { OperatorOfDeployment } from './cause.ts';
import type { DeploymentRecord } from './deployment.ts';
import { splitImageName } from './image-reference.ts';
import type { PlacedImage } from './placed-image.ts';

/** What the journal vouches for: an image that was deployed here before. */
export interface Recalled {
  vouched: Pick<DeploymentRecord, 'askedAt' | 'key' | 'sha' | 'ref'>;
  placed: PlacedImage;
}

export type RecallVerdict = { state: 'confirmed'; confirmation: Recalled } | { state: 'contradicted'; because: string };

const contradicted = (because: string): RecallVerdict => ({ state: 'contradicted', because });

/**
 * Holds the journal's record of the deployment that an operator goes back to against the target, by its label. It must have
 * been this target's own, and deployed: what failed, or was already there, never proved itself. Its image is sought in ECR by
 * digest, where it was put then.
 */
export const recalled = (
  target: string,
  cause: OperatorOfDeployment,
  record: DeploymentRecord | undefined,
): RecallVerdict => {
  if (record === undefined) return contradicted('the journal knows no such deployment');
  if (record.target !== target) return contradicted('that deployment was of another target');
  const { end, found, sha, ref, copy } = record;
  const name = splitImageName(record.image);
  if (end?.outcome !== 'deployed' || found === undefined || name === undefined)
    return contradicted('that deployment did not come to be deployed itself');
  const placed: PlacedImage = {
    sought: { ...name, digest: found.digest },
    repository: name.repository,
    name: record.image,
    ...(copy === undefined ? {} : { copy }),
  };
  const commit = { ...(sha === undefined ? {} : { sha }), ...(ref === undefined ? {} : { ref }) };
  return { state: 'confirmed', confirmation: { vouched: { askedAt: cause.at, key: [], ...commit }, placed } };
};
