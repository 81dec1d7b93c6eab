import { versionLabelled, type SecretDescription } from './rotation.ts';

/**
 * The version to which a rotation that has not ended would lead. A last step that died leaves AWSPENDING on the version that it
 * promoted, also when somebody then changes the secret and it becomes AWSPREVIOUS: there it means nothing any more.
 */
export const pendingVersion = (description: SecretDescription): string | undefined => {
  const pending = versionLabelled(description, 'AWSPENDING');
  const ended = [versionLabelled(description, 'AWSCURRENT'), versionLabelled(description, 'AWSPREVIOUS')];
  return ended.includes(pending) ? undefined : pending;
};
