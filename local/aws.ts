import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, startChild } from './children.ts';
import type { Child } from './children.ts';
import { ensureVenv } from './venv.ts';

export interface LocalAwsOptions {
  /** World time against real time: 20 means that a workflow's Wait of 20 s takes 1 s. */
  speed: number;
  region: string;
  /** Where ECS, ECR, Elastic Load Balancing and Application Auto Scaling are played. Lambdas are told at their start. */
  fleetUrl?: string;
  /** Where Lambdas find all other services, when that is not MiniStack itself. */
  lambdaUrl?: string;
  /** Chosen before the start by who must know it earlier; else a free one. */
  port?: number;
  log?: (line: string) => void;
}

/** A running MiniStack, which enforces IAM. The keys are its administrator's. */
export interface LocalAws {
  url: string;
  region: string;
  account: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** What AWS's tools and SDKs need to find this world instead of AWS: `serverless deploy`, SDK clients, the CLI. */
  env: Record<string, string>;
  close(): Promise<void>;
}

/** What an SDK client needs to be that administrator's. */
export const clientOptionsOf = ({
  url,
  region,
  accessKeyId,
  secretAccessKey,
}: Pick<LocalAws, 'url' | 'region' | 'accessKeyId' | 'secretAccessKey'>) => ({
  endpoint: url,
  region,
  credentials: { accessKeyId, secretAccessKey },
});

const account = '123456789012';
const accessKeyId = 'rehearsal';
const secretAccessKey = 'rehearsal-only';
const readyWithinMs = 60_000;

/** The same before it is started, by where it will be. */
export const administratorOf = (url: string, region: string) =>
  clientOptionsOf({ url, region, accessKeyId, secretAccessKey });

/** Starts MiniStack on a free port of 127.0.0.1 and waits until it answers (about 2 s; the first time ever 15 s). */
export const startAws = async (options: LocalAwsOptions): Promise<LocalAws> => {
  const { python } = await ensureVenv();
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const env = clientEnvironment(url, options);
  const folder = await mkdtemp(join(tmpdir(), 'drawbridge-aws-'));
  const child = startChild(python, ['-m', 'ministack'], {
    env: { ...env, ...serverEnvironment(port, folder, options), ...lambdaEnvironment(options) },
    cwd: folder,
    folder,
    ...(options.log && { log: options.log }),
  });
  const close = async () => {
    await child.end();
    await rm(folder, { recursive: true, force: true });
  };
  await waitUntilReady(url, child).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { url, region: options.region, account, accessKeyId, secretAccessKey, env, close };
};

const clientEnvironment = (url: string, { region, fleetUrl }: LocalAwsOptions): Record<string, string> => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_REGION: region,
  // The AWS CLI reads this one only.
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: url,
  ...(fleetUrl && {
    AWS_ENDPOINT_URL_ECS: fleetUrl,
    AWS_ENDPOINT_URL_ECR: fleetUrl,
    AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2: fleetUrl,
    AWS_ENDPOINT_URL_APPLICATION_AUTO_SCALING: fleetUrl,
  }),
});

/** Each Lambda inherits it. */
const lambdaEnvironment = ({ lambdaUrl }: LocalAwsOptions) =>
  lambdaUrl === undefined ? {} : { AWS_ENDPOINT_URL: lambdaUrl };

/** MiniStack hands its own environment on to each Lambda, so nothing of ours may be in it but this. */
const serverEnvironment = (port: number, folder: string, { speed, region }: LocalAwsOptions) => ({
  // It runs whichever node comes first, and that must be the one which runs us: Lambda's version.
  PATH: [join(process.execPath, '..'), process.env.PATH].join(delimiter),
  HOME: folder,
  TMPDIR: folder,
  LANG: 'C.UTF-8',
  AUTH: 'true',
  BIND_HOST: '127.0.0.1',
  GATEWAY_PORT: String(port),
  IOT_MTLS_ENABLED: '0',
  SFTP_ENABLED: '0',
  MINISTACK_ACCOUNT_ID: account,
  MINISTACK_REGION: region,
  SFN_WAIT_SCALE: String(1 / speed),
  // Sockets in use by other docker tools are none of its business.
  DOCKER_HOST: `unix://${folder}/none.sock`,
});

const waitUntilReady = async (url: string, child: Child): Promise<void> => {
  const gone = child.exited.then((code) => `it ended with ${String(code)}`);
  const deadline = Date.now() + readyWithinMs;
  let seen = 'nothing yet';
  while (Date.now() < deadline) {
    const answer = await Promise.race([gone, askHealth(url)]);
    if (answer === 'ready') return;
    if (answer.startsWith('it ended')) throw new Error(`MiniStack did not start: ${answer}\n${child.lastOutput()}`);
    seen = answer;
    await sleep(100);
  }
  throw new Error(`MiniStack was not ready after ${readyWithinMs / 1000} s; last seen: ${seen}\n${child.lastOutput()}`);
};

const askHealth = async (url: string): Promise<string> => {
  try {
    const response = await fetch(`${url}/_ministack/health`);
    return response.ok ? 'ready' : `status ${response.status}`;
  } catch (error) {
    return String(error);
  }
};
