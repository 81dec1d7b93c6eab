import { isActive, reaches } from '../../../local/gitlab/access-tokens.ts';
import { isDeployTokenExpired } from '../../../local/gitlab/deploy-tokens.ts';
import type { GitlabWorld } from '../../../local/gitlab/world.ts';
import type { MemorySecrets } from '../memory-secret-versions.ts';

export interface TokenWorld {
  gitlab: GitlabWorld;
  secrets: MemorySecrets;
  secret: string;
  /** paths of the projects with targets */
  paths: readonly string[];
}

/** Whether the API can be read with it, in all projects. */
const opensApi = ({ gitlab, paths }: TokenWorld, value: unknown): boolean => {
  const token = gitlab.accessTokens.find((one) => one.value === value);
  if (token === undefined || !isActive(gitlab, token)) return false;
  return paths.every((path) => reaches(token, path)) && token.scopes.some((scope) => /^(read_)?api$/.test(scope));
};

const opensRegistry = (world: TokenWorld, document: Record<string, unknown>): boolean => {
  const { gitlab } = world;
  const { registry_username: username, registry_password: password } = document;
  if (password === undefined) {
    const own = gitlab.accessTokens.find(({ value }) => value === document['gitlab_token']);
    return (
      own !== undefined && isActive(gitlab, own) && own.scopes.some((scope) => /^(api|read_registry)$/.test(scope))
    );
  }
  const found = gitlab.deployTokens.find((one) => one.username === username && one.value === password);
  return found !== undefined && !isDeployTokenExpired(gitlab, found);
};

/** What readers cannot do now: they show AWSCURRENT's credentials and, when these are refused, AWSPENDING's. */
export const lockOuts = (world: TokenWorld): string[] => {
  const versions = (['AWSCURRENT', 'AWSPENDING'] as const)
    .map((label) => world.secrets.valueOf(world.secret, label))
    .filter((document) => document !== undefined);
  return [
    ...(versions.some((document) => opensApi(world, document['gitlab_token'])) ? [] : ['locked out of the API']),
    ...(versions.some((document) => opensRegistry(world, document)) ? [] : ['locked out of the registry']),
  ];
};

/** The tokens that are alive, in number. */
export interface TokensLeft {
  /** made by Drawbridge, by their names */
  access: number;
  deploy: number;
  /** made by a person, or by self/rotate of one that was */
  byHand: number;
}

const isOurs = ({ name }: { name: string }): boolean => name.startsWith('drawbridge/');

export const tokensLeft = (gitlab: GitlabWorld): TokensLeft => {
  const access = gitlab.accessTokens.filter((token) => isActive(gitlab, token) && token.owner.type !== 'person');
  const deploy = gitlab.deployTokens.filter((token) => !isDeployTokenExpired(gitlab, token));
  return {
    access: access.filter(isOurs).length,
    deploy: deploy.filter(isOurs).length,
    byHand: access.filter((token) => !isOurs(token)).length,
  };
};
