import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryKey } from '../../lib/domain/repository-key.ts';
import { project } from '../../local/build/build.ts';
import { importEnvironment } from '../../local/build/environment.ts';
import { seedNames } from '../../local/seed-names.ts';
import { parameterStore } from './parameter-store.ts';
import type { ParameterStore } from './parameter-store.ts';

const account = '123456789012';
const region = 'us-gov-west-1';
const targetsPath = '/drawbridge/bench/targets';
const repositoriesPath = '/drawbridge/bench/repositories';
const token = 'bench-webhook-token-0123456789abcdef';
const registryToken = 'bench-registry-token-0123456789abcdef';

/** The hook secret's SecretString. */
export const hookSecret = JSON.stringify({ webhook_token: token, registry_token: registryToken });

/** What the deployed hook finds in its environment, as far as serverless.yml does not say it in plain values. */
export const hookEnvironment = async (endpoint: string, home: string): Promise<Record<string, string>> => ({
  ...(await importEnvironment(project)),
  ACCOUNT_ID: account,
  AWS_REGION: region,
  TARGETS_PATH: targetsPath,
  REPOSITORIES_PATH: repositoriesPath,
  STATE_MACHINE_ARN: `arn:aws-us-gov:states:${region}:${account}:stateMachine:drawbridge-bench-deploy`,
  HOOK_SECRET: 'drawbridge/bench/hook',
  AWS_SDK_UA_APP_ID: 'pipeline-webhook',
  // Longer than the bench: no measured answer pays for a secret that has just aged.
  SECRET_CACHE_SECONDS: '600',
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  // As in Lambda, where there are no files of a user's.
  HOME: home,
});

const runsOn = {
  cluster: seedNames.cluster,
  service: seedNames.service,
  containers: [seedNames.container],
  strategy: { type: 'rolling' },
};
const target = JSON.stringify({
  on: { pipeline: { ref: 'main' } },
  image: `${account}.dkr.ecr.${region}.amazonaws.com/${seedNames.repository}:{sha}`,
  ...runsOn,
});

/** The project of the one target that waits for images, and where they are pushed. */
const pushed = { project: 1, repository: 'acme/bench' };
const pushedTarget = JSON.stringify({
  on: { image: { repository: pushed.repository, tag: '*' } },
  ecr_repository: seedNames.repository,
  ...runsOn,
});

/**
 * Our project's one target among `others` of other projects, whose ids begin as ours does (47110, 47111 …); and one that
 * waits for images, in a project of its own.
 */
export const storeWith = (ourProject: number, others: number): ParameterStore => {
  const projects = [ourProject, ...Array.from({ length: others }, (_, n) => ourProject * 10 + n)];
  return parameterStore({
    ...Object.fromEntries(projects.map((id) => [`${targetsPath}/${id}/main`, target])),
    [`${targetsPath}/${pushed.project}/main`]: pushedTarget,
    [`${repositoriesPath}/${repositoryKey(pushed.repository)}`]: JSON.stringify([pushed.project]),
  });
};

interface PipelineHook {
  object_attributes: { id: number };
  project: { id: number };
}

const event = async <T>(file: string): Promise<T> =>
  JSON.parse(await readFile(join(project, 'events', file), 'utf8')) as T;

/** Hooks as API Gateway hands them over, each of a pipeline of its own, all of one project; authentic, if not told otherwise. */
export const hooks = async (): Promise<{ project: number; next: (sent?: string) => APIGatewayProxyEventV2 }> => {
  const envelope = await event<APIGatewayProxyEventV2>('pipeline-success.http-api.json');
  const hook = await event<PipelineHook>('pipeline-success.json');
  let pipeline = hook.object_attributes.id;
  const next = (sent = token): APIGatewayProxyEventV2 => {
    pipeline += 1;
    const body = JSON.stringify({ ...hook, object_attributes: { ...hook.object_attributes, id: pipeline } });
    const headers = { ...envelope.headers, 'x-gitlab-token': sent, 'content-length': String(body.length) };
    return { ...envelope, headers, body };
  };
  return { project: hook.project.id, next };
};

interface RegistryHook {
  events: [{ id: string; target: { repository: string } }];
}

/** The registry's hooks likewise, each of a push of its own. */
export const registryHooks = async (): Promise<{ next: () => APIGatewayProxyEventV2 }> => {
  const envelope = await event<APIGatewayProxyEventV2>('registry-push.http-api.json');
  const [push] = (await event<RegistryHook>('registry-push.json')).events;
  let count = 0;
  const next = (): APIGatewayProxyEventV2 => {
    count += 1;
    const target = { ...push.target, repository: pushed.repository };
    const body = JSON.stringify({ events: [{ ...push, id: `${push.id}-${count}`, target }] });
    const headers = {
      ...envelope.headers,
      authorization: `Bearer ${registryToken}`,
      'content-length': String(body.length),
    };
    return { ...envelope, headers, body, isBase64Encoded: false };
  };
  return { next };
};
