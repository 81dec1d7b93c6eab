import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { LAYERS_PATH } from './ecr/signatures.ts';
import type { FleetCall } from './seeds.ts';
import type { Wire } from './wire/answer-call.ts';
import { answerCall, recordCut } from './wire/answer-call.ts';
import { answerControl } from './wire/control-calls.ts';
import { faults } from './wire/faults.ts';
import { journal } from './wire/journal.ts';
import { everyoneMay, judgeAt } from './wire/judge.ts';
import type { Models } from './wire/models.ts';
import { loadModels } from './wire/models.ts';
import type { Answer } from './wire/protocol.ts';
import type { WireRequest } from './wire/request.ts';
import { announcedCall, callOf } from './wire/request.ts';
import { answerLayer, registryRoutes } from './wire/registry-routes.ts';
import { seededRandom } from './wire/seeded-random.ts';
import type { PlayedWorld } from './wire/world.ts';

export interface FleetOptions {
  world: PlayedWorld;
  clock: Clock;
  /** botocore's data directory, which holds AWS's models */
  models: string;
  /** URL of a MiniStack with AUTH=true, which then judges each call first; without it everyone may do everything */
  judge?: string;
  /** for faults with a rate */
  seed: number;
  /** told at once of an answer of ours that does not fit AWS's model */
  onDefect?: (defect: string) => void;
}

export interface Fleet {
  url: string;
  /** all calls so far, in the order in which they took effect; grows */
  calls: FleetCall[];
  /** what makes the run fail; grows */
  defects: string[];
  /** members of calls that passed only because newer SDKs know them, each once; grows */
  newer: string[];
  close(): Promise<void>;
}

/** Plays ECS, ECR, ELBv2 and Application Auto Scaling for any AWS SDK, on a free port of 127.0.0.1. `/_fleet` there is for people and tests. */
export const startFleet = async (options: FleetOptions): Promise<Fleet> => {
  const models = loadModels(options.models);
  const wire: Wire = {
    world: options.world,
    clock: options.clock,
    judge: options.judge === undefined ? everyoneMay : judgeAt(options.judge),
    faults: faults(seededRandom(options.seed)),
    journal: journal(options.onDefect ?? (() => undefined)),
  };
  const docker = dockerDoor(wire);
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    void (isOfDocker(incoming) ? docker(incoming, response) : serve({ wire, models }, incoming, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { calls, defects, newer } = wire.journal;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  options.world.registry.servedAt(url);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    wire.judge.close();
    await closed;
  };
  return { url, calls, defects, newer, close };
};

const isOfDocker = ({ url }: IncomingMessage): boolean => /^\/v2(?:[/?]|$)/.test(url ?? '');

/** /v2, which answers by itself as bodies come in. */
const dockerDoor = (wire: Wire): ((incoming: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const answer = registryRoutes(wire.world.registry);
  return async (incoming, response) => {
    const { socket } = incoming;
    await answer(incoming, response).catch((error: unknown) => {
      unanswerable(wire, incoming, error);
      socket.resetAndDestroy();
    });
  };
};

const serve = async (
  fleet: { wire: Wire; models: Models },
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const { socket } = incoming;
  const answer = await answered(fleet, incoming).catch((error: unknown) => unanswerable(fleet.wire, incoming, error));
  if (answer === 'reset') {
    socket.resetAndDestroy();
    return;
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
  response.end(answer.body);
};

const answered = async (
  { wire, models }: { wire: Wire; models: Models },
  incoming: IncomingMessage,
): Promise<Answer | 'reset'> => {
  if (incoming.url?.startsWith(LAYERS_PATH) === true) return answerLayer(wire.world.registry, incoming);
  const request = await arrived({ wire, models }, incoming);
  if (request === 'cut') return 'reset';
  if (/^\/_fleet(?:[/?]|$)/.test(request.url)) return answerControl({ wire, models }, request);
  const call = callOf(models, request);
  if (call !== undefined) return answerCall(wire, call, request);
  const body =
    'This is no call of ECS, ECR, ELBv2 or Application Auto Scaling. GET /_fleet tells what else can be asked.\n';
  return { status: 404, headers: { 'content-type': 'text/plain' }, body };
};

/** The whole request, unless a fault cuts it in its body. */
const arrived = async (
  { wire, models }: { wire: Wire; models: Models },
  incoming: IncomingMessage,
): Promise<WireRequest | 'cut'> => {
  const { method = '', url = '', rawHeaders, headers } = incoming;
  const call = announcedCall(models, { method, url, rawHeaders, headers });
  const cut = call && wire.faults.cut({ ...call, resources: [], input: {} });
  const body = await received(incoming, cut);
  if (call === undefined || cut === undefined) return { method, url, rawHeaders, headers, body };
  recordCut(wire, call);
  return 'cut';
};

/** A client that hung up in the middle of its request is no defect; anything else here is one. */
const unanswerable = ({ journal }: Wire, incoming: IncomingMessage, error: unknown): 'reset' => {
  if (incoming.complete) journal.defect(`a request could not be answered: ${String((error as Error).stack ?? error)}`);
  return 'reset';
};

/** The body, whose bytes are put together once. Nothing is read beyond so many bytes of it. */
const received = async (incoming: IncomingMessage, most = Infinity): Promise<Buffer> => {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= most) break;
  }
  return Buffer.concat(parts, length);
};
