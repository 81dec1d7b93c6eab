import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Permission } from '../fleet/operation.ts';
import { partitionOf } from '../fleet/world/arns.ts';
import type { Place } from '../fleet/world/arns.ts';
import { callerOf } from '../fleet/wire/request.ts';
import { forwarded, type Upstream } from '../forward.ts';
import { readAnswer, writeAnswer, type Front } from './front.ts';
import { permissionsOf } from './permissions.ts';

/** One call that a Lambda made of the local AWS: who asked for what. Nothing else of it is kept, for the rest may be secret. */
export interface RecordedCall {
  number: number;
  /** ISO 8601, world time */
  at: string;
  /** the function's name */
  caller: string;
  /** as `X-Amz-Target` has it: `DynamoDB_20120810.GetItem` */
  target: string;
  permissions: Permission[];
}

export interface RecorderOptions {
  /** URL of the AWS that answers */
  upstream: string;
  clock: Clock;
  region: string;
  account: string;
  /** what is answered in the place of that AWS */
  front?: Front;
  /** what is told to other processes, by path; no AWS service has such paths */
  tells?: Record<string, () => unknown>;
}

export interface Recorder {
  url: string;
  /** the calls so far, in the order in which they came; grows */
  calls: RecordedCall[];
  close(): Promise<void>;
}

interface Recording extends Upstream {
  place: Place;
  clock: Clock;
  calls: RecordedCall[];
  front: Front;
  tells: Record<string, () => unknown>;
}

/** Where a recorder tells what it has recorded. */
const told = '/_recorded';

const recordingOf = ({ upstream, clock, region, account, front, tells }: RecorderOptions): Recording => {
  const calls: RecordedCall[] = [];
  const place = { partition: partitionOf(region), region, account };
  return {
    ...{ agent: new Agent({ keepAlive: true }), url: new URL(upstream), place, clock, calls },
    front: front ?? (() => undefined),
    tells: { ...tells, [told]: () => calls },
  };
};

/**
 * Stands between the Lambdas and the local AWS, on a free port of 127.0.0.1: records everything, and passes it on unchanged, but
 * for what its front answers.
 */
export const startRecorder = async (options: RecorderOptions): Promise<Recorder> => {
  const recording = recordingOf(options);
  const server = createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    // A connection that breaks on one side breaks on the other.
    serve(recording, incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: recording.calls,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      recording.agent.destroy();
      await closed;
    },
  };
};

/** What the recorder at that URL tells under a path, for other processes. */
export const toldAt = async (url: string, path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json();

/** What the recorder at that URL has recorded so far, for other processes. */
export const recordedAt = async (url: string): Promise<RecordedCall[]> => (await toldAt(url, told)) as RecordedCall[];

const serve = async (recording: Recording, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const tell = recording.tells[incoming.url ?? ''];
  if (tell !== undefined) {
    response.end(JSON.stringify(tell()));
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const target = record(recording, incoming, body);
  const { method = '', url = '', rawHeaders } = incoming;
  const pass = (): Promise<IncomingMessage> => forwarded(recording, { method, url, rawHeaders, body });
  const own = recording.front(target, inputIn(body), async () => readAnswer(await pass()));
  if (own === undefined) passOn(await pass(), response);
  else writeAnswer(response, await own);
};

const passOn = (answer: IncomingMessage, response: ServerResponse): void => {
  response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
  answer.pipe(response);
  answer.once('error', () => response.destroy());
};

const record = ({ place, clock, calls }: Recording, { headers }: IncomingMessage, body: Buffer): string => {
  const target = String(headers['x-amz-target'] ?? 'no target');
  calls.push({
    number: calls.length + 1,
    at: new Date(clock.now()).toISOString(),
    caller: callerOf({ headers }),
    target,
    permissions: permissionsOf(place, target, inputIn(body)),
  });
  return target;
};

const inputIn = (body: Buffer): Record<string, unknown> => {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    // not of a JSON protocol: recorded by its target alone
    return {};
  }
};
