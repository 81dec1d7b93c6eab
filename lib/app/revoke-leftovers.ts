import type { GitlabToken, TokenKind, TokenOwner } from '../domain/gitlab-token.ts';
import { versionLabelled } from '../domain/rotation.ts';
import { fateOf, type Standing } from '../domain/token-leftovers.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { RotationJournal } from '../ports/rotation-journal.ts';
import { inParts } from './in-parts.ts';
import { knownVersions, type KnownVersionPorts } from './known-versions.ts';

export interface LeftoverPorts {
  versions: KnownVersionPorts['versions'];
  tokens: Pick<GitlabTokens, 'self' | 'list' | 'revoke'>;
  journal: RotationJournal;
  clock: Clock;
  stage: string;
  /** the secret's name: part of its tokens' names */
  secretName: string;
  /** ms for which a predecessor still lives once its successor is seen as AWSCURRENT */
  overlap: number;
}

export interface Leftovers {
  revoked: number;
  /** of AWSPREVIOUS, alive, and made by a person: to be revoked by one */
  foreign: number;
  /** GitLab's clock; ours without an owner */
  at: Date;
  /** the owner's deploy tokens, before anything was revoked */
  deploy: readonly GitlabToken[];
}

export interface LeftoverInput {
  /** name or ARN */
  secret: string;
  /** whose tokens the manager lists; undefined: there is no manager */
  owner: TokenOwner | undefined;
  revokeNow: boolean;
}

interface Listed {
  token: GitlabToken;
  kind: TokenKind;
  at: Date;
}

/** Since when the version has been AWSCURRENT, as far as anybody looked; remembered when it is seen first. */
const currentSince = async ({ journal, clock }: LeftoverPorts, version: string): Promise<Date> => {
  const record = await journal.read();
  if (record.current?.version === version) return new Date(record.current.since);
  const since = clock();
  await journal.write({ ...record, current: { version, since: since.toISOString() } });
  return since;
};

const overlapIsOver = async (ports: LeftoverPorts, version: string | undefined): Promise<boolean> => {
  if (version === undefined) return false;
  const since = await currentSince(ports, version);
  return ports.clock().getTime() - since.getTime() >= ports.overlap;
};

/** The owner's tokens of both kinds, and GitLab's time: ours where there is no owner, and so nothing is listed. */
const listAll = async (
  { tokens, clock }: LeftoverPorts,
  owner: TokenOwner | undefined,
): Promise<{ at: Date; listed: Listed[] }> => {
  if (owner === undefined) return { at: clock(), listed: [] };
  const access = await tokens.list('access', owner);
  const deploy = await tokens.list('deploy', owner);
  const listed = [
    ...access.tokens.map((token) => ({ token, kind: 'access' as const, at: access.at })),
    ...deploy.tokens.map((token) => ({ token, kind: 'deploy' as const, at: deploy.at })),
  ];
  return { at: deploy.at, listed };
};

/** AWSPREVIOUS's gitlab_token when it lives, is used no more, and is none of the owner's: revoking it is not ours to do. */
const isForeignElsewhere = ({ live, previous }: Standing, listed: readonly Listed[]): boolean => {
  const own = previous?.own;
  if (own === undefined || live.some((version) => version.own?.id === own.id)) return false;
  return !listed.some(({ kind, token }) => kind === 'access' && token.id === own.id);
};

const revokeAll = async ({ tokens }: LeftoverPorts, owner: TokenOwner, leftovers: readonly Listed[]): Promise<void> => {
  const { part, raise } = inParts();
  for (const { kind, token } of leftovers) await part(async () => tokens.revoke(kind, owner, token.id));
  raise();
};

/**
 * Revokes the tokens of former rotations: AWSPREVIOUS's once the overlap is over (`revokeNow`: at once), and those that no
 * version holds. Without an owner nothing can be listed, and so nothing is revoked. Raises what its ports raise, and
 * revokes the others before.
 */
export const revokeLeftovers =
  (ports: LeftoverPorts) =>
  async ({ secret, owner, revokeNow }: LeftoverInput): Promise<Leftovers> => {
    // Listed before the secret is looked at: a token of a rotation that begins in between is not in the list.
    const { at, listed } = await listAll(ports, owner);
    const { description, standing } = await knownVersions(ports, secret);
    const isOver = (await overlapIsOver(ports, versionLabelled(description, 'AWSCURRENT'))) || revokeNow;
    const fates = listed.map((found) => ({ ...found, fate: fateOf(found, ports, standing) }));
    const leftovers = fates.filter(({ fate }) => fate === 'orphan' || (fate === 'predecessor' && isOver));
    if (owner !== undefined) await revokeAll(ports, owner, leftovers);
    const foreign = fates.filter(({ fate }) => fate === 'foreign').length;
    return {
      revoked: leftovers.length,
      foreign: foreign + (isForeignElsewhere(standing, listed) ? 1 : 0),
      deploy: listed.filter(({ kind }) => kind === 'deploy').map(({ token }) => token),
      at,
    };
  };
