import { DeployFailure } from '../domain/failure.ts';
import { versionLabelled } from '../domain/rotation.ts';
import type { Pause } from '../ports/clock.ts';
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

/** What letting go of AWSPENDING needs. `drain`: ms in which whoever began to read the two labels has read both. */
export interface Clearing {
  versions: Pick<SecretVersions<unknown>, 'takeOff'>;
  pause: Pause;
  drain: number;
}

/**
 * Takes AWSPENDING off the version that was promoted. Left there, it would stay behind when somebody changes the secret, and Secrets
 * Manager would take up this rotation again in the place of the next. Not at once: who has read AWSCURRENT before it moved
 * must still find this version under AWSPENDING. Raises AwsUnavailable, AwsRefused.
 */
export const clearPending = async (
  { versions, pause, drain }: Clearing,
  { secret, version }: RotationInput,
): Promise<void> => {
  await pause(drain);
  await versions.takeOff(secret, version);
};
