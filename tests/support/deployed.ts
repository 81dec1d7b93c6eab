import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { freeLock, type ServiceLock } from '../../lib/domain/admission.ts';
import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import type { TargetOrder } from '../../lib/domain/order.ts';
import { clientOptionsOf } from '../../local/aws.ts';
import { fleetControl } from '../../local/fleet/control.ts';
import type { FleetCall, ImageBehaviour, ServiceSeed, ServiceSeeded, ServiceView } from '../../local/fleet/seeds.ts';
import { gitlabControl, type PipelineView } from '../../local/gitlab/control.ts';
import type { Delivery } from '../../local/gitlab/delivery.ts';
import { seedNames } from '../../local/seed-names.ts';
import { startUsers, type Users } from '../../local/users.ts';
import type { DeployedDescription } from './deployed-description.ts';
import { settingOf } from './settings.ts';
import { until } from './until.ts';

export { until };

const described = process.env['DRAWBRIDGE_REHEARSAL'];
if (described === undefined)
  throw new Error('end-to-end tests run by `npm test -- end-to-end`, which deploys the stack first');
/** The stack that this level runs against. */
export const deployed = JSON.parse(described) as DeployedDescription;

export const clientOptions = clientOptionsOf({ ...deployed, url: deployed.awsUrl });
const sfn = new SFNClient(clientOptions);
const parameters = new SSMClient(clientOptions);
const dynamo = DynamoDBDocumentClient.from(new DynamoDBClient(clientOptions));
export const fleet = fleetControl(deployed.fleetUrl);
export const gitlab = gitlabControl(deployed.gitlabUrl);

export const registry = `${deployed.account}.dkr.ecr.${deployed.region}.amazonaws.com`;
export const repository = seedNames.repository;
export const healthy: ImageBehaviour = { does: 'become healthy', after: 10 };
export const unhealthy: ImageBehaviour = { does: 'never become healthy' };

/** How an execution ended. */
export interface Ended {
  name: string;
  status: string;
  error: string;
  cause: string;
  output: Record<string, unknown>;
}

const executionArn = (name: string): string =>
  `${deployed.stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const executionEnd = (name: string): Promise<Ended> =>
  until(`the end of ${name}`, async () => {
    const { status, error, cause, output } = await sfn.send(
      new DescribeExecutionCommand({ executionArn: executionArn(name) }),
    );
    if (status === undefined || status === 'RUNNING') return undefined;
    const parsed = JSON.parse(output ?? '{}') as Record<string, unknown>;
    return { name, status, error: error ?? '', cause: cause ?? '', output: parsed };
  });

export const stopExecution = (name: string): Promise<unknown> =>
  sfn.send(new StopExecutionCommand({ executionArn: executionArn(name) }));

/** Names of executions whose name begins so. */
export const executions = async (prefix: string): Promise<string[]> => {
  const { executions: all = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: deployed.stateMachineArn, maxResults: 1_000 }),
  );
  return all.map(({ name }) => name ?? '').filter((name) => name.startsWith(prefix));
};

/** The names of the states an execution entered, in order. */
export const statesOf = async (name: string): Promise<string[]> => {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: executionArn(name), maxResults: 1_000 }),
  );
  return events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
};

/** When an execution left the state of that name, each time; ms since the epoch, real time. */
export const timesOf = async (name: string, state: string): Promise<number[]> => {
  const { events = [] } = await sfn.send(
    new GetExecutionHistoryCommand({ executionArn: executionArn(name), maxResults: 1_000 }),
  );
  return events
    .filter(({ stateExitedEventDetails }) => stateExitedEventDetails?.name === state)
    .map(({ timestamp }) => Number(timestamp));
};

export const journalTable = 'drawbridge-local-journal';

/** What the journal has under this id. */
export const journalItem = async (id: string): Promise<Record<string, unknown> | undefined> => {
  const { Item } = await dynamo.send(new GetCommand({ TableName: journalTable, Key: { id }, ConsistentRead: true }));
  return Item;
};

export const journalled = async (execution: string): Promise<DeploymentRecord | undefined> =>
  (await journalItem(`deployment#${execution}`)) as DeploymentRecord | undefined;

/** What the scene's target has come to. */
export const orderOf = async ({ project, name }: Scene): Promise<TargetOrder> =>
  (await journalItem(`target#${project}/${name}`)) as unknown as TargetOrder;

/** An operator's execution on the scene's target; answers its name. */
export const startByHand = async ({ project, name }: Scene, cause: { at: string }): Promise<string> => {
  const execution = `${name}-by-hand-${Date.parse(cause.at)}`;
  const input = JSON.stringify({ target: { project, name }, cause });
  await sfn.send(new StartExecutionCommand({ stateMachineArn: deployed.stateMachineArn, name: execution, input }));
  return execution;
};

/** The lock of a service of the seed's cluster. */
export const lockOf = async (service: string): Promise<ServiceLock> =>
  ((await journalItem(`lock#${seedNames.cluster}/${service}`)) ?? freeLock) as unknown as ServiceLock;

export const putTarget = async (project: number, name: string, document: object): Promise<void> => {
  const Name = `/drawbridge/local/targets/${project}/${name}`;
  const Value = JSON.stringify(document);
  await parameters.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
};

/** One test's own project, service and target, with users' traffic on. */
export interface Scene {
  project: number;
  name: string;
  service: ServiceSeeded;
  hook: number;
  /** how its service was seeded, beyond the usual */
  seed: Partial<ServiceSeed>;
  /** a pushed commit; its image is in ECR, or in GitLab's registry where it is to be copied, unless the behaviour is `none` */
  commit(behaviour: ImageBehaviour | 'none'): Promise<{ sha: string; digest: string }>;
  /** a commit whose pipeline finishes now, and what our door answered to its hook */
  release(behaviour: ImageBehaviour | 'none'): Promise<{ pipeline: PipelineView; digest: string; execution: string }>;
  /** the answers to the hooks of a trigger so far */
  answers(
    trigger?: Delivery['trigger'],
  ): Promise<{ status: Delivery['responseStatus']; body: Record<string, unknown> }[]>;
  /** the executions that the doors said had begun, each once: of pipelines, jobs, pushed images, each in order */
  begun(): Promise<string[]>;
  view(): Promise<ServiceView>;
  updates(): Promise<FleetCall[]>;
}

const bodyOf = ({ responseBody }: { responseBody: string }): Record<string, unknown> =>
  responseBody === '' ? {} : (JSON.parse(responseBody) as Record<string, unknown>);

export const targetDocument = (name: string, on: object, timeoutMinutes = 15) => ({
  on,
  image: `${registry}/${repository}:{sha}`,
  cluster: seedNames.cluster,
  service: name,
  containers: [seedNames.container],
  strategy: { type: 'rolling', timeout_minutes: timeoutMinutes },
});

/** Where a scene's images are in GitLab's registry. */
export const gitlabRepository = (name: string): string => `acme/${name}/app`;

const documentOf = (name: string, { on = { pipeline: { ref: 'main' } }, timeoutMinutes, copied }: SceneOptions) => {
  const document = targetDocument(name, on, timeoutMinutes);
  if (copied === undefined) return document;
  return { ...document, image: `${deployed.registryHost}/${gitlabRepository(name)}:{sha}`, ...copied };
};

const roleArn = (name: string): string => `arn:aws-us-gov:iam::${deployed.account}:role/${name}`;

/** Every scene's service has what nobody but itself may ever read. */
const withSecrets = {
  environment: { DATABASE_PASSWORD: deployed.planted.environment },
  command: ['serve', '--password', deployed.planted.command],
};

/** A service like any other here, in a family of the same name. */
export const seedOf = (name: string, more: Partial<ServiceSeed>): ServiceSeed => ({
  cluster: seedNames.cluster,
  service: name,
  family: name,
  containers: [{ name: seedNames.container, image: `${registry}/${repository}:first`, ...withSecrets }],
  desiredCount: 2,
  circuitBreaker: { enable: true, rollback: true },
  taskRoleArn: roleArn(seedNames.taskRole),
  executionRoleArn: roleArn(seedNames.executionRole),
  ...more,
});

const openScene = async (name: string, options: SceneOptions): Promise<Scene> => {
  await fleet.putImage({ repository, tag: 'first', behaviour: healthy });
  const service = await fleet.putService(seedOf(name, options.service ?? {}));
  const { id: project } = await gitlab.createProject({ path: `acme/${name}` });
  await putTarget(project, name, documentOf(name, options));
  const { id: hook } = await gitlab.installHook({
    project,
    url: deployed.hookUrl,
    headers: deployed.hookHeaders,
    token: deployed.webhookToken,
    pipelineEvents: true,
    jobEvents: true,
  });
  return sceneOf({ project, name, service, hook, seed: options.service ?? {} }, options);
};

const sceneOf = (
  fixed: Pick<Scene, 'project' | 'name' | 'service' | 'hook' | 'seed'>,
  { copied, layers }: SceneOptions,
): Scene => {
  const { project, name } = fixed;
  const answers: Scene['answers'] = async (trigger = 'pipeline_events') => {
    await gitlab.idle();
    const deliveries = await gitlab.deliveries({ project });
    return deliveries
      .filter((delivery) => delivery.trigger === trigger)
      .map((delivery) => ({ status: delivery.responseStatus, body: bodyOf(delivery) }));
  };
  const begun = async (): Promise<string[]> => {
    const hooks = [...(await answers()), ...(await answers('job_events'))].map(({ body }) => body);
    const pushes = (await gitlab.registryDeliveries()).filter((one) => one.repository.startsWith(`acme/${name}/`));
    const started = [...hooks, ...pushes.map(bodyOf)].flatMap(
      (body) => (body['started'] ?? []) as { execution: string }[],
    );
    return [...new Set(started.map(({ execution }) => execution))];
  };
  const commit: Scene['commit'] = async (behaviour) => {
    const { sha } = await gitlab.push({ project, ref: 'main' });
    if (behaviour === 'none') return { sha, digest: '' };
    if (copied !== undefined) {
      const image = { repository: gitlabRepository(name), tag: sha, behaviour, layers };
      const { digest } = await gitlab.pushImage(image);
      return { sha, digest };
    }
    return { sha, ...(await fleet.putImage({ repository, tag: sha, behaviour })) };
  };
  return {
    ...fixed,
    answers,
    begun,
    commit,
    release: async (behaviour) => {
      const { sha, digest } = await commit(behaviour);
      const before = await begun();
      const pipeline = await gitlab.runPipeline({ project, sha });
      const execution = (await begun()).find((one) => !before.includes(one)) ?? '';
      return { pipeline, digest, execution };
    },
    view: () => fleet.serviceView(seedNames.cluster, name),
    updates: async () => {
      const calls = await fleet.calls({ operation: 'UpdateService' });
      return calls.filter(({ input, outcome }) => input['service'] === name && outcome === 'ok');
    },
  };
};

export interface SceneOptions {
  service?: Partial<ServiceSeed>;
  on?: object;
  timeoutMinutes?: number;
  /** its images are in GitLab's registry; what the target says of their copy */
  copied?: { ecr_repository: string; also_tag?: readonly string[] };
  /** of each of these images; one of 1 KiB when absent */
  layers?: { size: number }[];
  /** whether users' requests may fail; they never may unless a test says so */
  trafficMayFail?: true;
  /** real seconds that it may take; 180 unless it is said */
  seconds?: number;
  /** whether it may run beside others of its file that say so: for scenes that wait long and share nothing */
  beside?: true;
}

/** What a person needs to understand a failing test: the workflows' ways and the fleet's calls. */
const report = async (scene: Scene, since: number): Promise<string> => {
  const ways = await Promise.all(
    (await scene.begun()).map(async (name) => `${name}: ${(await statesOf(name)).join(' > ')}`),
  );
  const calls = (await fleet.calls({ since })).filter(({ input }) => JSON.stringify(input).includes(scene.name));
  const lines = calls.map(
    ({ at, caller, operation, outcome, error }) => `${at} ${caller} ${operation} ${outcome} ${error ?? ''}`,
  );
  return ['', ...ways, ...lines].join('\n');
};

let scenesSoFar = 0;

/** A test on the deployed stack with a scene of its own: users' requests flow all the time, and none may fail. */
export const rehearsed = (
  title: string,
  name: string,
  act: (scene: Scene, users: Users) => Promise<void>,
  options: SceneOptions = {},
): void => {
  const setting = settingOf(deployed.seed, scenesSoFar);
  scenesSoFar += 1;
  const service = { ...setting.service, ...options.service };
  const scheduled = options.beside === undefined ? test : test.concurrent;
  scheduled(
    `${title} ${setting.tag}`,
    async () => {
      const since = (await fleet.calls()).at(-1)?.number ?? 0;
      const scene = await openScene(name, { ...options, service });
      const users = startUsers(scene.service.url);
      try {
        await act(scene, users);
      } catch (error) {
        if (error instanceof Error) error.message += await report(scene, since);
        throw error;
      } finally {
        const traffic = await users.stop();
        if (options.trafficMayFail === undefined)
          expect({ failed: traffic.failed, failures: traffic.failures }).toEqual({ failed: 0, failures: [] });
        expect(await fleet.defects()).toEqual([]);
      }
    },
    (options.seconds ?? 180) * 1_000,
  );
};
