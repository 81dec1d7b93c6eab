import { CreateSecretCommand, PutSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomBytes } from 'node:crypto';
import { stage } from '../deploy.ts';
import type { Gitlab } from '../gitlab/server.ts';
import { seedNames } from '../seed-names.ts';

/** The names of the secrets that are rotated. */
export const rotatedSecrets = { hook: `drawbridge/${stage}/hook`, gitlab: seedNames.gitlabSecret } as const;

const fill = (secrets: SecretsManagerClient, SecretId: string, value: object): Promise<unknown> =>
  secrets.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify(value) }));

/** The seed's secret, which the platform makes and the stack only reads. */
export const createGitlabSecret = async (secrets: SecretsManagerClient, gitlab: Gitlab): Promise<void> => {
  const gitlabFields = { gitlab_url: gitlab.url, gitlab_token: gitlab.token, gitlab_project_id: '4711' };
  const value = { ...gitlabFields, registry_host: gitlab.registryHost };
  await secrets.send(new CreateSecretCommand({ Name: seedNames.gitlabSecret, SecretString: JSON.stringify(value) }));
};

/** What the doors let pass: random, anew for each rehearsal. */
export const fillHookSecret = async (secrets: SecretsManagerClient) => {
  const [webhookToken, registryToken] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  await fill(secrets, rotatedSecrets.hook, { webhook_token: webhookToken, registry_token: registryToken });
  return { webhookToken, registryToken };
};

/** With what hooks are set and tokens made: an owner's own token, for a group's tokens are made by no maintainer. */
export const fillManagerSecret = async (secrets: SecretsManagerClient, gitlab: Gitlab) => {
  const { token: managerToken } = await gitlab.control.createAccessToken({ name: 'manager', accessLevel: 50 });
  await fill(secrets, `drawbridge/${stage}/manager`, { gitlab_manager_token: managerToken });
  return { managerToken };
};
