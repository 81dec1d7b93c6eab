import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerHookSecrets } from '../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { hookVersions } from '../../lib/adapters/aws/secrets-manager-secret-versions.ts';
import { pendingVersion } from '../../lib/domain/pending-version.ts';
import type { HookValues } from '../../lib/domain/project-hook.ts';
import { versionLabelled } from '../../lib/domain/rotation.ts';

/**
 * The tokens that hooks carry, AWSCURRENT's. Not while a rotation is under way: a hook that got them now would be refused once it
 * has ended. Raises Misconfigured, AwsUnavailable, AwsRefused.
 */
export const hookTokens = async (client: SecretsManagerClient, secret: string): Promise<Omit<HookValues, 'url'>> => {
  const description = await hookVersions(client).describe(secret);
  if (pendingVersion(description) !== undefined)
    throw new Error(
      `a rotation of ${secret} is under way: see it to its end with drawbridge rotate, which sets the hooks`,
    );
  if (versionLabelled(description, 'AWSCURRENT') === undefined)
    throw new Error(`${secret} has no value yet: drawbridge rotate makes it, and the hooks`);
  const [current] = await secretsManagerHookSecrets(client, secret).hookSecrets();
  if (current === undefined) throw new Error(`${secret} has no version in use`);
  const { webhookToken: token, webhookSigningToken: signingToken } = current;
  return { token, ...(signingToken === undefined ? {} : { signingToken }) };
};
