import type { AccessTokenView } from '../../gitlab/control.ts';
import type { VersionHistory } from '../../secrets/accepted-by.ts';
import type { SentHook } from '../../secrets/hook-stream.ts';
import type { RotationView } from '../../secrets/rotation-views.ts';
import { plural } from '../../../cli/words.ts';
import { hookCounts } from './hook-counts.ts';
import { refusals } from './rotation-status.ts';

/** All that the demo saw. */
export interface RotationSeen {
  rotations: readonly RotationView[];
  sent: readonly SentHook[];
  history: VersionHistory;
  /** every access token that GitLab ever knew */
  tokens: readonly AccessTokenView[];
  /** what Drawbridge's own tokens are called before the version's id */
  tokenPrefix: string;
  /** the version of the GitLab secret that is in use at the end */
  gitlabVersion: string | undefined;
  /** requests with a token that was revoked by being replaced */
  reuses: number;
}

const rotationProblems = ({ secret, end, steps }: RotationView): string[] => [
  ...(end === 'promoted' ? [] : [`a rotation of ${secret} ended so: ${end ?? 'not at all'}`]),
  ...steps.flatMap(({ step, error }) => (error === undefined ? [] : [`${step} of ${secret} failed: ${error}`])),
];

const hookProblems = ({ sent, history }: RotationSeen): string[] => {
  const counts = hookCounts(sent, history);
  const strange = counts['an older version'] + counts['no version'];
  return [
    ...(counts.refused === 0 ? [] : [`${plural(counts.refused, 'hook')} refused: ${refusals(sent, history)}`]),
    ...(strange === 0 ? [] : [`${plural(strange, 'hook')} accepted by a version out of use`]),
    ...(counts.AWSCURRENT > 0 && counts.AWSPENDING > 0 ? [] : ['hooks did not arrive with both versions']),
    ...(sent.at(-1)?.fingerprints.signing === undefined ? ['the last hook was not signed'] : []),
  ];
};

const tokenProblems = ({ tokens, tokenPrefix, gitlabVersion, reuses }: RotationSeen): string[] => {
  const ours = tokens.filter(({ name }) => name.startsWith(tokenPrefix));
  const alive = ours.filter(({ active }) => active).map(({ name }) => name);
  const wanted = `${tokenPrefix}${gitlabVersion ?? ''}`;
  const dead = tokens.filter(({ owner, active }) => owner === 'person' && !active);
  return [
    ...(alive.length === 1 && alive[0] === wanted
      ? []
      : [`alive of Drawbridge's tokens: ${alive.join(', ') || 'none'}`]),
    ...(ours.length > alive.length ? [] : ['no predecessor was revoked']),
    ...(dead.length === 0 ? [] : [`${plural(dead.length, 'token')} of a person revoked`]),
    ...(reuses === 0 ? [] : [`a token that was replaced was shown to self/rotate ${reuses} times`]),
  ];
};

/** Why the demo did not go as it should; empty when it truly did. */
export const demoProblems = (seen: RotationSeen): string[] => [
  ...seen.rotations.flatMap(rotationProblems),
  ...hookProblems(seen),
  ...tokenProblems(seen),
];
