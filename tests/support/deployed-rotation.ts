import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
  type RotateSecretCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { DeleteParametersCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import { hookCounts, type HookCounts } from '../../local/demo/rotation/hook-counts.ts';
import { refusals } from '../../local/demo/rotation/rotation-status.ts';
import { signHeaders } from '../../local/gitlab/sign-headers.ts';
import { rotatedSecrets } from '../../local/secrets/fill-secrets.ts';
import { startHookStream } from '../../local/secrets/hook-stream.ts';
import type { RotationView } from '../../local/secrets/rotation-views.ts';
import { rotationsAt } from '../../local/secrets/secrets-manager.ts';
import { watchVersions } from '../../local/secrets/version-watcher.ts';
import { clientOptions, deployed, gitlab, putTarget, targetDocument, until } from './deployed.ts';
import { knock } from './deployed-door.ts';

/** Rotations on the deployed stack, asked for as ops do, and the hooks that arrive meanwhile. */

export const names = rotatedSecrets;
export type Rotated = keyof typeof names;

// Not one of our functions: what it asks is not judged by their policies.
const asOps = { ...clientOptions, endpoint: deployed.recorderUrl, userAgentAppId: 'somebody-else' };
/** The same for a command of theirs. */
export const opsEnvironment = {
  AWS_ENDPOINT_URL: deployed.recorderUrl,
  AWS_REGION: deployed.region,
  AWS_ACCESS_KEY_ID: deployed.accessKeyId,
  AWS_SECRET_ACCESS_KEY: deployed.secretAccessKey,
  AWS_SDK_UA_APP_ID: asOps.userAgentAppId,
};
const secrets = new SecretsManagerClient(asOps);
const lambda = new LambdaClient(clientOptions);
const parameters = new SSMClient(clientOptions);

const mostAtOnce = 10; // of DeleteParameters

/** Takes the other scenes' targets away, so that their projects are none of the rotations'. */
export const removeTargets = async (): Promise<void> => {
  const input = { Path: '/drawbridge/local/targets', Recursive: true };
  const found: string[] = [];
  // All are listed before any is gone: a list that shrinks meanwhile passes some over.
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: parameters }, input))
    found.push(...Parameters.map(({ Name = '' }) => Name));
  while (found.length > 0) await parameters.send(new DeleteParametersCommand({ Names: found.splice(0, mostAtOnce) }));
};

export interface HookedProject {
  project: number;
  /** its hook under the true URL, and an authentic body that no target waits for */
  hook: number;
  body: string;
}

/** Gives a project a target to speak of, and a push that GitLab can send as a test. */
export const addTarget = async (project: number, name: string): Promise<void> => {
  await gitlab.push({ project, ref: 'main' });
  await putTarget(project, name, targetDocument(name, { pipeline: { ref: 'main' } }));
};

export const addProject = async (name: string): Promise<number> => {
  const { id: project } = await gitlab.createProject({ path: `acme/${name}` });
  await addTarget(project, name);
  return project;
};

/** A hook under the true URL, with the tokens in use. */
export const addHook = async (project: number): Promise<number> => {
  const { webhook_token: token, webhook_signing_token: signingToken } = await documentOf('hook');
  const tokens = { token: String(token), ...(typeof signingToken === 'string' && { signingToken }) };
  const hook = { project, url: deployed.trueHookUrl, ...tokens, pipelineEvents: true };
  return (await gitlab.installHook(hook)).id;
};

/** A project with a target and such a hook. */
export const addHookedProject = async (name: string): Promise<HookedProject> => {
  const project = await addProject(name);
  const body = JSON.stringify({ object_kind: 'push', project: { id: project } });
  return { project, hook: await addHook(project), body };
};

/** The value of AWSCURRENT, or of a version. */
export const documentOf = async (secret: Rotated, VersionId?: string): Promise<Record<string, unknown>> => {
  const asked = { SecretId: names[secret], ...(VersionId !== undefined && { VersionId }) };
  const { SecretString = '{}' } = await secrets.send(new GetSecretValueCommand(asked));
  return JSON.parse(SecretString) as Record<string, unknown>;
};

/** As ops do: a new version in use. */
export const edit = async (secret: Rotated, document: object): Promise<void> => {
  const value = { SecretId: names[secret], SecretString: JSON.stringify(document) };
  await secrets.send(new PutSecretValueCommand(value));
};

/** Has a rotation begin; answers its version. */
export const beginRotation = async (secret: Rotated, more: Partial<RotateSecretCommandInput> = {}): Promise<string> => {
  const { VersionId = '' } = await secrets.send(new RotateSecretCommand({ SecretId: names[secret], ...more }));
  return VersionId;
};

export const rotationOf = async (version: string): Promise<RotationView | undefined> =>
  (await rotationsAt(deployed.recorderUrl)).find((one) => one.version === version);

export const rotationsOf = async (secret: Rotated): Promise<RotationView[]> =>
  (await rotationsAt(deployed.recorderUrl)).filter((one) => one.secret === names[secret]);

export const endOf = (version: string): Promise<RotationView> =>
  until(`the end of the rotation to ${version}`, async () => {
    const rotation = await rotationOf(version);
    return rotation?.end === undefined ? undefined : rotation;
  });

/** Waits until a rotation has failed with this, so many times. */
export const failing = (version: string, error: string): Promise<RotationView> =>
  until(`a step of ${version} to fail with ${error}`, async () => {
    const rotation = await rotationOf(version);
    return rotation?.steps.some((step) => step.error === error) ? rotation : undefined;
  });

export const rotate = async (secret: Rotated): Promise<RotationView> => endOf(await beginRotation(secret));

export const errorsOf = ({ steps }: RotationView): string[] => steps.flatMap(({ error }) => error ?? []);

/** One step, called beside Secrets Manager; answers the name of its error. */
export const callStep = async (secret: Rotated, version: string, step: string): Promise<string | undefined> => {
  const Payload = JSON.stringify({ SecretId: names[secret], ClientRequestToken: version, Step: step });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-rotate-secret', Payload }));
  if (answer.FunctionError === undefined) return undefined;
  return (JSON.parse(answer.Payload?.transformToString() ?? '{}') as { errorType?: string }).errorType ?? 'an error';
};

export const tend = async (event: { revokeNow?: boolean } = {}): Promise<Record<string, unknown>> => {
  const Payload = JSON.stringify(event);
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-tend-credentials', Payload }));
  const said = JSON.parse(answer.Payload?.transformToString() ?? '{}') as Record<string, unknown>;
  if (answer.FunctionError !== undefined) throw new Error(`tend-credentials: ${JSON.stringify(said)}`);
  return said;
};

/** GitLab's API, as the manager asks it. */
export const askAsManager = async (method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { 'PRIVATE-TOKEN': deployed.managerToken, 'Content-Type': 'application/json' };
  const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${deployed.gitlabUrl}/api/v4${path}`, sent);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}`);
  return answer.status === 204 ? undefined : answer.json();
};

export interface Arrived {
  counts: HookCounts;
  /** how often which answer came that let no hook pass */
  notPassed: string;
  /** answers to hooks with a wrong token, by status */
  wrong: Record<string, number>;
}

const sendEvery = 100; // ms of real time
const wrongBody = JSON.stringify({ object_kind: 'push' });

const knockWrongly = async (wrong: Arrived['wrong'], going: () => boolean): Promise<void> => {
  while (going()) {
    const { status } = await knock(signHeaders({ body: wrongBody, token: 'w'.repeat(64) }), wrongBody);
    wrong[status] = (wrong[status] ?? 0) + 1;
    await new Promise((resolve) => setTimeout(resolve, sendEvery));
  }
};

/** Authentic hooks of these projects arrive all the while, and wrong ones beside them. */
export const whileHooksArrive = async (
  projects: readonly HookedProject[],
  act: () => Promise<void>,
): Promise<Arrived> => {
  const watcher = await watchVersions(secrets, names.hook);
  const streamed = projects.map(({ hook, body }) => ({ hook, body }));
  const stream = startHookStream(gitlab, streamed, sendEvery);
  const wrong: Arrived['wrong'] = {};
  let going = true;
  const knocking = knockWrongly(wrong, () => going);
  try {
    await act();
  } finally {
    going = false;
    // All of them end, also when one of them could not go on.
    await Promise.allSettled([knocking, stream.stop(), watcher.stop()]);
  }
  await Promise.all([knocking, stream.stop(), watcher.stop()]);
  return { counts: hookCounts(stream.sent, watcher), notPassed: refusals(stream.sent, watcher), wrong };
};

/** None refused, none accepted by a version out of use, each wrong one refused. */
export const expectAllPassed = ({ counts, notPassed, wrong }: Arrived): void => {
  expect({ notPassed, ...counts }).toMatchObject({ notPassed: '', refused: 0, 'an older version': 0, 'no version': 0 });
  expect(counts.AWSCURRENT + counts.AWSPENDING).toBeGreaterThan(0);
  expect(Object.keys(wrong)).toEqual(['401']);
};
