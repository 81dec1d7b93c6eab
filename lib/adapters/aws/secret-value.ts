import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { DeployFailure } from '../../domain/failure.ts';
import { awsCallIfThere } from './aws-call.ts';

/** Names secret and key, never a value. */
const unusable = (secret: string, why: string) => new DeployFailure('Misconfigured', `secret ${secret}: ${why}`);

const parse = <T extends z.ZodMiniType>(secret: string, schema: T, text: string): z.output<T> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw unusable(secret, 'it is not JSON');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const keys = [...new Set(result.error.issues.map(({ path }) => String(path[0] ?? 'the whole')))];
  throw unusable(secret, `${keys.join(', ')} missing, empty, too short or of the wrong form`);
};

// Also for a version without a value: AWS puts the AWSPENDING label on it before it has one. The local AWS answers then,
// without a SecretString.
const notThere = ['ResourceNotFoundException'];

/** One version of a secret (`id`: its name or ARN), by its label or by its own id. */
type Which = { id: string; stage: 'AWSCURRENT' | 'AWSPENDING' } | { id: string; version: string };

/** One version of a JSON secret; undefined when there is no such version or it has no value. Raises Misconfigured. */
export const secretVersion = async <T extends z.ZodMiniType>(
  client: SecretsManagerClient,
  which: Which,
  schema: T,
): Promise<z.output<T> | undefined> => {
  const version = 'stage' in which ? { VersionStage: which.stage } : { VersionId: which.version };
  const command = new GetSecretValueCommand({ SecretId: which.id, ...version });
  const answer = await awsCallIfThere('GetSecretValue', () => client.send(command), notThere);
  return answer?.SecretString === undefined ? undefined : parse(which.id, schema, answer.SecretString);
};

/** The version in use, which there must be. */
export const currentSecret = async <T extends z.ZodMiniType>(
  client: SecretsManagerClient,
  id: string,
  schema: T,
): Promise<z.output<T>> => {
  const value = await secretVersion(client, { id, stage: 'AWSCURRENT' }, schema);
  if (value === undefined) throw unusable(id, 'it has no value yet');
  return value;
};
