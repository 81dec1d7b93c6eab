import { newVersion, type BaseVersion } from '../domain/gitlab-version.ts';
import type { GitlabToken, TokenOwner, TokenWish } from '../domain/gitlab-token.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import { expiryOf } from '../domain/token-expiry.ts';
import { tokenName } from '../domain/token-names.ts';
import { deployTokenOf, roleFor, scopesOf } from '../domain/token-wish.ts';
import type { Clock } from '../ports/clock.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { Targets } from '../ports/targets.ts';
import { isDeployTokenDead } from './prove-tokens.ts';

export interface MakeTokensPorts {
  tokens: Pick<GitlabTokens, 'create' | 'logsIn'>;
  targets: Pick<Targets, 'all'>;
  clock: Clock;
  stage: string;
  /** the secret's name */
  secretName: string;
  rotationDays: number;
}

export interface MakeTokensInput {
  owner: TokenOwner;
  /** the version that is to come */
  version: string;
  base: BaseVersion;
  /** GitLab's clock: it is GitLab that judges an expiry date */
  at: Date;
  /** the owner's deploy tokens */
  deploy: readonly GitlabToken[];
}

/** `not ours`: registry_username is no deploy token of the owner, so registry_password is left alone. */
export type RegistryPair = 'none' | 'replaced' | 'not ours';

const pairOf = async (
  ports: MakeTokensPorts,
  { base: { document }, deploy }: MakeTokensInput,
): Promise<RegistryPair> => {
  if (document.registry_username === undefined) return 'none';
  const isOurs = deployTokenOf(document, deploy) !== undefined || (await isDeployTokenDead(ports, document));
  return isOurs ? 'replaced' : 'not ours';
};

/**
 * Makes the new version's gitlab_token, and the deploy token where registry_password is one of the owner's. What was made
 * when a later call fails is known by its name, and revoked as an orphan. Raises what its ports raise.
 */
export const makeTokens =
  (ports: MakeTokensPorts) =>
  async (input: MakeTokensInput): Promise<{ document: GitlabDocument; registry: RegistryPair }> => {
    const { owner, version, base, at } = input;
    const projects = await ports.targets.all();
    const wish = { name: tokenName(ports, version), expiresAt: expiryOf(at, ports.rotationDays) };
    const all = projects.flatMap(({ targets }) => targets);
    const accessWish: TokenWish = { ...wish, scopes: scopesOf(base.document, all), accessLevel: roleFor(all) };
    const access = await ports.tokens.create('access', owner, accessWish);
    const registry = await pairOf(ports, input);
    const made = { base, access };
    if (registry !== 'replaced') return { document: newVersion({ ...made, madeAt: ports.clock() }), registry };
    const deploy = await ports.tokens.create('deploy', owner, { ...wish, scopes: ['read_registry'] });
    return { document: newVersion({ ...made, deploy, madeAt: ports.clock() }), registry };
  };
