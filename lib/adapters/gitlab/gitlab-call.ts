import type * as z from 'zod/mini';
import type { Answer } from '../../ports/gitlab.ts';
import type { GitlabCredentials } from '../../ports/vault.ts';

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

/** Asks GitLab once. Redirects are not followed: the token would go with them. */
export const gitlabCall =
  (credentials: () => Promise<Pick<GitlabCredentials, 'url' | 'token'>>): Ask =>
  async (question, schema) => {
    const { path, missing = [404] } = question;
    const { url, token } = await credentials();
    try {
      const response = await fetch(`${url}/api${path}`, {
        ...optionsFor(question, token),
        redirect: 'error',
        signal: AbortSignal.timeout(limit),
      });
      if (missing.includes(response.status)) return { state: 'missing' };
      if (!response.ok) return unavailable(`GitLab answered ${response.status}`);
      const read = schema.safeParse(await response.json());
      return read.success ? { state: 'found', value: read.data } : unavailable('GitLab answered in another shape');
    } catch {
      // fetch's own message names the host and the way there
      return unavailable('GitLab did not answer');
    }
  };
