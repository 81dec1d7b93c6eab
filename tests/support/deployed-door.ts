import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteRolePolicyCommand, IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { request } from 'node:http';
import { clientOptions, deployed, until } from './deployed.ts';

/** The deployed door from outside: what is sent to it, what it answers and logs, and what it may do. */

const logs = new CloudWatchLogsClient(clientOptions);
const secrets = new SecretsManagerClient(clientOptions);
const iam = new IAMClient(clientOptions);

export interface DoorAnswer {
  status: number;
  body: string;
}

/** One POST to the hook's URL, or the registry hook's, with exactly these headers. */
export const knock = (
  headers: Record<string, string>,
  body: string | Buffer,
  url = deployed.hookUrl,
): Promise<DoorAnswer> =>
  new Promise((resolve, reject) => {
    const sent = { ...deployed.hookHeaders, ...headers };
    const call = request(url, { method: 'POST', headers: sent, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      });
    });
    call.on('error', reject);
    call.end(body);
  });

/** The door's log since then, oldest first, without Lambda's own lines. */
export const doorLog = async (since: number): Promise<string[]> => {
  const logGroupName = '/aws/lambda/drawbridge-local-pipeline-webhook';
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime: since }));
  return events.map(({ message = '' }) => message).filter((line) => line.startsWith('{'));
};

const began = Date.now();

const tally = async (metric: string): Promise<number> => {
  const lines = (await doorLog(began)).map((line) => JSON.parse(line) as Record<string, unknown>);
  return lines.map((line) => Number(line[metric] ?? 0)).reduce((all, one) => all + one, 0);
};

/** Does it, and waits until the door's log has counted more of this than before. */
export const counting = async <T>(metric: string, act: () => Promise<T>): Promise<T> => {
  const before = await tally(metric);
  const result = await act();
  await until(`more of the metric ${metric} in the door's log than ${before}`, async () =>
    (await tally(metric)) > before ? true : undefined,
  );
  return result;
};

const SecretId = 'drawbridge/local/hook';

/** Makes this the hook secret's version AWSCURRENT, or adds it as AWSPENDING; answers the version's id. */
export const putHookSecret = async (value: object, stage: 'AWSCURRENT' | 'AWSPENDING'): Promise<string> => {
  const SecretString = JSON.stringify(value);
  const { VersionId } = await secrets.send(
    new PutSecretValueCommand({ SecretId, SecretString, VersionStages: [stage] }),
  );
  return VersionId ?? '';
};

export const dropPending = async (versionId: string): Promise<void> => {
  await secrets.send(
    new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId }),
  );
  const current = await secrets.send(new GetSecretValueCommand({ SecretId }));
  expect(current.VersionId).not.toBe(versionId);
};

/** Takes an action away from the door, or from whose role is named so, while `act` runs: as an explicit deny. */
export const withoutRight = async <T>(
  action: string,
  act: () => Promise<T>,
  roleName = 'PipelineWebhookRole',
): Promise<T> => {
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const role = Roles.find(({ RoleName = '' }) => RoleName.includes(roleName));
  const named = { RoleName: role?.RoleName ?? '', PolicyName: 'taken-away' };
  const Statement = [{ Effect: 'Deny', Action: action, Resource: '*' }];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  await iam.send(new PutRolePolicyCommand({ ...named, PolicyDocument }));
  try {
    return await act();
  } finally {
    await iam.send(new DeleteRolePolicyCommand(named));
  }
};
