import type { LookupFunction } from 'node:net';
import type { Registry } from '../../ports/registry.ts';
import type { CredentialSource } from '../../ports/vault.ts';
import { addressJudge, type AddressRules } from './address-rules.ts';
import { blobBytes } from './blob-bytes.ts';
import { exchangeOver } from './exchange.ts';
import { judgedAgents } from './judged-agents.ts';
import { manifests } from './manifests.ts';
import { usualPace, type Pace } from './pace.ts';
import { referrersOf } from './referrers.ts';
import { registrySession } from './registry-session.ts';
import { registryTokens } from './registry-tokens.ts';

/** `local`: plain http and this machine's addresses, for the rehearsal alone. */
export interface GitlabRegistryOptions extends AddressRules {
  pace?: Pace;
  /** node:dns's, when left out */
  lookup?: LookupFunction;
}

/**
 * GitLab's container registry: its OCI API, logged in to by its token challenge. The registry's user and password go to
 * gitlab_url's origin, the tokens to the registry, and nothing to where its blobs lie. A registry without login will do.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export const gitlabRegistry = (
  credentials: CredentialSource,
  { local, privateHosts, pace = usualPace, lookup }: GitlabRegistryOptions,
): Registry => {
  const exchange = exchangeOver(judgedAgents(addressJudge({ local, privateHosts }), lookup));
  const tokens = registryTokens({ credentials, exchange, pace });
  const session = registrySession({ credentials, exchange, tokens, pace, local });
  return {
    host: session.host,
    ...manifests(session, pace),
    referrers: referrersOf(session, pace),
    blob: blobBytes(session, pace),
  };
};
