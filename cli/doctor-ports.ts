import type { CredentialSource, ManagerSource } from '../lib/ports/vault.ts';
import type { GitlabTokens } from '../lib/ports/gitlab-tokens.ts';
import type { SecretsSight } from './doctor/secrets.ts';
import type { GitlabSettings } from './gitlab-settings.ts';
import type { ViewPorts } from './hooks.ts';
import type { Inventory } from './inventory.ts';
import type { PlanPorts } from './plan-ports.ts';

/** What an examination asks; nothing here writes. */
export interface DoctorPorts extends PlanPorts {
  /** names of the secrets that GitLab's tokens are in */
  names: { gitlab: string; manager: string };
  secrets: () => Promise<SecretsSight>;
  /** whether the hook secret has a signing token; undefined: it could not be read */
  signed: () => Promise<boolean | undefined>;
  credentials: CredentialSource;
  manager: ManagerSource;
  tokens: Pick<GitlabTokens, 'sees' | 'logsIn'>;
  settings: GitlabSettings;
  hooks: ViewPorts['hooks'];
  hookUrl: string;
  /** whether the functions ask AWS's FIPS endpoints */
  fips: boolean;
  inventory: Inventory;
  /** whether GitLab lives by the same time as everybody: the rehearsal's runs faster */
  realTime: boolean;
}
