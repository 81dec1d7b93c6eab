import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { clientOptionsOf, startAws, type LocalAws } from './aws.ts';
import { freePort } from './children.ts';
import { scaledClock } from './clock.ts';
import { deployStack, stage } from './deploy.ts';
import { startLoadBalancer } from './fleet/data-plane/load-balancer.ts';
import { startFleet, type Fleet } from './fleet/server.ts';
import { createWorld, type World } from './fleet/world/world.ts';
import { startRecorder, type Recorder } from './recorder/recorder.ts';
import { startGitlab, type Gitlab } from './gitlab/server.ts';
import { seedNames } from './seed-names.ts';
import { ensureVenv } from './venv.ts';

/** The whole local world, with the stack deployed in it. */
export interface Rehearsal {
  aws: LocalAws;
  fleet: Fleet;
  /** the Lambdas' calls of everything but the fleet */
  recorder: Recorder;
  world: World;
  loadBalancerUrl: string;
  gitlab: Gitlab;
  /** where GitLab sends its hooks, and the headers a plain HTTP client must add */
  hookUrl: string;
  hookHeaders: Record<string, string>;
  webhookToken: string;
  /** where GitLab's registry sends its notifications, with the same headers and `Authorization: Bearer <registryToken>` */
  registryHookUrl: string;
  registryToken: string;
  stateMachineArn: string;
  seed: number;
  /** how much faster world time runs than real time */
  speed: number;
  putTarget(project: number, name: string, document: object): Promise<void>;
  close(): Promise<void>;
}

export interface RehearsalOptions {
  seed?: number;
  /** what is being done now, for people */
  step?: (what: string) => void;
  /** lines of the tools that are run */
  log?: (line: string) => void;
}

const region = 'us-gov-west-1';
const account = '123456789012';
const speed = 20;

const clientsOf = (aws: LocalAws) => {
  const options = clientOptionsOf(aws);
  return {
    secrets: new SecretsManagerClient(options),
    parameters: new SSMClient(options),
    stacks: new CloudFormationClient(options),
  };
};

type Clients = ReturnType<typeof clientsOf>;

/** The seed's secret, which the platform makes and the stack only reads. */
const createGitlabSecret = async ({ secrets }: Clients, gitlab: Gitlab): Promise<void> => {
  const gitlabFields = { gitlab_url: gitlab.url, gitlab_token: gitlab.token, gitlab_project_id: '4711' };
  const value = { ...gitlabFields, registry_host: gitlab.registryHost };
  await secrets.send(new CreateSecretCommand({ Name: seedNames.gitlabSecret, SecretString: JSON.stringify(value) }));
};

/** What the doors let pass: random, anew for each rehearsal. */
const fillHookSecret = async ({ secrets }: Clients) => {
  const [webhookToken, registryToken] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')];
  const SecretString = JSON.stringify({ webhook_token: webhookToken, registry_token: registryToken });
  await secrets.send(new PutSecretValueCommand({ SecretId: `drawbridge/${stage}/hook`, SecretString }));
  return { webhookToken, registryToken };
};

const outputsOf = async ({ stacks }: Clients): Promise<Record<string, string>> => {
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: `drawbridge-${stage}` }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
};

const output = (outputs: Record<string, string>, key: string): string => {
  const value = outputs[key];
  if (value === undefined) throw new Error(`the deployed stack has no output ${key}`);
  return value;
};

/** The doors as plain HTTP reaches them: the emulator knows an API by its Host. */
const doorsOf = (aws: LocalAws, outputs: Record<string, string>) => {
  const hook = new URL(output(outputs, 'HookUrl'));
  const apiId = hook.hostname.split('.')[0] ?? '';
  return {
    hookUrl: `${aws.url}${hook.pathname}`,
    registryHookUrl: `${aws.url}${new URL(output(outputs, 'RegistryHookUrl')).pathname}`,
    hookHeaders: { Host: `${apiId}.execute-api.localhost` },
  };
};

/** Runs `undo` functions in reverse order, all of them, whatever one of them throws. */
const closer = () => {
  const undos: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const undo of undos.splice(0).reverse()) await undo();
  };
  return { opened: (undo: () => Promise<void>) => undos.push(undo), close };
};

const startParts = async (seed: number, options: RehearsalOptions, opened: (undo: () => Promise<void>) => void) => {
  const clock = scaledClock(speed);
  const { sitePackages } = await ensureVenv();
  const port = await freePort();
  const awsUrl = `http://127.0.0.1:${port}`;
  const world = createWorld({ clock, region, account, seed });
  const models = join(sitePackages, 'botocore', 'data');
  const fleet = await startFleet({ world, clock, models, judge: awsUrl, seed });
  opened(() => fleet.close());
  const loadBalancer = await startLoadBalancer(world);
  opened(() => loadBalancer.close());
  const gitlab = await startGitlab({ clock, seed });
  opened(() => gitlab.close());
  const recorder = await startRecorder({ upstream: awsUrl, clock, region, account });
  opened(() => recorder.close());
  const log = options.log === undefined ? {} : { log: options.log };
  const aws = await startAws({ speed, region, fleetUrl: fleet.url, lambdaUrl: recorder.url, port, ...log });
  opened(() => aws.close());
  return { world, fleet, recorder, loadBalancer, gitlab, aws };
};

/** Starts the world and deploys the stack into it: about 20 s, the first time ever 10 s more for Python's packages. */
export const startRehearsal = async (options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const seed = options.seed ?? randomInt(2 ** 31);
  const step = options.step ?? (() => undefined);
  const { opened, close } = closer();
  try {
    step('starting AWS, the fleet and GitLab');
    const { world, fleet, recorder, loadBalancer, gitlab, aws } = await startParts(seed, options, opened);
    const clients = clientsOf(aws);
    await createGitlabSecret(clients, gitlab);
    step('npx serverless deploy --stage local');
    await deployStack(aws, options.log ?? (() => undefined));
    const tokens = await fillHookSecret(clients);
    const outputs = await outputsOf(clients);
    return {
      aws,
      fleet,
      recorder,
      world,
      loadBalancerUrl: loadBalancer.url,
      gitlab,
      ...doorsOf(aws, outputs),
      ...tokens,
      stateMachineArn: output(outputs, 'StateMachineArn'),
      seed,
      speed,
      putTarget: async (project, name, document) => {
        const Name = `/drawbridge/${stage}/targets/${project}/${name}`;
        const Value = JSON.stringify(document);
        await clients.parameters.send(new PutParameterCommand({ Name, Value, Type: 'String', Overwrite: true }));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
