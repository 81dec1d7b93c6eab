import { selfRotateLimit } from '../../domain/self-rotation.ts';
import type { NewToken, TokenKind, TokenOwner } from '../../domain/gitlab-token.ts';
import type { GitlabTokens } from '../../ports/gitlab-tokens.ts';
import type { ManagerSource } from '../../ports/vault.ts';
import {
  answeredAt,
  asCaller,
  asManager,
  everyPage,
  read,
  refused,
  tokenHeaders,
  type Errand,
  type Run,
} from './managing-call.ts';
import { accessTokens, deployTokens, lastAllowedDay, madeToken, oneToken } from './token-answers.ts';

const ownPath = '/api/v4/personal_access_tokens/self';

const pathOf = (kind: TokenKind, { kind: owner, id }: TokenOwner): string => `/api/v4/${owner}s/${id}/${kind}_tokens`;

const tokensOf = (kind: TokenKind, { kind: owner, id }: TokenOwner): string => `${kind} tokens of ${owner} ${id}`;

const filters = { access: 'state=active', deploy: 'active=true' };

/**
 * Has GitLab make a token that ends then, or on the last day that GitLab allows when that is earlier: such a refusal is known to
 * have made, and revoked, nothing.
 */
const make = async (run: Run, errand: Errand, expiresAt: string): Promise<NewToken> => {
  const { about, body = {} } = errand;
  const reply = await run({ ...errand, body: { ...body, expires_at: expiresAt }, expected: [400] });
  if (reply.status !== 400) return read(reply, madeToken, about);
  const last = lastAllowedDay(reply.body);
  if (last === undefined || last >= expiresAt) throw refused(about, reply.status);
  return read(await run({ ...errand, body: { ...body, expires_at: last } }), madeToken, about);
};

/** What the manager does. */
const managed = (run: Run): Pick<GitlabTokens, 'list' | 'create' | 'revoke'> => ({
  list: async (kind, owner) => {
    const about = tokensOf(kind, owner);
    const { first, all } = await everyPage(run, { path: `${pathOf(kind, owner)}?${filters[kind]}`, about });
    const shape = kind === 'access' ? accessTokens : deployTokens;
    const tokens = all.flatMap((page) => read(page, shape, about)).filter(({ active }) => active);
    // The first page's time: by it a token looks younger than it is, never older.
    return { at: answeredAt(first, about), tokens };
  },
  create: async (kind, owner, { name, scopes, expiresAt, accessLevel }) => {
    const about = `token ${name}, to be made among the ${tokensOf(kind, owner)}`;
    const fields = { name, scopes, ...(accessLevel === undefined ? {} : { access_level: accessLevel }) };
    return make(run, { method: 'POST', path: pathOf(kind, owner), about, body: fields }, expiresAt);
  },
  revoke: async (kind, owner, id) => {
    const about = `token ${id} of the ${tokensOf(kind, owner)}`;
    await run({ method: 'DELETE', path: `${pathOf(kind, owner)}/${id}`, about, expected: [404] });
  },
});

/**
 * GitLab's REST API of access tokens and deploy tokens, and its registry's login.
 * https://docs.gitlab.com/api/personal_access_tokens/ https://docs.gitlab.com/api/project_access_tokens/
 * https://docs.gitlab.com/api/deploy_tokens/
 */
export const gitlabTokens = (manager: ManagerSource): GitlabTokens => {
  const as = async (name: string, headers: Record<string, string>): Promise<Run> =>
    asCaller({ url: (await manager()).url, name, headers });
  const asToken = (value: string): Promise<Run> => as('the access token itself', tokenHeaders(value));

  return {
    ...managed(asManager(manager)),
    self: async (value) => {
      const about = "an access token's own data";
      const reply = await (await asToken(value))({ method: 'GET', path: ownPath, about, expected: [401] });
      return reply.status === 401 ? undefined : read(reply, oneToken, about);
    },
    sees: async (value, project) => {
      const errand = { method: 'GET', path: `/api/v4/projects/${project}`, about: `project ${project}` } as const;
      const { status } = await (await asToken(value))({ ...errand, expected: [403, 404] });
      return status === 200;
    },
    logsIn: async (username, password) => {
      const basic = Buffer.from(`${username}:${password}`).toString('base64');
      const run = await as('registry_password', { authorization: `Basic ${basic}` });
      const path = '/jwt/auth?service=container_registry';
      const { status } = await run({ method: 'GET', path, about: "the registry's login", expected: [401, 403] });
      return status === 200;
    },
    rotateSelf: async (value, expiresAt) => {
      const about = "an access token's replacement by itself";
      // The date may have to be asked for twice, and both are to be over within the limit that others wait for.
      const errand = { method: 'POST', path: `${ownPath}/rotate`, about, limit: selfRotateLimit / 2 } as const;
      return make(await asToken(value), errand, expiresAt);
    },
  };
};
