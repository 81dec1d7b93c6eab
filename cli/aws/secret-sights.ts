import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsCallIfThere } from '../../lib/adapters/aws/aws-call.ts';
import { secretsManagerHookSecrets } from '../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { gitlabVersions } from '../../lib/adapters/aws/secrets-manager-secret-versions.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { versionLabelled } from '../../lib/domain/rotation.ts';
import type { SecretSight, SecretsSight } from '../doctor/secrets.ts';
import type { ExaminedStage } from './examined-stage.ts';

/** Why the value of this secret cannot be used, as its reader says it; what it says of another secret is told there. */
const problemOf = async (name: string, read: () => Promise<unknown>): Promise<string | undefined> => {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (!(error instanceof DeployFailure) || error.name !== 'Misconfigured') throw error;
    return error.because.startsWith(`secret ${name}:`) ? error.because : undefined;
  }
};

const sightOf = async (
  client: SecretsManagerClient,
  name: string,
  read: () => Promise<unknown>,
): Promise<SecretSight> => {
  const command = new DescribeSecretCommand({ SecretId: name });
  const answer = await awsCallIfThere('DescribeSecret', () => client.send(command), ['ResourceNotFoundException']);
  const { RotationEnabled: rotationEnabled = false, VersionIdsToStages: labels = {} } = answer ?? {};
  const filled = versionLabelled({ rotationEnabled, labels }, 'AWSCURRENT') !== undefined;
  const problem = filled ? await problemOf(name, read) : undefined;
  return { name, filled, rotationEnabled, ...(problem === undefined ? {} : { problem }) };
};

/** Whether gitlab_token replaces itself. A value that cannot be read says nothing. */
const rotatesItself = async (client: SecretsManagerClient, secret: string): Promise<boolean> => {
  const versions = gitlabVersions(client);
  const current = versionLabelled(await versions.describe(secret), 'AWSCURRENT');
  if (current === undefined) return false;
  const document = await versions.value(secret, current).catch(() => undefined);
  return document?.rotate_gitlab_token === 'self';
};

/** The stage's three secrets, without their values. Raises AwsUnavailable, AwsRefused. */
export const secretSights = async ({ secrets, stack, credentials, manager }: ExaminedStage): Promise<SecretsSight> => {
  const { hookSecret, gitlabSecret, managerSecret } = stack;
  const readHook = () => secretsManagerHookSecrets(secrets, hookSecret).hookSecrets();
  const gitlab = await sightOf(secrets, gitlabSecret, () => credentials());
  return {
    hook: await sightOf(secrets, hookSecret, readHook),
    gitlab,
    manager: await sightOf(secrets, managerSecret, () => manager()),
    rotatesItself: gitlab.filled && (await rotatesItself(secrets, gitlabSecret)),
  };
};
