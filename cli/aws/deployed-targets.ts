import type { SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreTargets } from '../../lib/adapters/aws/parameter-store-targets.ts';
import { ecrHost } from '../../lib/domain/image-reference.ts';
import type { StackBounds } from '../../lib/domain/stack-bounds.ts';
import type { Targets } from '../../lib/ports/targets.ts';
import { parameterStoreTargetStore } from './parameter-store-target-store.ts';

/** A stage's targets, read as its functions read them, and what the stage may touch. Raises AWS's own errors. */
export const deployedTargets = async (
  client: SSMClient,
  stage: string,
): Promise<{ bounds: StackBounds; targets: Targets }> => {
  const bounds = await parameterStoreTargetStore(client, stage).bounds();
  const options = { path: `/drawbridge/${stage}/targets`, registry: ecrHost(bounds.account, bounds.region) };
  return { bounds, targets: parameterStoreTargets(client, options) };
};
