import { DeployFailure } from '../domain/failure.ts';
import { versionLabelled } from '../domain/rotation.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';
import type { RotationInput } from './rotation.ts';

/** What a promotion needs of the secret. */
export type Promotable = Pick<SecretVersions<unknown>, 'describe' | 'promote'>;

/**
 * Moves AWSCURRENT from `from` to the input's version. AWS refuses that when AWSCURRENT is there by now: another invocation was
 * faster, or the answer to this one's first try was lost. Then it is done. Raises AwsUnavailable, AwsRefused.
 */
export const promoteVersion = async (
  versions: Promotable,
  { secret, version }: RotationInput,
  from: string | undefined,
): Promise<'promoted' | 'already current'> => {
  try {
    await versions.promote(secret, version, from);
    return 'promoted';
  } catch (error) {
    const refused = error instanceof DeployFailure && error.name === 'AwsRefused';
    if (refused && versionLabelled(await versions.describe(secret), 'AWSCURRENT') === version) return 'already current';
    throw error;
  }
};
