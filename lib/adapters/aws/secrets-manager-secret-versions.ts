import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { GitlabDocument, HookDocument } from '../../domain/rotation-documents.ts';
import type { SecretVersions } from '../../ports/secret-versions.ts';
import { awsCall, awsCallIfThere, isAwsError } from './aws-call.ts';
import { secretVersion } from './secret-value.ts';

/**
 * ms, all tries together. A door that read the secret just before a value came keeps what it read for 60 s. So a value that is
 * there 2.5 s after its `made_at`, or never, is known to every door 65 s after it, and 2.5 s are left for clocks that differ.
 */
const fillLimit = 2_500;

const text = z.string().check(z.minLength(1));
const made = { made_at: z.exactOptional(text), base_version: z.exactOptional(text) };

// The first version may be empty: the first rotation fills it.
const hookSchema = z.looseObject({
  ...made,
  webhook_token: z.exactOptional(text),
  webhook_signing_token: z.exactOptional(text),
});

const gitlabSchema = z.looseObject({
  ...made,
  gitlab_url: text,
  gitlab_token: text,
  gitlab_project_id: z.exactOptional(text),
  gitlab_group_id: z.exactOptional(text),
  gitlab_token_id: z.exactOptional(z.number()),
  rotate_gitlab_token: z.exactOptional(z.literal('self')),
  registry_username: z.exactOptional(text),
  registry_password: z.exactOptional(text),
  registry_token_id: z.exactOptional(z.number()),
});

const versionsOf = <Schema extends z.ZodMiniType>(
  client: SecretsManagerClient,
  schema: Schema,
): SecretVersions<z.output<Schema>> => {
  const moveLabel = (input: Omit<UpdateSecretVersionStageCommand['input'], 'VersionStage'>, VersionStage: string) =>
    client.send(new UpdateSecretVersionStageCommand({ ...input, VersionStage }));
  return {
    describe: async (SecretId) => {
      const answer = await awsCall('DescribeSecret', () => client.send(new DescribeSecretCommand({ SecretId })));
      return { rotationEnabled: answer.RotationEnabled ?? false, labels: answer.VersionIdsToStages ?? {} };
    },
    value: async (id, version) => secretVersion(client, { id, version }, schema),
    fill: async (SecretId, ClientRequestToken, document) => {
      const SecretString = JSON.stringify(document);
      const VersionStages = ['AWSPENDING'];
      const command = new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages });
      const put = () => client.send(command, { abortSignal: AbortSignal.timeout(fillLimit) });
      // The same value once more, as the SDK's next try brings it, is no error.
      try {
        await awsCall('PutSecretValue', put, ['ResourceExistsException']);
        return 'filled';
      } catch (error) {
        if (isAwsError(error, 'ResourceExistsException')) return 'taken';
        throw error;
      }
    },
    promote: async (SecretId, MoveToVersionId, RemoveFromVersionId) => {
      const input = { SecretId, MoveToVersionId, RemoveFromVersionId };
      await awsCall('UpdateSecretVersionStage', () => moveLabel(input, 'AWSCURRENT'));
    },
    takeOff: async (SecretId, RemoveFromVersionId) => {
      // InvalidParameterException: the label is not on this version; ResourceNotFoundException: nor is there such a version any more.
      const off = ['InvalidParameterException', 'ResourceNotFoundException'];
      const take = () => moveLabel({ SecretId, RemoveFromVersionId }, 'AWSPENDING');
      await awsCallIfThere('UpdateSecretVersionStage', take, off);
    },
  };
};

/** The hook secret's versions. `secret` is its name or ARN. */
export const hookVersions = (client: SecretsManagerClient): SecretVersions<HookDocument> =>
  versionsOf(client, hookSchema);

/** The GitLab secret's versions. `secret` is its name or ARN. */
export const gitlabVersions = (client: SecretsManagerClient): SecretVersions<GitlabDocument> =>
  versionsOf(client, gitlabSchema);
