import type { Agent, IncomingMessage } from 'node:http';
import type { OnReadOpts, Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { readBuffers, type ReadBuffers } from './read-buffers.ts';

/**
 * A long body does not go through node:http, which hands it on in pieces of 64 KiB at most (16 KiB over TLS), each copied into
 * memory of its own: that takes as long as reading, hashing and sending the bytes. Its connection reads into the same two
 * buffers over and over instead, and is closed behind the body.
 */
const longBody = 1024 * 1024; // bytes; a shorter one is not worth a connection
const bufferSize = 512 * 1024;
const leastRead = 128 * 1024;

interface Intake {
  buffers: ReadBuffers;
  /** Called when bytes are there. As long as there is none, they go to node:http. */
  wake?: () => void;
}

const intakes = new WeakMap<Socket, Intake>();
const bodies = new WeakMap<Readable, AsyncGenerator<Buffer>>();

/** https://nodejs.org/api/net.html#socketconnectoptions-connectlistener: `onread` */
const readingInto = (intake: Intake, socket: () => Socket): OnReadOpts => ({
  buffer: intake.buffers.space,
  callback: (length, buffer) => {
    if (intake.wake === undefined) return socket().push(Buffer.from(buffer.subarray(0, length)));
    intake.wake();
    return intake.buffers.came(length);
  },
});

/** Lets an agent's connections be read directly. */
export const withDirectReading = <A extends Agent>(agent: A): A => {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const intake = { buffers: readBuffers(bufferSize, leastRead) };
    const onread = readingInto(intake, () => socket);
    const socket = connect({ ...options, onread } as typeof options, callback) as Socket;
    intakes.set(socket, intake);
    return socket;
  };
  return agent;
};

/** The next bytes, each time it is called. Raises what the answer has ended with. */
const takingFrom = (answer: IncomingMessage, intake: Intake): (() => Promise<Buffer>) => {
  let wake: (() => void) | undefined;
  // All that comes in this turn of the event loop is taken at once: over TLS that is many a record.
  intake.wake = () => {
    if (wake !== undefined) setImmediate(wake);
    wake = undefined;
  };
  answer.once('close', () => wake?.());
  return async () => {
    const there = intake.buffers.take();
    answer.socket.resume();
    if (there !== undefined) return there;
    if (!answer.destroyed) await new Promise<void>((resolve) => (wake = resolve));
    const came = intake.buffers.take();
    if (came === undefined) throw answer.errored ?? new Error('closed');
    return came;
  };
};

async function* bytesOf(answer: IncomingMessage, length: number, next: () => Promise<Buffer>): AsyncGenerator<Buffer> {
  let left = length;
  try {
    // What came together with the head had gone to node:http.
    const first = answer.read() as Buffer | null;
    if (first !== null) {
      left -= first.length;
      yield first;
    }
    while (left > 0) {
      const bytes = (await next()).subarray(0, left);
      left -= bytes.length;
      yield bytes;
    }
  } finally {
    answer.destroy();
  }
}

/** To be called for the answer to a GET when its head is there, before anything else can happen. */
export const readDirectly = (answer: IncomingMessage): void => {
  const intake = intakes.get(answer.socket);
  const length = Number(answer.headers['content-length'] ?? 0);
  const hasBody = answer.statusCode === 200 || answer.statusCode === 206;
  if (intake === undefined || !hasBody || length <= longBody || answer.socket.readableLength > 0) return;
  // node:http would let the connection read on whenever its own part of the body has been read.
  answer._read = () => undefined;
  bodies.set(answer, bytesOf(answer, length, takingFrom(answer, intake)));
};

/** The body of an answer that is read directly: each chunk is good until the next one is asked for. Leaving it closes the connection. */
export const directBytes = (answer: Readable): AsyncGenerator<Buffer> | undefined => bodies.get(answer);
