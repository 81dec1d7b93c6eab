import type { SecretDescription } from '../domain/rotation.ts';

/**
 * The versions of a secret whose values are `Document`s. `secret` is a name or ARN. Each method is one call, and raises
 * AwsUnavailable, AwsRefused; AWS does what it answered, also when the answer was lost.
 */
export interface SecretVersions<Document> {
  describe: (secret: string) => Promise<SecretDescription>;
  /** By version id, never by label. Undefined: no such version, or it has no value yet. Raises Misconfigured. */
  value: (secret: string, version: string) => Promise<Document | undefined>;
  /**
   * Gives the version labelled AWSPENDING its value, which it then keeps for ever. `taken`: it has another one already, for
   * somebody was faster.
   */
  fill: (secret: string, version: string, document: Document) => Promise<'filled' | 'taken'>;
  /** Moves AWSCURRENT to this version; `from`: the version that carries it now, if any does. */
  promote: (secret: string, version: string, from: string | undefined) => Promise<void>;
  /** Takes AWSPENDING off this version: the rotation is given up, and the next one may begin. */
  takeOff: (secret: string, version: string) => Promise<void>;
}
