import type { DeploymentRecord, Found } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { pinnedName, splitImageName } from '../domain/image-reference.ts';
import { cloneWithImage, deploymentOf, differingPaths, revisionName, type Revision } from '../domain/revision.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import { recordOf } from './record-of.ts';
import { tellStep, type TellPorts } from './tell.ts';

export interface RegisterPorts extends TellPorts {
  fleet: Fleet;
  journal: Journal;
}

/** The revision that an earlier try registered although its answer was lost: tagged as ours, newer than what was there before. */
const findLost = async (fleet: Fleet, family: string, sought: { after: number; deployment: string }) => {
  for (const arn of await fleet.newestRevisions(family)) {
    if (revisionName(arn).number <= sought.after) return undefined;
    const revision = await fleet.revision(arn);
    if (deploymentOf(revision) === sought.deployment) return revision;
  }
  return undefined;
};

const image = ({ image: name }: DeploymentRecord, { digest }: Found): string => {
  const parts = splitImageName(name);
  if (parts === undefined) throw new DeployFailure('ImageNameInvalid', 'the journalled image is no reference');
  return pinnedName({ ...parts, digest });
};

const registerOnce = async (
  { fleet, journal }: RegisterPorts,
  execution: string,
  record: DeploymentRecord & { found: Found },
): Promise<{ revision: Revision; wanted: Record<string, unknown> }> => {
  const source = await fleet.revision(record.found.source);
  const change = { containers: record.containers, image: image(record, record.found), deployment: record.deployment };
  const { definition, tags } = cloneWithImage(source, change);
  if (record.registering !== undefined) {
    const sought = { after: record.registering.after, deployment: record.deployment };
    const lost = await findLost(fleet, source.family, sought);
    if (lost !== undefined) return { revision: lost, wanted: definition };
  }
  const newest = (await fleet.newestRevisions(source.family))[0];
  const after = record.registering?.after ?? (newest === undefined ? 0 : revisionName(newest).number);
  await journal.note(record, execution, { registering: { after } });
  return { revision: await fleet.register(definition, tags), wanted: definition };
};

const registerAndNote = async (ports: RegisterPorts, execution: string, record: DeploymentRecord): Promise<string> => {
  if (record.found === undefined) throw new DeployFailure('Unexpected', 'Register came before Look');
  const { revision, wanted } = await registerOnce(ports, execution, { ...record, found: record.found });
  const paths = differingPaths(wanted, revision.definition);
  if (paths.length > 0) {
    throw new DeployFailure('RevisionDiffers', 'ECS registered something else than was asked', {
      facts: { revision: revision.arn, reasons: paths.slice(0, 10) },
    });
  }
  await ports.journal.note(record, execution, { revision: revision.arn });
  return revision.arn;
};

/**
 * Clones the live revision with the new image, by digest, and registers it once, also when the answer to the first
 * try was lost. Raises RevisionDiffers when ECS made something else of it than was asked.
 */
export const register =
  (ports: RegisterPorts) =>
  async ({ execution, deployment }: { execution: string; deployment: string }): Promise<{ revision: string }> => {
    const record = await recordOf(ports.journal, deployment);
    const revision = record.revision ?? (await registerAndNote(ports, execution, record));
    await tellStep(ports, { ...record, revision }, { step: 'revision registered' });
    return { revision };
  };
