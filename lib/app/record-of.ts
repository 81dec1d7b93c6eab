import type { DeploymentRecord } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import type { Journal } from '../ports/journal.ts';

/** The record of a deployment that must have one by now. */
export const recordOf = async (journal: Journal, deployment: string): Promise<DeploymentRecord> => {
  const record = await journal.read(deployment);
  if (record === undefined)
    throw new DeployFailure('Unexpected', 'the journal has no such deployment', { facts: { deployment } });
  return record;
};
