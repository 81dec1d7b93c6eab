import type * as z from 'zod/mini';
import type { Answer } from '../../ports/gitlab.ts';
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

const unavailable = (because: string): { state: 'unavailable'; because: string } => ({ state: 'unavailable', because });

// The two ways that GitLab documents; GraphQL's page knows only the second. https://docs.gitlab.com/api/graphql/
const optionsFor = ({ body }: Question, token: string): RequestInit =>
  body === undefined
    ? { headers: { 'PRIVATE-TOKEN': token } }
    : {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      };

/** `refused`: a 401. Redirects are not followed: the token would go with them. */
const askOnce = async <T extends z.ZodMiniType>(
  { url, token }: GitlabCredentials,
  question: Question,
  schema: T,
): Promise<Answer<z.output<T>> | 'refused'> => {
  const { path, missing = [404] } = question;
  try {
    const response = await fetch(`${url}/api${path}`, {
      ...optionsFor(question, token),
      redirect: 'error',
      signal: AbortSignal.timeout(limit),
    });
    if (response.status === 401) return 'refused';
    if (missing.includes(response.status)) return { state: 'missing' };
    if (!response.ok) return unavailable(`GitLab answered ${response.status}`);
    const read = schema.safeParse(await response.json());
    return read.success ? { state: 'found', value: read.data } : unavailable('GitLab answered in another shape');
  } catch {
    // fetch's own message names the host and the way there
    return unavailable('GitLab did not answer');
  }
};

/** Asks GitLab; after a 401 once more with another token, if there is one: a rotation may be about to promote it. */
export const gitlabCall =
  (credentials: CredentialSource): Ask =>
  async (question, schema) => {
    const shown = await credentials();
    const first = await askOnce(shown, question, schema);
    if (first !== 'refused') return first;
    const others = await credentials(shown);
    const second = others.token === shown.token ? first : await askOnce(others, question, schema);
    return second === 'refused' ? unavailable('GitLab answered 401') : second;
  };
