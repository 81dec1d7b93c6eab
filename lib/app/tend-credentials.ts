import { versionLabelled } from '../domain/rotation.ts';
import type { GitlabDocument } from '../domain/rotation-documents.ts';
import { isRotationDue } from '../domain/rotation-due.ts';
import { daysUntil } from '../domain/token-expiry.ts';
import { deployTokenOf } from '../domain/token-wish.ts';
import type { GitlabTokens } from '../ports/gitlab-tokens.ts';
import type { RotationStart } from '../ports/rotation-start.ts';
import type { ManagerCredentials } from '../ports/vault.ts';
import { inParts, type Parts } from './in-parts.ts';
import { isDeployTokenDead } from './prove-tokens.ts';
import { revokeLeftovers, type LeftoverPorts } from './revoke-leftovers.ts';
import { tokenOwner } from './token-owner.ts';

/** By the key that holds it in its secret. */
export type Credential = 'gitlab_token' | 'registry_password' | 'gitlab_manager_token';

export interface TendPorts extends LeftoverPorts {
  tokens: Pick<GitlabTokens, 'self' | 'list' | 'revoke' | 'logsIn'>;
  manager: () => Promise<ManagerCredentials>;
  start: RotationStart;
  /** the GitLab secret's name or ARN */
  secret: string;
  /** Told of each credential as soon as its days are known: a failure that follows must not hide them. */
  showDaysLeft: (credential: Credential, days: number) => void;
}

export interface Tended {
  revoked: number;
  /** tokens of AWSPREVIOUS that live and that only a person may revoke */
  foreign: number;
  /** a rotation was begun */
  started: boolean;
  /** whole days; without a credential that never ends or is not there */
  daysLeft: Partial<Record<Credential, number>>;
}

interface Look {
  document: GitlabDocument;
  manager: ManagerCredentials;
}

const documentInUse = async ({ versions, secret }: TendPorts): Promise<GitlabDocument | undefined> => {
  const version = versionLabelled(await versions.describe(secret), 'AWSCURRENT');
  return version === undefined ? undefined : versions.value(secret, version);
};

const accessDays = async ({ tokens, clock }: TendPorts, value: string): Promise<number | undefined> => {
  const own = await tokens.self(value);
  if (own === undefined) return 0;
  return own.expiresAt === undefined ? undefined : daysUntil(own.expiresAt, clock());
};

const deployDays = async (ports: TendPorts, { document, manager }: Look): Promise<number | undefined> => {
  if (!manager.manager || document.registry_username === undefined) return undefined;
  const { at, tokens } = await ports.tokens.list('deploy', tokenOwner(document));
  const own = deployTokenOf(document, tokens);
  if (own === undefined) return (await isDeployTokenDead(ports, document)) ? 0 : undefined;
  return own.expiresAt === undefined ? undefined : daysUntil(own.expiresAt, at);
};

const managerDays = async (ports: TendPorts, { manager }: Look): Promise<number | undefined> =>
  manager.manager ? accessDays(ports, manager.token) : undefined;

const learnDays = async (ports: TendPorts, look: Look, { part }: Parts): Promise<Tended['daysLeft']> => {
  const daysLeft: Tended['daysLeft'] = {};
  const learn = async (credential: Credential, ask: () => Promise<number | undefined>): Promise<void> => {
    const days = await part(ask);
    if (days === undefined) return;
    daysLeft[credential] = days;
    ports.showDaysLeft(credential, days);
  };
  await learn('gitlab_token', async () => accessDays(ports, look.document.gitlab_token));
  await learn('registry_password', async () => deployDays(ports, look));
  await learn('gitlab_manager_token', async () => managerDays(ports, look));
  return daysLeft;
};

/** Journalled before it is begun: one whose answer is lost is not begun again for a day. */
const startWhenDue = async (ports: TendPorts, look: Look, daysLeft: Tended['daysLeft']): Promise<boolean> => {
  const isSelf = look.document.rotate_gitlab_token === 'self';
  if (!isSelf && !look.manager.manager) return false;
  const days = [daysLeft.gitlab_token, isSelf ? undefined : daysLeft.registry_password];
  const description = await ports.versions.describe(ports.secret);
  const record = await ports.journal.read();
  const now = ports.clock();
  if (!isRotationDue({ days, description, startedAt: record.startedAt, now })) return false;
  if (!(await ports.journal.write({ ...record, startedAt: now.toISOString() }))) return false;
  await ports.start(ports.secret);
  return true;
};

const revoke = async (ports: TendPorts, { document, manager }: Look, revokeNow: boolean) =>
  revokeLeftovers(ports)({
    secret: ports.secret,
    owner: manager.manager ? tokenOwner(document) : undefined,
    revokeNow,
  });

/**
 * Hourly: revokes what rotations left, learns how many days each credential has, and begins a rotation when they are few.
 * `revokeNow`: predecessors are revoked without waiting for the overlap. A secret without a value is left alone. What fails keeps
 * nothing else from being done; then the first failure is raised: Misconfigured, or what the ports raise.
 */
export const tendCredentials =
  (ports: TendPorts) =>
  async ({ revokeNow = false }: { revokeNow?: boolean } = {}): Promise<Tended> => {
    const document = await documentInUse(ports);
    if (document === undefined) return { revoked: 0, foreign: 0, started: false, daysLeft: {} };
    const parts = inParts();
    const known = await parts.part(ports.manager);
    // Without the manager's word gitlab_token still has days to show.
    const look = { document, manager: known ?? { url: document.gitlab_url, token: '', manager: false } };
    const daysLeft = await learnDays(ports, look, parts);
    const leftovers = await parts.part(async () => revoke(ports, look, revokeNow));
    const started = await parts.part(async () => startWhenDue(ports, look, daysLeft));
    parts.raise();
    return { revoked: leftovers?.revoked ?? 0, foreign: leftovers?.foreign ?? 0, started: started ?? false, daysLeft };
  };
