import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { DeployFailure, type Facts } from '../../domain/failure.ts';
import { isRepository } from '../../domain/image-reference.ts';
import type { CredentialSource } from '../../ports/vault.ts';
import { unavailableStatus } from './answer-status.ts';
import { discard, type Exchange } from './exchange.ts';
import type { Pace } from './pace.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import { redirectTarget, registryOrigin } from './trusted-url.ts';

export interface Question {
  repository: string;
  method: 'GET' | 'HEAD';
  /** below the registry's origin */
  url: URL;
  headers: OutgoingHttpHeaders;
  /** ms without an answer after which it is given up */
  quiet: number;
  /** how many are followed */
  redirects: number;
}

export interface RegistrySession {
  host: () => Promise<string>;
  /** `/v2/<repository>/<rest>`; `rest` is the caller's to check. Raises RegistryRefused when the repository's name is none. */
  urlOf: (repository: string, rest: string) => Promise<URL>;
  /**
   * One question, logged in to if the registry asks for it, redirects followed. The answer is 200, 206, 404 or 416. Raises
   * RegistryUnavailable for what says "later", RegistryRefused for the rest.
   */
  ask: (question: Question) => Promise<IncomingMessage>;
}

export interface SessionParts {
  credentials: CredentialSource;
  exchange: Exchange;
  tokens: RegistryTokens;
  pace: Pace;
  local: boolean;
}

const trustedFor = 60_000; // ms that the registry's host is not read again

/** An answer, whom it came from, and the token that was shown there. */
interface Answered {
  answer: IncomingMessage;
  at: URL;
  token: string | undefined;
}

const isRedirect = (status = 0): boolean => [301, 302, 303, 307, 308].includes(status);

/** The registry's host, not read again for a minute. */
const rememberedHost = ({ credentials, pace }: SessionParts): (() => Promise<string>) => {
  let known: { host: string; until: number } | undefined;
  return async () => {
    if (known === undefined || pace.now() >= known.until)
      known = { host: (await credentials()).registry.host, until: pace.now() + trustedFor };
    return known.host;
  };
};

const send = async ({ exchange }: SessionParts, question: Question, { at, token }: Omit<Answered, 'answer'>) => {
  const { method, quiet } = question;
  const headers = token === undefined ? question.headers : { ...question.headers, authorization: `Bearer ${token}` };
  return { answer: await exchange({ method, url: at, headers, quiet }), at, token };
};

/** The registry's own answer. A login that it asks for is tried once. */
const loggedIn = async (parts: SessionParts, question: Question): Promise<Answered> => {
  const { repository, url: at } = question;
  const shown = await parts.tokens.current(repository);
  const answered = await send(parts, question, { at, token: shown });
  if (answered.answer.statusCode !== 401) return answered;
  discard(answered.answer);
  const challenge = answered.answer.headers['www-authenticate'];
  return send(parts, question, { at, token: await parts.tokens.renewed(repository, { shown, challenge }) });
};

/** Whoever is at another origin is shown no token, nor is whoever he sends us back to. */
const redirected = (parts: SessionParts, question: Question, { answer, at, token }: Answered): Promise<Answered> => {
  const to = redirectTarget(at, answer.headers.location, parts.local);
  return send(parts, question, { at: to, token: to.origin === at.origin ? token : undefined });
};

const settled = async (parts: SessionParts, question: Question): Promise<Answered> => {
  let answered = await loggedIn(parts, question);
  for (let hops = 0; isRedirect(answered.answer.statusCode); hops += 1) {
    discard(answered.answer);
    if (hops === question.redirects)
      throw new DeployFailure('RegistryRefused', `the registry redirects more often than ${hops} times`, {
        facts: { host: answered.at.host, repository: question.repository },
      });
    answered = await redirected(parts, question, answered);
  }
  return answered;
};

/**
 * What a storage says of a signed link that has expired: the registry's next one will do.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const linkRefused = ({ answer, at }: Answered, { url }: Question, facts: Facts): DeployFailure | undefined => {
  const status = answer.statusCode ?? 0;
  if (at.origin === url.origin || (status !== 400 && status !== 403)) return undefined;
  const because = "where its blobs lie, the registry's link is not taken";
  return new DeployFailure('RegistryUnavailable', because, { facts: { ...facts, status } });
};

/** Raises what an answer's status stands for, unless the question's own reader understands it. */
const understood = (answered: Answered, question: Question, now: number): IncomingMessage => {
  const { answer, at } = answered;
  const status = answer.statusCode ?? 0;
  if ([200, 206, 404, 416].includes(status)) return answer;
  discard(answer);
  const facts = { host: at.host, repository: question.repository };
  const because =
    status === 401 || status === 403
      ? 'the registry does not let Drawbridge read this repository'
      : 'the registry refuses what it is asked';
  throw (
    unavailableStatus(answer, facts, now) ??
    linkRefused(answered, question, facts) ??
    new DeployFailure('RegistryRefused', because, { facts: { ...facts, status } })
  );
};

export const registrySession = (parts: SessionParts): RegistrySession => {
  const host = rememberedHost(parts);
  return {
    host,
    urlOf: async (repository, rest) => {
      if (!isRepository(repository))
        throw new DeployFailure('RegistryRefused', "a repository's name is not one by OCI's grammar");
      return new URL(`/v2/${repository}/${rest}`, registryOrigin(await host(), parts.local));
    },
    ask: async (question) => understood(await settled(parts, question), question, parts.pace.now()),
  };
};
