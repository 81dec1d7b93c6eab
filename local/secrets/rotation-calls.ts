import { GetPolicyCommand, InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { versionLabelled, type RotationStep } from '../../lib/domain/rotation.ts';

/** What Secrets Manager does by itself in a rotation, each a call of the local AWS as its administrator. */

export interface RotationClients {
  secrets: SecretsManagerClient;
  lambda: LambdaClient;
}

export interface DescribedSecret {
  arn: string;
  name: string;
  labels: Record<string, string[]>;
}

/** Secrets Manager says no: `name` is AWS's own. */
export class RotationRefusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export const describedSecret = async ({ secrets }: RotationClients, SecretId: string): Promise<DescribedSecret> => {
  const { ARN = '', Name = '', VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return { arn: ARN, name: Name, labels: VersionIdsToStages };
};

export const labelledIn = ({ labels }: DescribedSecret, label: 'AWSCURRENT' | 'AWSPENDING'): string | undefined =>
  versionLabelled({ rotationEnabled: true, labels }, label);

/** Takes AWSPENDING off a version, if it is still on it. */
export const takeOffPending = async (clients: RotationClients, arn: string, version: string): Promise<void> => {
  if (labelledIn(await describedSecret(clients, arn), 'AWSPENDING') !== version) return;
  const moved = { SecretId: arn, VersionStage: 'AWSPENDING', RemoveFromVersionId: version };
  await clients.secrets.send(new UpdateSecretVersionStageCommand(moved));
};

/** Puts AWSPENDING on a version that has no value yet; until then it was beside AWSCURRENT, if anywhere. */
export const labelPending = async (
  clients: RotationClients,
  secret: DescribedSecret,
  version: string,
): Promise<void> => {
  const before = labelledIn(secret, 'AWSPENDING');
  // MiniStack 1.5.33 would leave the label on both.
  if (before !== undefined) await takeOffPending(clients, secret.arn, before);
  const empty = { SecretId: secret.arn, ClientRequestToken: version, VersionStages: ['AWSPENDING'] };
  await clients.secrets.send(new PutSecretValueCommand(empty));
};

/** Raises what AWS does when the function's policy does not let Secrets Manager call it. */
export const checkPermission = async ({ lambda }: RotationClients, FunctionName: string): Promise<void> => {
  const { Policy = '' } = await lambda.send(new GetPolicyCommand({ FunctionName })).catch(() => ({ Policy: '' }));
  if (Policy.includes('secretsmanager.amazonaws.com')) return;
  const why = `Secrets Manager cannot invoke the specified Lambda function ${FunctionName}.`;
  throw new RotationRefusal('AccessDeniedException', why);
};

export interface Invocation {
  /** the secret's ARN, and its Lambda's */
  arn: string;
  lambdaArn: string;
  version: string;
  step: RotationStep;
}

/** Calls the Lambda once; answers the name of its error, if it ended in one. */
export const invokeStep = async (
  { lambda }: RotationClients,
  { arn, lambdaArn, version, step }: Invocation,
): Promise<string | undefined> => {
  const event = { SecretId: arn, ClientRequestToken: version, Step: step };
  const command = new InvokeCommand({ FunctionName: lambdaArn, Payload: JSON.stringify(event) });
  const { FunctionError, Payload } = await lambda.send(command);
  if (FunctionError === undefined) return undefined;
  const { errorType } = JSON.parse(Payload?.transformToString() ?? '{}') as { errorType?: string };
  return errorType ?? FunctionError;
};
