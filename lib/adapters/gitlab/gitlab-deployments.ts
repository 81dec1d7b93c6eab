import * as z from 'zod/mini';
import type { ListedDeployment } from '../../domain/feedback.ts';
import type { GitlabDeployments, Told } from '../../ports/gitlab-deployments.ts';
import type { CredentialSource } from '../../ports/vault.ts';
import { commitAt } from './deployed-commit.ts';
import { showAddress } from './environment-address.ts';
import { answeredAt, read } from './managing-call.ts';
import { asked, tellingCall, type Tell } from './telling-call.ts';

const own = z.object({ user_id: z.int() });
const made = z.object({ id: z.int() });
const one = z.object({ status: z.string() });

const listed = z.array(
  z.pipe(
    z.object({
      id: z.int(),
      sha: z.string(),
      status: z.string(),
      created_at: z.string(),
      user: z.nullish(z.object({ id: z.int() })),
      deployable: z.nullish(z.looseObject({})),
    }),
    z.transform(({ id, sha, status, created_at, user, deployable }): ListedDeployment => ({
      ...{ id, sha, status, createdAt: created_at, ofJob: typeof deployable === 'object' && deployable !== null },
      ...(user ? { user: user.id } : {}),
    })),
  ),
);

const done: Told<undefined> = { state: 'done', value: undefined };

const some = 20;
const most = 100; // of one page: https://docs.gitlab.com/api/rest/#pagination

/** Page by page, newest first, until one is older than `since`. */
const list = async (tell: Tell, project: number, environment: string, since?: string) => {
  const about = `the deployments of project ${project}`;
  const query = `environment=${encodeURIComponent(environment)}&order_by=id&sort=desc`;
  const found: ListedDeployment[] = [];
  let at: string | undefined;
  for (let page = 1; ; page += 1) {
    const path = `/api/v4/projects/${project}/deployments?${query}&per_page=${since === undefined ? some : most}&page=${page}`;
    const told = await tell({ method: 'GET', path, about });
    if (told.state === 'refused') return told;
    const deployments = read(told.value, listed, about);
    // The first page's time: what is made while others are read came later.
    at ??= answeredAt(told.value, about).toISOString();
    found.push(...deployments);
    const isOlder = ({ createdAt }: ListedDeployment) => Date.parse(createdAt) < Date.parse(since ?? '');
    if (since === undefined || deployments.length < most || deployments.some(isOlder))
      return { state: 'done', value: { at, deployments: found } } as const;
  }
};

/** GitLab's state machine answers 400 for what is so already, and for what cannot be: reading tells them apart. */
const setStatus = async (tell: Tell, path: string, about: string, status: string): Promise<Told<undefined>> => {
  const told = await tell({ method: 'PUT', path, about, body: { status } });
  if (told.state === 'done') return done;
  const now = await asked(tell, { method: 'GET', path, about }, one);
  return now.state === 'done' && now.value.status === status ? done : told;
};

/**
 * GitLab's REST API of deployments, environments and commits.
 * https://docs.gitlab.com/api/deployments/ https://docs.gitlab.com/api/environments/ https://docs.gitlab.com/api/commits/
 */
export const gitlabDeployments = (credentials: CredentialSource): GitlabDeployments => {
  const tell = tellingCall(credentials);
  const deploymentsOf = (project: number) => `/api/v4/projects/${project}/deployments`;

  return {
    user: async () => {
      const errand = {
        method: 'GET',
        path: '/api/v4/personal_access_tokens/self',
        about: "gitlab_token's user",
      } as const;
      const told = await asked(tell, errand, own);
      return told.state === 'done' ? { state: 'done', value: told.value.user_id } : told;
    },
    list: (project, environment, since) => list(tell, project, environment, since),
    create: async (project, environment, commit) => {
      const body = { environment, ...commit, status: 'running' };
      const about = `a new deployment of project ${project}`;
      const told = await asked(tell, { method: 'POST', path: deploymentsOf(project), about, body }, made);
      return told.state === 'done' ? { state: 'done', value: told.value.id } : told;
    },
    setStatus: (project, id, status) =>
      setStatus(tell, `${deploymentsOf(project)}/${id}`, `deployment ${id} of project ${project}`, status),
    setUrl: (project, environment, url) => showAddress(tell, { project, environment, url }),
    commit: (project, sha) => commitAt(tell, project, sha),
    comment: async (project, sha, note) => {
      const path = `/api/v4/projects/${project}/repository/commits/${sha}/comments`;
      const told = await tell({
        method: 'POST',
        path,
        about: `a note on a commit of project ${project}`,
        body: { note },
      });
      return told.state === 'done' ? done : told;
    },
  };
};
