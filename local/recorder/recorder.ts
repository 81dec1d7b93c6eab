import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import type { Permission } from '../fleet/operation.ts';
import { partitionOf } from '../fleet/world/arns.ts';
import type { Place } from '../fleet/world/arns.ts';
import { callerOf } from '../fleet/wire/request.ts';
import { forwarded, type Upstream } from '../forward.ts';
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
}

/** Where a recorder tells what it has recorded; no AWS service has such a path. */
const told = '/_recorded';

/** Stands between the Lambdas and the local AWS, on a free port of 127.0.0.1: passes everything on unchanged, and records it. */
export const startRecorder = async ({ upstream, clock, region, account }: RecorderOptions): Promise<Recorder> => {
  const agent = new Agent({ keepAlive: true });
  const place = { partition: partitionOf(region), region, account };
  const recording: Recording = { agent, url: new URL(upstream), place, clock, calls: [] };
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
      agent.destroy();
      await closed;
    },
  };
};

/** What the recorder at that URL has recorded so far, for other processes. */
export const recordedAt = async (url: string): Promise<RecordedCall[]> =>
  (await (await fetch(`${url}${told}`)).json()) as RecordedCall[];

const serve = async (recording: Recording, incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (incoming.url === told) {
    response.end(JSON.stringify(recording.calls));
    return;
  }
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  record(recording, incoming, body);
  const { method = '', url = '', rawHeaders } = incoming;
  const answer = await forwarded(recording, { method, url, rawHeaders, body });
  response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
  answer.pipe(response);
  answer.once('error', () => response.destroy());
};

const record = ({ place, clock, calls }: Recording, { headers }: IncomingMessage, body: Buffer): void => {
  const target = String(headers['x-amz-target'] ?? 'no target');
  calls.push({
    number: calls.length + 1,
    at: new Date(clock.now()).toISOString(),
    caller: callerOf({ headers }),
    target,
    permissions: permissionsOf(place, target, inputIn(body)),
  });
};

const inputIn = (body: Buffer): Record<string, unknown> => {
  try {
    return JSON.parse(body.toString('utf8')) as Record<string, unknown>;
  } catch {
    // not of a JSON protocol: recorded by its target alone
    return {};
  }
};
