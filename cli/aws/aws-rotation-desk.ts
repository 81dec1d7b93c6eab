import { CloudWatchLogsClient, paginateFilterLogEvents, type FilteredLogEvent } from '@aws-sdk/client-cloudwatch-logs';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import type { DescribedSecret, LoggedStep, RotationDesk, TendedNow } from '../rotation-desk.ts';
import { deployedStack } from './deployed-stack.ts';

const logged = z.object({
  secretId: z.string(),
  step: z.string(),
  result: z.optional(z.string()),
  failure: z.optional(z.string()),
  because: z.optional(z.string()),
});
const sentence = z.object({ because: z.string() });
const tended = z.object({ revoked: z.number(), foreign: z.number() });

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A failure's message is JSON with its sentence in it. */
const sentenceOf = (message: string): string => {
  const read = sentence.safeParse(parsed(message));
  return read.success ? read.data.because : message;
};

/** Lambda writes lines of its own beside the function's. */
const stepOf = (line: string): LoggedStep[] => {
  const read = logged.safeParse(parsed(line.slice(Math.max(0, line.indexOf('{')))));
  if (!read.success) return [];
  const { secretId, step, result, failure, because } = read.data;
  return [
    {
      secretArn: secretId,
      step,
      ...(result === undefined ? {} : { result }),
      ...(failure === undefined ? {} : { failure, because: sentenceOf(because ?? '') }),
    },
  ];
};

const describe = async (secrets: SecretsManagerClient, SecretId: string): Promise<DescribedSecret> => {
  const answer = await secrets.send(new DescribeSecretCommand({ SecretId }));
  const { ARN = SecretId, RotationEnabled = false, VersionIdsToStages = {} } = answer;
  return { arn: ARN, rotationEnabled: RotationEnabled, labels: VersionIdsToStages };
};

const tendNow = async (lambda: LambdaClient, FunctionName: string): Promise<TendedNow> => {
  const Payload = Buffer.from(JSON.stringify({ revokeNow: true }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
  const read = tended.safeParse(parsed(Buffer.from(answer.Payload ?? []).toString()));
  if (answer.FunctionError === undefined && read.success) return read.data;
  throw new Error(`${FunctionName} failed; its line is in the log group /aws/lambda/${FunctionName}`);
};

/** By the names that the stack gives its functions. */
export const awsRotationDesk = (options: { region?: string }, stage: string): RotationDesk => {
  const [secrets, lambda] = [new SecretsManagerClient(options), new LambdaClient(options)];
  const logs = new CloudWatchLogsClient(options);
  const rotating = `drawbridge-${stage}-rotate-secret`;
  return {
    stack: () => deployedStack(lambda, stage),
    describe: (secret) => describe(secrets, secret),
    fillEmpty: async (SecretId) => {
      await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{}' }));
    },
    start: async (SecretId, setup) => {
      const rules = setup && {
        RotationLambdaARN: setup.functionArn,
        RotationRules: { AutomaticallyAfterDays: setup.days },
      };
      const { VersionId } = await secrets.send(new RotateSecretCommand({ SecretId, ...rules }));
      if (VersionId === undefined) throw new Error(`Secrets Manager named no version that is to come of ${SecretId}`);
      return VersionId;
    },
    steps: async (since) => {
      const query = { logGroupName: `/aws/lambda/${rotating}`, startTime: since.getTime() };
      const events: FilteredLogEvent[] = [];
      for await (const page of paginateFilterLogEvents({ client: logs }, query)) events.push(...(page.events ?? []));
      // Lines of several log streams are merged only within a page.
      const inOrder = events.toSorted((one, other) => (one.timestamp ?? 0) - (other.timestamp ?? 0));
      return inOrder.flatMap(({ message = '' }) => stepOf(message));
    },
    revokeNow: () => tendNow(lambda, `drawbridge-${stage}-tend-credentials`),
  };
};
