import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Lambda's Runtime API on loopback: it hands one worker its events, one after the other, and takes the answers. */
export interface RuntimeApi {
  /** host:port, as a runtime client finds it in AWS_LAMBDA_RUNTIME_API */
  address: string;
  /** Queues an event. Settles with what the worker answers; rejects with the error that it reports. */
  invoke(event: object): Promise<Answer>;
  /** Settles when the worker has asked for its first event, so that its module is loaded, or when all failed. */
  asked: Promise<void>;
  /** Every invocation without an answer is rejected, and every later one. */
  fail(why: string): void;
  close(): Promise<void>;
}

export interface Answer {
  statusCode?: number;
  body?: string;
}

interface Invocation {
  event: object;
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

const root = '/2018-06-01/runtime/';
const hookLimit = 9_000; // ms, as in serverless.yml

/** Starts it on a free port; `timeLimit`: ms that each invocation is told it has. https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html */
export const startRuntimeApi = async (timeLimit = hookLimit): Promise<RuntimeApi> => {
  const queue = new Invocations(timeLimit);
  const server = createServer((request, response) => {
    serve(request, response, queue).catch((error: unknown) => response.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        queue.add({ event, resolve, reject });
      }),
    asked: queue.asked,
    fail: (why) => {
      queue.fail(new Error(why));
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

class Invocations {
  readonly #waiting: Invocation[] = [];
  readonly #taken = new Map<string, Invocation>();
  #worker: ServerResponse | undefined;
  #failure: Error | undefined;
  #count = 0;
  #ask = (): void => undefined;
  readonly asked = new Promise<void>((resolve) => {
    this.#ask = resolve;
  });
  readonly #timeLimit: number;

  constructor(timeLimit: number) {
    this.#timeLimit = timeLimit;
  }

  add(invocation: Invocation): void {
    if (this.#failure) invocation.reject(this.#failure);
    else this.#waiting.push(invocation);
    this.#hand();
  }

  /** Hands the next invocation to the worker, which may have to wait for it. */
  next(worker: ServerResponse): void {
    this.#worker = worker;
    this.#ask();
    this.#hand();
  }

  /** The invocation that is answered now. Raises Error when no worker has it. */
  take(id: string): Invocation {
    const invocation = this.#taken.get(id);
    if (!invocation) throw new Error(`nothing is being invoked as ${id}`);
    this.#taken.delete(id);
    return invocation;
  }

  fail(error: Error): void {
    this.#failure = error;
    this.#ask();
    for (const { reject } of [...this.#taken.values(), ...this.#waiting.splice(0)]) reject(error);
    this.#taken.clear();
  }

  #hand(): void {
    const invocation = this.#worker && this.#waiting.shift();
    if (!invocation) return;
    this.#count += 1;
    const id = String(this.#count);
    this.#taken.set(id, invocation);
    this.#worker?.writeHead(200, headers(id, this.#timeLimit)).end(JSON.stringify(invocation.event));
    this.#worker = undefined;
  }
}

const headers = (id: string, timeLimit: number): Record<string, string> => ({
  'content-type': 'application/json',
  'lambda-runtime-aws-request-id': id,
  'lambda-runtime-deadline-ms': String(Date.now() + timeLimit),
  'lambda-runtime-invoked-function-arn': 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:bench',
});

const serve = async (request: IncomingMessage, response: ServerResponse, queue: Invocations): Promise<void> => {
  // invocation/next, invocation/<id>/response, invocation/<id>/error or init/error
  const [what, id = '', outcome] = (request.url ?? '').replace(root, '').split('/');
  if (id === 'next') {
    queue.next(response);
    return;
  }
  const body = await text(request);
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
  if (what === 'init') queue.fail(new Error(`the Lambda cannot be loaded: ${body}`));
  else if (outcome === 'response') queue.take(id).resolve(JSON.parse(body) as Answer);
  else queue.take(id).reject(new Error(`the Lambda raised ${body}`));
};
