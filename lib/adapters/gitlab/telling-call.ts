import type * as z from 'zod/mini';
import type { Told } from '../../ports/gitlab-deployments.ts';
import type { CredentialSource, GitlabCredentials } from '../../ports/vault.ts';
import { exchange, read, tokenHeaders, unavailable, type Errand, type Reply } from './managing-call.ts';

// ms: a run's questions and writes are to be over before Lambda ends it
const limits = { GET: 5_000, POST: 10_000, PUT: 10_000, DELETE: 10_000 };

/** Statuses of 4xx that pass: an expired token is replaced, a lock is let go, a limit ends. */
const passing = new Set([401, 408, 409, 425, 429]);

/** Whether GitLab itself, and not a proxy before it, says for good that it will not do it. */
const isFinal = ({ status, body }: Reply): boolean =>
  status >= 400 && status < 500 && !passing.has(status) && body !== undefined;

const sent = ({ url, token }: GitlabCredentials, errand: Errand): Promise<Reply> =>
  exchange({ url, name: 'gitlab_token', headers: tokenHeaders(token) }, { limit: limits[errand.method], ...errand });

/** Runs errands with gitlab_token. Raises GitLabUnavailable for all that is neither done nor refused for good. */
export type Tell = (errand: Errand) => Promise<Told<Reply>>;

/** After a 401, which did nothing, once more with another token if there is one: a rotation may be about to promote it. */
export const tellingCall =
  (credentials: CredentialSource): Tell =>
  async (errand) => {
    const shown = await credentials();
    let reply = await sent(shown, errand);
    const others = reply.status === 401 ? await credentials(shown) : shown;
    if (others.token !== shown.token) reply = await sent(others, errand);
    const { status } = reply;
    if (status >= 200 && status < 300) return { state: 'done', value: reply };
    if (isFinal(reply)) return { state: 'refused', because: `${errand.about}: GitLab answered ${status}` };
    throw unavailable(errand.about, `GitLab answered ${status}`, { status });
  };

/** What is asked for, by its schema. Raises GitLabUnavailable also for an answer of another shape. */
export const asked = async <T extends z.ZodMiniType>(
  tell: Tell,
  errand: Errand,
  schema: T,
): Promise<Told<z.output<T>>> => {
  const told = await tell(errand);
  return told.state === 'refused' ? told : { state: 'done', value: read(told.value, schema, errand.about) };
};
