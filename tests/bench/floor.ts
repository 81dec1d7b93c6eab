import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { timingSafeEqual } from 'node:crypto';

interface Hook {
  object_attributes: { id: number; ref: string; status: string };
  project: { id: number };
}

interface Parameters {
  Parameters: { Name: string; Value: string }[];
}

const env = (name: string): string => process.env[name] ?? '';

const call = async (target: string, request: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const answer = await fetch(env('AWS_ENDPOINT_URL'), { method: 'POST', headers, body: JSON.stringify(request) });
  if (!answer.ok) throw new Error(`${target}: ${await answer.text()}`);
  return answer.json();
};

const readToken = async (): Promise<Buffer> => {
  const secret = await call('secretsmanager.GetSecretValue', { SecretId: env('HOOK_SECRET') });
  const { SecretString } = secret as { SecretString: string };
  return Buffer.from((JSON.parse(SecretString) as { webhook_token: string }).webhook_token);
};

let kept: Buffer | undefined;

/**
 * The least that answers a hook: the calls to AWS that the real one makes, the secret kept as it keeps it, by fetch and
 * without signature, retries, schemas, metrics or logs. What the hook takes above this is the price of having them.
 */
export const handler = async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  kept ??= await readToken();
  if (!timingSafeEqual(kept, Buffer.from(event.headers['x-gitlab-token'] ?? ''))) return { statusCode: 401 };
  const { object_attributes: pipeline, project } = JSON.parse(event.body ?? '') as Hook;
  const Path = `${env('TARGETS_PATH')}/${project.id}`;
  const page = (await call('AmazonSSM.GetParametersByPath', { Path, MaxResults: 10 })) as Parameters;
  const started: { target: string; execution: string }[] = [];
  for (const { Name, Value } of page.Parameters) {
    const { on } = JSON.parse(Value) as { on: { pipeline: { ref: string } } };
    if (on.pipeline.ref !== pipeline.ref || pipeline.status !== 'success') continue;
    const execution = `floor-${pipeline.id}`;
    const input = JSON.stringify({ target: Name, cause: { project: project.id, pipeline: pipeline.id } });
    const stateMachineArn = env('STATE_MACHINE_ARN');
    await call('AWSStepFunctions.StartExecution', { stateMachineArn, name: execution, input });
    started.push({ target: Name, execution });
  }
  return { statusCode: 202, body: JSON.stringify({ started }) };
};
