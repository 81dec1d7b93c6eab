import type * as z from 'zod/mini';
import { DeployFailure, RotationFailure } from '../../domain/failure.ts';
import type { ManagerCredentials, ManagerSource } from '../../ports/vault.ts';

const usualLimit = 15_000; // ms for one answer: a hook's test is answered when its receiver is, which has ten seconds

/** One request to GitLab. */
export interface Errand {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** below GitLab's address */
  path: string;
  body?: object;
  /** what it is about, as a failure says it: `hook 31 of project 4711`. Never a value */
  about: string;
  /** statuses beside 2xx that whoever asks understands */
  expected?: readonly number[];
  /** ms for the whole answer */
  limit?: number;
}

export interface Reply {
  status: number;
  date: string | null;
  /** `x-next-page`, empty on a list's last page */
  nextPage: string | null;
  /** undefined when it was no JSON */
  body: unknown;
}

/** Who asks. `name` is the key or token by which a failure calls what was shown. */
export interface Caller {
  url: string;
  name: string;
  headers: Record<string, string>;
}

/** Runs an errand. Raises OutOfReach, GitLabRefused, GitLabUnavailable as the ports say. */
export type Run = (errand: Errand) => Promise<Reply>;

/** A later try may help. */
export const unavailable = (about: string, because: string, facts = {}) =>
  new DeployFailure('GitLabUnavailable', `${about}: ${because}`, { facts });

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Sends once. Redirects are not followed: what is shown would go with them, and a write is not to be sent twice. */
export const exchange = async ({ url, headers }: Caller, errand: Errand): Promise<Reply> => {
  const { method, path, body, about, limit = usualLimit } = errand;
  const sent =
    body === undefined
      ? { headers }
      : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  try {
    const signal = AbortSignal.timeout(limit);
    const response = await fetch(`${url}${path}`, { method, ...sent, redirect: 'error', signal });
    const { status, headers: got } = response;
    const text = await response.text();
    return { status, date: got.get('date'), nextPage: got.get('x-next-page'), body: jsonOf(text) };
  } catch {
    // fetch's own message names the host and the way there
    throw unavailable(about, 'GitLab did not answer');
  }
};

/** GitLab does not take what is asked. */
export const refused = (about: string, status: number): RotationFailure =>
  new RotationFailure('GitLabRefused', `${about}: GitLab does not take what is asked`, { facts: { status } });

const understood = (reply: Reply, { about, expected = [] }: Errand, name: string): Reply => {
  const { status } = reply;
  if ((status >= 200 && status < 300) || expected.includes(status)) return reply;
  if (status === 429 || status >= 500) throw unavailable(about, `GitLab answered ${status}`, { status });
  if (![401, 403, 404].includes(status)) throw refused(about, status);
  const because = `GitLab does not show it to ${name}, or forbids it`;
  throw new RotationFailure('OutOfReach', `${about}: ${because}`, { facts: { status } });
};

/** Runs errands for one caller. */
export const asCaller =
  (caller: Caller): Run =>
  async (errand) =>
    understood(await exchange(caller, errand), errand, caller.name);

/** As GitLab's API is shown a token. */
export const tokenHeaders = (token: string): Record<string, string> => ({ 'PRIVATE-TOKEN': token });

const managing = ({ url, token, manager }: ManagerCredentials): Caller => ({
  url,
  name: manager ? 'gitlab_manager_token' : 'gitlab_token',
  headers: tokenHeaders(token),
});

/** Runs errands for the manager. After a 401, which did nothing, once more with other credentials if there are any. */
export const asManager =
  (manager: ManagerSource): Run =>
  async (errand) => {
    const shown = await manager();
    const reply = await exchange(managing(shown), errand);
    if (reply.status !== 401) return understood(reply, errand, managing(shown).name);
    const others = await manager(shown);
    if (others.token === shown.token) return understood(reply, errand, managing(shown).name);
    return asCaller(managing(others))(errand);
  };

/** The reply's body by this schema. Raises GitLabUnavailable. */
export const read = <T extends z.ZodMiniType>({ body }: Reply, schema: T, about: string): z.output<T> => {
  const result = schema.safeParse(body);
  if (!result.success) throw unavailable(about, 'GitLab answered in another shape');
  return result.data;
};

/** When GitLab answered, by its own clock. Raises GitLabUnavailable. */
export const answeredAt = ({ date }: Reply, about: string): Date => {
  const at = new Date(date ?? '');
  if (Number.isNaN(at.getTime())) throw unavailable(about, "GitLab's answer has no date");
  return at;
};

export interface Pages {
  first: Reply;
  all: Reply[];
}

/** A list's pages, one request each; its query may be begun already. https://docs.gitlab.com/api/rest/#pagination */
export const everyPage = async (run: Run, { path, about }: Pick<Errand, 'path' | 'about'>): Promise<Pages> => {
  const ask = (page: number) =>
    run({ method: 'GET', path: `${path}${path.includes('?') ? '&' : '?'}per_page=100&page=${page}`, about });
  const first = await ask(1);
  const all = [first];
  let next = Number(first.nextPage);
  while (next > all.length) {
    const reply = await ask(next);
    all.push(reply);
    next = Number(reply.nextPage);
  }
  return { first, all };
};
