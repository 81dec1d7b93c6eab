import type { IncomingMessage } from 'node:http';
import { DeployFailure, type Facts } from '../../domain/failure.ts';
import type { CredentialSource, GitlabCredentials } from '../../ports/vault.ts';
import { unavailableStatus } from './answer-status.ts';
import { discard, wholeBody, type Exchange } from './exchange.ts';
import type { Pace } from './pace.ts';
import { readChallenge, readToken, tokenUrl, type Challenge, type Token } from './token-login.ts';

const longestAnswer = 65_536; // bytes

export interface RegistryTokens {
  /** What to show the registry; undefined as long as it has asked for no login. */
  current: (repository: string) => Promise<string | undefined>;
  /** A token other than the one that was shown and refused. Raises RegistryRefused when GitLab gives none. */
  renewed: (
    repository: string,
    refused: { shown: string | undefined; challenge: string | undefined },
  ) => Promise<string>;
}

export interface TokenSource {
  credentials: CredentialSource;
  exchange: Exchange;
  pace: Pace;
}

const refused = (because: string, facts: Facts) => new DeployFailure('RegistryRefused', because, { facts });

/** GitLab's answer, read. Its status is told, its text never. */
const tokenOf = async (answer: IncomingMessage, facts: Facts, pace: Pace): Promise<Token> => {
  const status = answer.statusCode ?? 0;
  if (status !== 200) discard(answer);
  const failure = unavailableStatus(answer, facts, pace.now());
  if (failure !== undefined) throw failure;
  if (status === 401 || status === 403)
    throw refused("GitLab does not take the registry's user and password", { ...facts, status });
  if (status !== 200) throw refused('GitLab gives no token for the registry', { ...facts, status });
  const body = await wholeBody(answer, { limit: longestAnswer, quiet: pace.quiet.answer, facts });
  const token = body && readToken(body.toString(), pace.now());
  if (token === undefined) throw refused("GitLab's answer has no token in it", facts);
  return token;
};

interface Login {
  challenge: Challenge;
  repository: string;
}

const askedWith = async (
  { exchange, pace }: TokenSource,
  { url: gitlabUrl, registry }: GitlabCredentials,
  { challenge, repository }: Login,
): Promise<{ answer: IncomingMessage; host: string }> => {
  const url = tokenUrl(challenge, gitlabUrl, repository);
  const basic = Buffer.from(`${registry.username}:${registry.password}`).toString('base64');
  const headers = { authorization: `Basic ${basic}`, accept: 'application/json' };
  return { answer: await exchange({ method: 'GET', url, headers, quiet: pace.quiet.answer }), host: url.host };
};

/**
 * The credentials are read anew for each token: a rotated password counts at once, and one that is refused gives way to
 * another, if there is one: a rotation may be about to promote it.
 */
const fetchToken = async (source: TokenSource, login: Login): Promise<Token> => {
  const shown = await source.credentials();
  let { answer, host } = await askedWith(source, shown, login);
  if (answer.statusCode === 401 || answer.statusCode === 403) {
    const others = await source.credentials(shown);
    if (others.registry.password !== shown.registry.password) {
      discard(answer);
      ({ answer, host } = await askedWith(source, others, login));
    }
  }
  return tokenOf(answer, { host, repository: login.repository }, source.pace);
};

/** Tokens, fetched once for all who wait for the same one. */
const fetchedOnce = (source: TokenSource, keep: (repository: string, token: Token) => void) => {
  const underWay = new Map<string, Promise<string>>();
  const fetched = async (challenge: Challenge, repository: string): Promise<string> => {
    try {
      const token = await fetchToken(source, { challenge, repository });
      keep(repository, token);
      return token.value;
    } finally {
      underWay.delete(repository);
    }
  };
  return (challenge: Challenge, repository: string): Promise<string> => {
    const token = underWay.get(repository) ?? fetched(challenge, repository);
    underWay.set(repository, token);
    return token;
  };
};

/** The registry's tokens, one for each repository, kept while they are fresh. */
export const registryTokens = (source: TokenSource): RegistryTokens => {
  let known: Challenge | undefined;
  const kept = new Map<string, Token>();
  const fetched = fetchedOnce(source, (repository, token) => kept.set(repository, token));

  return {
    current: async (repository) => {
      const token = kept.get(repository);
      if (known === undefined || (token !== undefined && source.pace.now() < token.freshUntil)) return token?.value;
      return fetched(known, repository);
    },
    renewed: async (repository, { shown, challenge: header }) => {
      const token = kept.get(repository)?.value;
      // Somebody else was refused with the same one, and has a new one already.
      if (token !== undefined && token !== shown) return token;
      const challenge = readChallenge(header);
      if (challenge === undefined)
        throw refused("the registry wants another login than GitLab's tokens", { repository });
      const renewed = await fetched(challenge, repository);
      known = challenge;
      return renewed;
    },
  };
};
