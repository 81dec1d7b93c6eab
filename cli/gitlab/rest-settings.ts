import * as z from 'zod/mini';
import {
  answeredAt,
  asCaller,
  asManager,
  everyPage,
  read,
  tokenHeaders,
} from '../../lib/adapters/gitlab/managing-call.ts';
import type { ManagerSource } from '../../lib/ports/vault.ts';
import type { GitlabSettings, SeenToken } from '../gitlab-settings.ts';

const tokenAnswer = z.object({ active: z.boolean(), scopes: z.array(z.string()), expires_at: z.nullish(z.string()) });
const named = z.array(z.object({ name: z.string() }));
// GitLab sends the values along; they go no further than here.
const keyed = z.array(z.object({ key: z.string() }));

const ownToken = async (url: string, value: string): Promise<SeenToken | undefined> => {
  const about = "an access token's own data";
  const run = asCaller({ url, name: 'the access token itself', headers: tokenHeaders(value) });
  const reply = await run({ method: 'GET', path: '/api/v4/personal_access_tokens/self', about, expected: [401] });
  if (reply.status === 401) return undefined;
  const { active, scopes, expires_at: expiresAt } = read(reply, tokenAnswer, about);
  if (!active) return undefined;
  return { scopes, at: answeredAt(reply, about), ...(typeof expiresAt === 'string' ? { expiresAt } : {}) };
};

/** GitLab's REST API, read only. https://docs.gitlab.com/api/project_level_variables/ https://docs.gitlab.com/api/protected_environments/ */
export const restSettings = (manager: ManagerSource): GitlabSettings => {
  const run = asManager(manager);
  const namesOf = async (project: number, what: string): Promise<string[]> => {
    const about = `the ${what.replace('_', ' ')} of project ${project}`;
    const { all } = await everyPage(run, { path: `/api/v4/projects/${project}/${what}`, about });
    return all.flatMap((page) => read(page, named, about)).map(({ name }) => name);
  };
  return {
    token: async (value) => ownToken((await manager()).url, value),
    variables: async (project) => {
      const about = `the CI variables of project ${project}`;
      const { all } = await everyPage(run, { path: `/api/v4/projects/${project}/variables`, about });
      return all.flatMap((page) => read(page, keyed, about)).map(({ key }) => key);
    },
    protectedEnvironments: async (project) => {
      const about = `the protected environments of project ${project}`;
      const path = `/api/v4/projects/${project}/protected_environments`;
      // Premium and Ultimate have them; for the others there is no such page.
      const { status } = await run({ method: 'GET', path: `${path}?per_page=1`, about, expected: [404] });
      return status === 404 ? [] : namesOf(project, 'protected_environments');
    },
    protectedBranches: (project) => namesOf(project, 'protected_branches'),
    protectedTags: (project) => namesOf(project, 'protected_tags'),
  };
};
