import type { IncomingMessage, ServerResponse } from 'node:http';
import { bytesOf, versionHeaders, type OciAnswer } from '../../oci/oci-call.ts';
import type { RegistryFault, RegistryFaults } from './registry-faults.ts';
import type { RegistryRequest } from './registry-log.ts';

/** One request on its way to its answer. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  entry: RegistryRequest;
  fault: RegistryFault | undefined;
  faults: RegistryFaults;
}

const piece = 256 * 1024;

/** Waits until there is room for more. A client that has gone makes room too. */
const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
  });

/** Sends bytes, and counts them, until the client has gone. */
const sendBytes = async ({ response, entry }: Exchange, bytes: Buffer): Promise<void> => {
  for (let at = 0; at < bytes.length && !response.destroyed; at += piece) {
    const part = bytes.subarray(at, at + piece);
    entry.bytes += part.length;
    if (!response.write(part)) await drained(response);
  }
};

const stopOf = ({ fault, faults }: Exchange, length: number): number | undefined => {
  if (fault?.kind === 'stall') return fault.at;
  if (fault?.kind !== 'cut') return undefined;
  return fault.at === 'random' ? Math.floor(faults.random() * length) : fault.at;
};

/** Ends the connection once what was written has left: a client gets these bytes, then the end. */
const cutOff = async ({ response, entry }: Exchange): Promise<void> => {
  entry.status = 'cut';
  response.flushHeaders();
  const { socket } = response;
  if (socket === null) return;
  await new Promise<void>((resolve) => {
    socket.write('', () => {
      resolve();
    });
  });
  socket.destroy();
};

/** Nothing more until it is released; over, too, when the client gives up. */
const stall = async ({ response, faults }: Exchange): Promise<void> => {
  const gone = new Promise<void>((resolve) => response.once('close', resolve));
  await Promise.race([faults.stalled(), gone]);
};

const isUndeclared = (fault: RegistryFault | undefined): boolean =>
  fault?.kind === 'other length' && fault.undeclared === true;

/** Sends the answer as far as the fault lets it, and notes what was sent. */
export const sendAnswer = async (exchange: Exchange, answer: OciAnswer): Promise<void> => {
  const { request, response, entry, fault } = exchange;
  const body = bytesOf(answer);
  if (fault?.kind === 'stall' && fault.at === undefined) await stall(exchange);
  const length = isUndeclared(fault) || answer.status === 204 ? {} : { 'Content-Length': body.length };
  response.writeHead(answer.status, { ...versionHeaders, ...length, ...answer.headers });
  entry.status = answer.status;
  if (request.method !== 'HEAD') {
    const stop = stopOf(exchange, body.length);
    await sendBytes(exchange, body.subarray(0, stop));
    if (fault?.kind === 'cut') return cutOff(exchange);
    if (stop !== undefined) {
      await stall(exchange);
      await sendBytes(exchange, body.subarray(stop));
    }
  }
  response.end();
};
