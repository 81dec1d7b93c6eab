import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { administratorOf, clientOptionsOf, startAws, type LocalAws } from './aws.ts';
import { freePort } from './children.ts';
import { scaledClock } from './clock.ts';
import { deployStack, stage } from './deploy.ts';
import { startLoadBalancer } from './fleet/data-plane/load-balancer.ts';
import { startFleet, type Fleet } from './fleet/server.ts';
import { createWorld, type World } from './fleet/world/world.ts';
import { startRecorder, type Recorder } from './recorder/recorder.ts';
import type { Hosts } from './gitlab/post-hook.ts';
import { startGitlab, type Gitlab } from './gitlab/server.ts';
import { createGitlabSecret, fillHookSecret, fillManagerSecret, rotatedSecrets } from './secrets/fill-secrets.ts';
import type { RotationClock } from './secrets/rotation-clock.ts';
import { createSecretsManager } from './secrets/secrets-manager.ts';
import { ensureVenv } from './venv.ts';

/** The whole local world, with the stack deployed in it. */
export interface Rehearsal {
  aws: LocalAws;
  fleet: Fleet;
  /** the Lambdas' calls of everything but the fleet; whoever rotates secrets asks there too, for the local AWS cannot */
  recorder: Recorder;
  rotations: RotationClock;
  world: World;
  loadBalancerUrl: string;
  gitlab: Gitlab;
  /** the hook's URL as ops enter it; the local GitLab finds it */
  trueHookUrl: string;
  /** the same as any HTTP client finds it, and the headers that it must add */
  hookUrl: string;
  hookHeaders: Record<string, string>;
  webhookToken: string;
  /** where GitLab's registry sends its notifications, with the same headers and `Authorization: Bearer <registryToken>` */
  registryHookUrl: string;
  registryToken: string;
  /** the token of who sets hooks and makes tokens in GitLab */
  managerToken: string;
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

/** Clients of what a rehearsal fills and reads itself. */
export const clientsOf = (aws: LocalAws) => {
  const options = clientOptionsOf(aws);
  return {
    secrets: new SecretsManagerClient(options),
    parameters: new SSMClient(options),
    stacks: new CloudFormationClient(options),
  };
};

type Clients = ReturnType<typeof clientsOf>;

/** The deployed stack's outputs, by their keys. */
export const outputsOf = async ({ stacks }: Clients): Promise<Record<string, string>> => {
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: `drawbridge-${stage}` }));
  const outputs = Stacks?.[0]?.Outputs ?? [];
  return Object.fromEntries(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
};

const output = (outputs: Record<string, string>, key: string): string => {
  const value = outputs[key];
  if (value === undefined) throw new Error(`the deployed stack has no output ${key}`);
  return value;
};

/** The emulator knows an API by its Host. */
const apiHost = (hostname: string): string => `${hostname.split('.')[0] ?? ''}.execute-api.localhost`;

/** The doors as plain HTTP reaches them. */
const doorsOf = (aws: LocalAws, outputs: Record<string, string>) => {
  const trueHookUrl = output(outputs, 'HookUrl');
  const hook = new URL(trueHookUrl);
  return {
    trueHookUrl,
    hookUrl: `${aws.url}${hook.pathname}`,
    registryHookUrl: `${aws.url}${new URL(output(outputs, 'RegistryHookUrl')).pathname}`,
    hookHeaders: { Host: apiHost(hook.hostname) },
  };
};

/** Where GitLab finds the doors under their true names. */
const hostsAt =
  (url: string): Hosts =>
  (hostname) =>
    hostname.includes('.execute-api.') ? { url, host: apiHost(hostname) } : undefined;

/** Both secrets can be rotated, and nothing begins by itself: a RotationSchedule is none of the local AWS's. */
const configureRotations = (rotations: RotationClock, outputs: Record<string, string>): void => {
  const RotationLambdaARN = output(outputs, 'RotationFunctionArn');
  const RotationRules = { AutomaticallyAfterDays: 30 };
  for (const name of Object.values(rotatedSecrets)) rotations.configure(name, { RotationLambdaARN, RotationRules });
};

/** Runs `undo` functions in reverse order, all of them, whatever one of them throws. */
export const closer = () => {
  const undos: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const undo of undos.splice(0).reverse()) await undo();
  };
  return { opened: (undo: () => Promise<void>) => undos.push(undo), close };
};

/** The world before anything is deployed in it; what it opens, `opened` is told how to close. */
export const startParts = async (
  seed: number,
  options: RehearsalOptions,
  opened: (undo: () => Promise<void>) => void,
) => {
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
  const gitlab = await startGitlab({ clock, seed, hosts: hostsAt(awsUrl) });
  opened(() => gitlab.close());
  const { front, tells, ...secrets } = createSecretsManager(administratorOf(awsUrl, region), clock);
  opened(secrets.close);
  const recorder = await startRecorder({ upstream: awsUrl, clock, region, account, front, tells });
  opened(() => recorder.close());
  const log = options.log === undefined ? {} : { log: options.log };
  const aws = await startAws({ speed, region, fleetUrl: fleet.url, lambdaUrl: recorder.url, port, ...log });
  opened(() => aws.close());
  return { world, fleet, recorder, loadBalancer, gitlab, aws, rotations: secrets.rotations };
};

/** Starts the world and deploys the stack into it: about 20 s, the first time ever 10 s more for Python's packages. */
export const startRehearsal = async (options: RehearsalOptions = {}): Promise<Rehearsal> => {
  const seed = options.seed ?? randomInt(2 ** 31);
  const step = options.step ?? (() => undefined);
  const { opened, close } = closer();
  try {
    step('starting AWS, the fleet and GitLab');
    const { loadBalancer, ...parts } = await startParts(seed, options, opened);
    const { aws, gitlab, rotations } = parts;
    const clients = clientsOf(aws);
    await createGitlabSecret(clients.secrets, gitlab);
    step('npx serverless deploy --stage local');
    await deployStack(aws, options.log ?? (() => undefined));
    const tokens = {
      ...(await fillHookSecret(clients.secrets)),
      ...(await fillManagerSecret(clients.secrets, gitlab)),
    };
    const outputs = await outputsOf(clients);
    configureRotations(rotations, outputs);
    return {
      ...parts,
      loadBalancerUrl: loadBalancer.url,
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
