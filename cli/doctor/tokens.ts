import { daysUntil, fewDays } from '../../lib/domain/token-expiry.ts';
import type { SeenToken } from '../gitlab-settings.ts';
import { ours, warning, when, wrong, type Finding, type Place } from './finding.ts';

/** What GitLab says of the tokens. */
export interface TokensSight {
  /** undefined: dead */
  gitlab: SeenToken | undefined;
  /** 'none': there is no manager's token */
  manager: SeenToken | 'none' | undefined;
  secrets: { gitlab: string; manager: string };
  /** whether the registry's login takes what is shown to it; undefined: no target copies from there */
  registryLogin: boolean | undefined;
  /** whether gitlab_token is what is shown to the registry */
  forRegistry: boolean;
}

const has = ({ scopes }: SeenToken, ...any: string[]): boolean => any.some((scope) => scopes.includes(scope));

const daysOf = ({ expiresAt, at }: SeenToken): number =>
  expiresAt === undefined ? Infinity : daysUntil(expiresAt, at);

const put = (secret: string, file: string): string =>
  `aws secretsmanager put-secret-value --secret-id ${secret} --secret-string file://${file}`;

const managerFindings = ({ manager, secrets }: TokensSight): Finding[] => {
  if (manager === 'none') return [];
  const renew = `make a new one in GitLab, then: ${put(secrets.manager, 'manager.json')}`;
  if (manager === undefined) return [wrong('gitlab_manager_token is dead: GitLab answers 401', renew)];
  const days = daysOf(manager);
  return [
    ...when(!has(manager, 'api'), wrong('gitlab_manager_token lacks the scope api', renew)),
    ...when(days <= fewDays, warning(`gitlab_manager_token ends in ${days} days, and only a person renews it`, renew)),
  ];
};

const gitlabFindings = (sight: TokensSight, place: Place): Finding[] => {
  const { gitlab, manager, secrets, forRegistry, registryLogin } = sight;
  const byHand = `make a new one in GitLab, then: ${put(secrets.gitlab, 'gitlab.json')}`;
  const managed = manager !== 'none' && manager !== undefined;
  const renew = managed ? ours('rotate', place) : byHand;
  if (gitlab === undefined) return [wrong('gitlab_token is dead: GitLab answers 401', renew)];
  const days = daysOf(gitlab);
  return [
    ...when(!has(gitlab, 'api', 'read_api'), wrong('gitlab_token lacks the scope read_api', byHand)),
    ...when(
      forRegistry && registryLogin !== undefined && !has(gitlab, 'api', 'read_registry'),
      wrong('gitlab_token lacks the scope read_registry, and there is no registry_password', byHand),
    ),
    ...when(days <= fewDays, warning(`gitlab_token ends in ${days} days`, renew)),
  ];
};

/** What is wrong with what is shown to GitLab. */
export const judgeTokens = (sight: TokensSight, place: Place): Finding[] => {
  const { registryLogin, forRegistry, secrets } = sight;
  const key = forRegistry ? 'gitlab_token' : 'registry_password';
  const make = `put a deploy token with read_registry there as registry_username and registry_password: ${put(secrets.gitlab, 'gitlab.json')}`;
  return [
    ...managerFindings(sight),
    ...gitlabFindings(sight, place),
    ...when(registryLogin === false, wrong(`GitLab's registry refuses ${key}: no image can be copied`, make)),
  ];
};
