import { DeployFailure } from '../domain/failure.ts';
import { pendingVersion } from '../domain/pending-version.ts';
import { versionLabelled, type SecretDescription } from '../domain/rotation.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import type { KnownVersion, Standing } from '../domain/token-leftovers.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { SecretVersions } from '../ports/secret-versions.ts';

export interface KnownVersionPorts {
  versions: Pick<SecretVersions<GitlabDocument>, 'describe' | 'value'>;
  tokens: Pick<GitlabTokens, 'self'>;
}

/** The GitLab secret's labelled versions, and GitLab's word on their tokens. */
export interface KnownVersions {
  description: SecretDescription;
  standing: Standing;
}

const known = async (
  { versions, tokens }: KnownVersionPorts,
  secret: string,
  version: string | undefined,
): Promise<KnownVersion | undefined> => {
  const document = version === undefined ? undefined : await versions.value(secret, version);
  return document && { document, own: await tokens.self(document.gitlab_token) };
};

/** A version that was left behind may be unreadable: then nothing in it was ours. */
const unreadable = (error: unknown): undefined => {
  if (error instanceof DeployFailure && error.name === 'Misconfigured') return undefined;
  throw error;
};

/** Raises what its ports raise. */
export const knownVersions = async (ports: KnownVersionPorts, secret: string): Promise<KnownVersions> => {
  const description = await ports.versions.describe(secret);
  const before = versionLabelled(description, 'AWSPREVIOUS');
  const labelled = pendingVersion(description);
  const current = await known(ports, secret, versionLabelled(description, 'AWSCURRENT'));
  const pending = await known(ports, secret, labelled);
  const previous = await known(ports, secret, before).catch(unreadable);
  const live = [current, pending].filter((version) => version !== undefined);
  return { description, standing: { live, previous, filling: pending === undefined ? labelled : undefined } };
};
