import { randomBytes } from 'node:crypto';
import type { ProjectTargets } from '../../../lib/ports/targets.ts';
import type { ManagerCredentials } from '../../../lib/ports/vault.ts';
import { addAccessToken, dateIn, roles } from '../../../local/gitlab/access-tokens.ts';
import { addHook } from '../../../local/gitlab/api/hooks.ts';
import { addDeployToken } from '../../../local/gitlab/deploy-tokens.ts';
import { groupOf } from '../../../local/gitlab/groups.ts';
import { addProject } from '../../../local/gitlab/projects.ts';
import type { GitlabWorld } from '../../../local/gitlab/world.ts';
import type { MemorySecrets } from '../memory-secret-versions.ts';
import { jobTarget, target } from '../samples.ts';
import { gitlabUrl } from './gitlab-in-process.ts';
import { secretNames } from './rotation-world.ts';

/** What a rotation finds: what is in the secret, and in GitLab. */
export interface Ground {
  gitlab: GitlabWorld;
  secrets: MemorySecrets;
  hookUrl: string;
  /** how many of the projects have targets */
  reach: 1 | 2 | 3;
}

const [web, api, site] = [4711, 4712, 4713];

/** Projects with targets, and their paths. */
export const projects: readonly (ProjectTargets & { path: string })[] = [
  { project: web, path: 'acme/web', targets: [target()], broken: [] },
  { project: api, path: 'acme/api', targets: [jobTarget({ project: api, name: 'api' })], broken: [] },
  { project: site, path: 'other/site', targets: [target({ project: site, name: 'site' })], broken: [] },
];

/** With what hooks are set and tokens made; without a manager gitlab_token stands in. */
export const managerOf =
  (there: boolean) =>
  ({ gitlab, secrets }: Pick<Ground, 'gitlab' | 'secrets'>): ManagerCredentials => {
    const token = there ? gitlab.instance.token : secrets.valueOf(secretNames.gitlab, 'AWSCURRENT')?.['gitlab_token'];
    return { url: gitlabUrl, token: String(token), manager: there, project: web };
  };

const plain = (): string => randomBytes(32).toString('hex');
const signing = (): string => `whsec_${randomBytes(32).toString('base64')}`;

const withProjects = ({ gitlab, reach }: Ground): void => {
  for (const { project: id, path } of projects.slice(0, reach)) addProject(gitlab, { id, path });
};

/** A person has filled the secret and made the hooks, as set-up says. */
export const hooksByHand =
  (version: string, signed?: 'signed') =>
  (ground: Ground): void => {
    const { gitlab, secrets, hookUrl } = ground;
    gitlab.instance.version = version;
    withProjects(ground);
    const tokens = { token: plain(), ...(signed === undefined ? {} : { signing_token: signing() }) };
    const { token: webhook_token, signing_token: webhook_signing_token } = tokens;
    const kept = { registry_token: plain() };
    const document = { webhook_token, ...(signed === undefined ? {} : { webhook_signing_token }), ...kept };
    secrets.add(secretNames.hook, document);
    const fields = { url: hookUrl, push_events: false, pipeline_events: true, job_events: true, ...tokens };
    for (const project of gitlab.projects.values()) addHook(gitlab, project, fields);
  };

/** A manager who belongs to the group acme, and so sees nothing of the third project. */
export const managerOfGroup = ({ gitlab }: Pick<Ground, 'gitlab'>): ManagerCredentials => {
  const own = gitlab.accessTokens.find(({ name }) => name === managersName);
  if (own === undefined) throw new Error('the manager has no token yet');
  return { url: gitlabUrl, token: own.value, manager: true, project: web };
};

const managersName = 'of the manager of acme';

/** Gives them their token, beside what is prepared. */
export const withManagerOfGroup =
  (prepare: (ground: Ground) => void) =>
  (ground: Ground): void => {
    prepare(ground);
    const { gitlab } = ground;
    const owner = { type: 'group' as const, ...(groupOf(gitlab, 'acme') ?? { id: 0, path: '' }) };
    const expiresAt = dateIn(gitlab, 300);
    addAccessToken(gitlab, { name: managersName, owner, scopes: ['api'], accessLevel: roles.maintainer, expiresAt });
  };

/** Nobody has done anything but add targets. */
export const nothingByHand = (ground: Ground): void => {
  withProjects(ground);
  ground.secrets.add(secretNames.hook, {});
};

interface ByHand {
  owner: 'project' | 'group';
  /** registry_username and registry_password are a deploy token's */
  deployToken?: true;
  scopes: readonly string[];
  /** gitlab_token is to replace itself */
  self?: true;
}

/** A person has made gitlab_token, and a deploy token where there is one. */
export const tokensByHand =
  ({ owner: kind, deployToken, scopes, self }: ByHand) =>
  (ground: Ground): void => {
    withProjects(ground);
    const { gitlab, secrets } = ground;
    const group = { type: 'group' as const, ...(groupOf(gitlab, 'acme') ?? { id: 0, path: '' }) };
    const owner = kind === 'group' ? group : { type: 'project' as const, id: web, path: 'acme/web' };
    const seed = { name: 'by hand', owner, scopes, accessLevel: roles.reporter, expiresAt: dateIn(gitlab, 300) };
    const { value: gitlab_token } = addAccessToken(gitlab, seed);
    const deploy = { owner, name: 'pull, by hand', scopes: ['read_registry'] };
    const { username, value } = deployToken === undefined ? {} : addDeployToken(gitlab, deploy);
    secrets.add(secretNames.gitlab, {
      gitlab_url: gitlabUrl,
      gitlab_token,
      ...(kind === 'group' ? { gitlab_group_id: String(group.id) } : { gitlab_project_id: String(web) }),
      ...(self === undefined ? {} : { rotate_gitlab_token: 'self' }),
      ...(value === undefined ? {} : { registry_username: username, registry_password: value }),
    });
  };

/** The token in use is the group's, and new ones are to be the first project's alone. */
export const tokenOfOneProject = (ground: Ground): void => {
  tokensByHand({ owner: 'group', scopes: ['read_api', 'read_registry'] })(ground);
  const { secrets } = ground;
  const { gitlab_group_id: group, ...rest } = secrets.valueOf(secretNames.gitlab, 'AWSCURRENT') ?? {};
  if (group === undefined) throw new Error('it is no token of a group');
  secrets.edit(secretNames.gitlab, { ...rest, gitlab_project_id: String(web) });
};
