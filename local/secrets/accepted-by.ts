/** Which tokens something has, by their fingerprints. */
export interface Tokens {
  token?: string;
  signing?: string;
}

/** The labels of a secret as they were seen at one moment: ids of versions. `at`: ms since the epoch, real time. */
export interface LabelSight {
  at: number;
  current: string | undefined;
  pending: string | undefined;
}

/** The versions of the hook secret so far, by id, and where the labels were; oldest first. */
export interface VersionHistory {
  versions: ReadonlyMap<string, Tokens>;
  sights: readonly LabelSight[];
}

export type AcceptedBy = 'AWSCURRENT' | 'AWSPENDING' | 'an older version' | 'no version';

/** As the doors judge: a version that has a signing token by the signature alone, another by the plain token. */
const accepts = (version: Tokens, shown: Tokens): boolean =>
  version.signing === undefined ? version.token === shown.token : version.signing === shown.signing;

/** Which of its labels count, of a version that bears one. */
const labelOf = (
  { current, pending }: LabelSight,
  accepting: ReadonlySet<string | undefined>,
): AcceptedBy | undefined => {
  if (accepting.has(current)) return 'AWSCURRENT';
  return accepting.has(pending) ? 'AWSPENDING' : undefined;
};

/**
 * Which label the version that accepts these tokens carried at that moment; else the one that it carried within so many ms
 * of it, for doors go on for a while with what they have read.
 */
export const acceptedBy = (
  { versions, sights }: VersionHistory,
  shown: Tokens,
  { at, within }: { at: number; within: number },
): AcceptedBy => {
  const accepting = new Set([...versions].filter(([, version]) => accepts(version, shown)).map(([id]) => id));
  if (accepting.size === 0) return 'no version';
  const seenAt = (moment: number) => sights.findLast((sight) => sight.at <= moment) ?? sights[0];
  const around = sights.filter((sight) => Math.abs(sight.at - at) <= within);
  const inForce = [seenAt(at), ...around, seenAt(at - within)].flatMap((sight) => sight ?? []);
  return inForce.flatMap((sight) => labelOf(sight, accepting) ?? [])[0] ?? 'an older version';
};
