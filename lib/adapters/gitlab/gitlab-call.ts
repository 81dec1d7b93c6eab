import * as z from 'zod/mini';
import type { Answer, Page } from '../../ports/gitlab.ts';
import type { CredentialSource, GitlabCredentials } from '../../ports/vault.ts';

const limit = 5_000; // milliseconds for one answer; a task has 30 seconds for four, and for the registry's

export interface Question {
  /** below `/api` */
  path: string;
  /** GraphQL's; without one it is a GET */
  body?: object;
  /** statuses that mean: there is no such thing for us */
  missing?: readonly number[];
}

export type Ask = <T extends z.ZodMiniType>(question: Question, schema: T) => Promise<Answer<z.output<T>>>;

/** `item`: the schema of each item of the list. */
export type AskPage = <T extends z.ZodMiniType>(question: Question, item: T) => Promise<Answer<Page<z.output<T>>>>;

type Unavailable = Extract<Answer<never>, { state: 'unavailable' }>;

const unavailable = (because: string): Unavailable => ({ state: 'unavailable', because });

/** What an answer says; undefined when it has another shape. */
type Read<T> = (response: Response) => Promise<T | undefined>;

// The two ways that GitLab documents; GraphQL's page knows only the second. https://docs.gitlab.com/api/graphql/
const optionsFor = ({ body }: Question, token: string): RequestInit =>
  body === undefined
    ? { headers: { 'PRIVATE-TOKEN': token } }
    : {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };

/** GitLab's 429 says when to come again, in whole seconds. https://docs.gitlab.com/security/rate_limits/ */
const noAnswer = ({ status, headers }: Response): Unavailable => {
  const because = `GitLab answered ${status}`;
  const asked = headers.get('retry-after') ?? '';
  const isLimited = status === 429 && /^\d{1,6}$/.test(asked);
  return isLimited ? { state: 'unavailable', because, retryAfter: Number(asked) } : unavailable(because);
};

/** `refused`: a 401. Redirects are not followed: the token would go with them. */
const askOnce = async <T>(
  { url, token }: GitlabCredentials,
  question: Question,
  read: Read<T>,
): Promise<Answer<T> | 'refused'> => {
  const { path, missing = [404] } = question;
  try {
    const response = await fetch(`${url}/api${path}`, {
      ...optionsFor(question, token),
      redirect: 'error',
      signal: AbortSignal.timeout(limit),
    });
    if (response.status === 401) return 'refused';
    if (missing.includes(response.status)) return { state: 'missing' };
    if (!response.ok) return noAnswer(response);
    const value = await read(response);
    return value === undefined ? unavailable('GitLab answered in another shape') : { state: 'found', value };
  } catch {
    // fetch's own message names the host and the way there
    return unavailable('GitLab did not answer');
  }
};

/** Asks GitLab; after a 401 once more with another token, if there is one: a rotation may be about to promote it. */
const askTwice =
  (credentials: CredentialSource) =>
  async <T>(question: Question, read: Read<T>): Promise<Answer<T>> => {
    const shown = await credentials();
    const first = await askOnce(shown, question, read);
    if (first !== 'refused') return first;
    const others = await credentials(shown);
    const second = others.token === shown.token ? first : await askOnce(others, question, read);
    return second === 'refused' ? unavailable('GitLab answered 401') : second;
  };

/** Asks GitLab one thing. */
export const gitlabCall = (credentials: CredentialSource): Ask => {
  const ask = askTwice(credentials);
  return (question, schema) => ask(question, async (response) => schema.safeParse(await response.json()).data);
};

/** Asks GitLab for one page of a list. https://docs.gitlab.com/api/rest/#offset-based-pagination */
export const gitlabPages = (credentials: CredentialSource): AskPage => {
  const ask = askTwice(credentials);
  return (question, item) =>
    ask(question, async (response) => {
      const { data: items } = z.array(item).safeParse(await response.json());
      const next = Number(response.headers.get('x-next-page') ?? '');
      return items && { items, ...(next > 0 ? { next } : {}) };
    });
};
