import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refusal } from './parameter-store.ts';
import type { ParameterStore } from './parameter-store.ts';

/** What the hooks ask of AWS, on loopback: Secrets Manager, Parameter Store and Step Functions. */
export interface AwsStub {
  url: string;
  /** From now on Parameter Store is this one. */
  use(store: ParameterStore): void;
  /** From now on the hook secret's SecretString is this one; undefined: Secrets Manager throttles everybody. */
  keep(secret: string | undefined): void;
  /** From now on these are the hook secret's versions. */
  show(versions: SecretVersions): void;
  /** From now on a call meets what this says: `failing`: it is a 500, and nothing is done; `lost`: it is done, and not answered. */
  disturb(calls: (operation: string) => 'failing' | 'lost' | undefined): void;
  /** The operations asked for since the last time. */
  takeCalls(): string[];
  /** The names of all executions that were ever started, each once. */
  executions(): string[];
  close(): Promise<void>;
}

/** The SecretString of the version that bears the label; undefined: none does, or it has no value yet. */
export type SecretVersions = (label: string) => string | undefined;

export type Operation = (request: Record<string, unknown>) => object;

interface Account {
  /** undefined: it is not told */
  secret: SecretVersions | undefined;
  store: ParameterStore;
  executions: Set<string>;
  disturbance: Parameters<AwsStub['disturb']>[0];
}

/** By the header X-Amz-Target, as these three services' JSON protocol names an operation. */
const operationsOf = (account: Account): Partial<Record<string, Operation>> => ({
  'secretsmanager.GetSecretValue': ({ VersionStage = 'AWSCURRENT' }) => {
    if (account.secret === undefined) throw new Refusal('ThrottlingException', 'Rate exceeded');
    const value = account.secret(String(VersionStage));
    if (value !== undefined) return { SecretString: value, VersionStages: [VersionStage] };
    throw new Refusal('ResourceNotFoundException', `no version is staged ${String(VersionStage)}`);
  },
  'AmazonSSM.GetParameter': (request) => account.store.byName(request),
  'AmazonSSM.GetParametersByPath': (request) => account.store.byPath(request),
  'AWSStepFunctions.StartExecution': ({ stateMachineArn, name: asked }) => {
    const name = String(asked);
    // Every measured hook is of a pipeline of its own: a name that comes twice is never a new execution.
    if (account.executions.has(name)) throw new Refusal('ExecutionAlreadyExists', `taken: ${name}`);
    account.executions.add(name);
    const machine = String(stateMachineArn).replace(':stateMachine:', ':execution:');
    return { executionArn: `${machine}:${name}`, startDate: Date.now() / 1_000 };
  },
  // They run for ever.
  'AWSStepFunctions.DescribeExecution': ({ executionArn }) => {
    const name = String(executionArn).replace(/^.*:/, '');
    if (!account.executions.has(name)) throw new Refusal('ExecutionDoesNotExist', `not there: ${name}`);
    return { executionArn, name, status: 'RUNNING', startDate: Date.now() / 1_000 };
  },
});

const currentOnly =
  (secret: string): SecretVersions =>
  (label) =>
    label === 'AWSCURRENT' ? secret : undefined;

/** Starts the stub on a free port of 127.0.0.1. Its store is what `use` said last. `more`: what else it knows. */
export const startAwsStub = async (
  secret: string,
  store: ParameterStore,
  more: Partial<Record<string, Operation>> = {},
): Promise<AwsStub> => {
  const disturbance = () => undefined;
  const account: Account = { secret: currentOnly(secret), store, executions: new Set(), disturbance };
  const operations = { ...operationsOf(account), ...more };
  let calls: string[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = String(request.headers['x-amz-target']);
    calls.push(name);
    const body = await text(request);
    const met = account.disturbance(name);
    const [status, content] = met === 'failing' ? internalError : outcome(operations[name], body);
    if (met === 'lost') {
      response.destroy();
      return;
    }
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(content));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: (other) => {
      account.store = other;
    },
    keep: (other) => {
      account.secret = other === undefined ? undefined : currentOnly(other);
    },
    show: (versions) => {
      account.secret = versions;
    },
    disturb: (calls) => {
      account.disturbance = calls;
    },
    executions: () => [...account.executions],
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

const internalError: [number, object] = [500, { __type: 'InternalServerError', message: 'Internal error' }];

const text = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

const outcome = (operation: Operation | undefined, body: string): [number, object] => {
  if (!operation) return [400, { __type: 'UnknownOperationException' }];
  try {
    return [200, operation(JSON.parse(body) as Record<string, unknown>)];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return [400, { __type: error.code, message: error.message }];
  }
};
