import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { DeployFailure, type Facts } from '../../domain/failure.ts';
import { directBytes, readDirectly } from './direct-bytes.ts';
import type { JudgedAgents } from './judged-agents.ts';

export interface Outgoing {
  method: 'GET' | 'HEAD';
  url: URL;
  headers: OutgoingHttpHeaders;
  /** ms without an answer after which it is given up */
  quiet: number;
}

/** Sends one request; redirects are answers like others. Raises RegistryUnavailable, and RegistryRefused for a forbidden address. */
export type Exchange = (outgoing: Outgoing) => Promise<IncomingMessage>;

/** Node's own message may quote what was sent; its code does not. */
const unreachable = (host: string, error: Error & { code?: string }): DeployFailure =>
  error instanceof DeployFailure
    ? error
    : new DeployFailure('RegistryUnavailable', 'no answer', { facts: { host, error: error.code ?? error.name } });

export const exchangeOver =
  (agents: JudgedAgents): Exchange =>
  ({ method, url, headers, quiet }) =>
    new Promise((resolve, reject) => {
      const [send, agent] = url.protocol === 'https:' ? [httpsRequest, agents.https] : [httpRequest, agents.http];
      // Compressed bytes would not be those that digest and size are of.
      const options = { method, agent, headers: { ...headers, 'accept-encoding': 'identity' } };
      const request = send(url, options, (answer) => {
        clearTimeout(patience);
        // Who reads it hears of its errors all the same; nobody else needs to.
        answer.on('error', () => undefined);
        if (method === 'GET') readDirectly(answer);
        resolve(answer);
      });
      const patience = setTimeout(() => request.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })), quiet);
      request.on('error', (error) => {
        clearTimeout(patience);
        reject(unreachable(url.host, error));
      });
      request.end();
    });

const drainable = 65_536; // bytes that cost less to read than a new connection

/** For an answer whose body nobody wants: its connection is kept if the rest is short and comes within a second. */
export const discard = (answer: IncomingMessage): void => {
  const length = Number(answer.headers['content-length'] ?? Number.NaN);
  if (!(length <= drainable)) {
    answer.destroy();
    return;
  }
  const patience = setTimeout(() => answer.destroy(), 1_000);
  answer.on('close', () => {
    clearTimeout(patience);
  });
  answer.resume();
};

/**
 * The chunks of an answer's body as they come, each good until the next one is asked for. Leaving the loop closes the connection. Raises RegistryUnavailable, with
 * these facts, when it breaks off, or when none comes for `quiet` ms while one is waited for.
 */
export async function* chunksOf(
  answer: Readable,
  { quiet, facts }: { quiet: number; facts: Facts },
): AsyncGenerator<Buffer> {
  const unavailable = (because: string) => new DeployFailure('RegistryUnavailable', because, { facts });
  let waiting = true;
  const patience = setTimeout(() => {
    if (waiting) answer.destroy(unavailable('no byte came for too long'));
  }, quiet);
  try {
    for await (const chunk of directBytes(answer) ?? (answer as AsyncIterable<Buffer>)) {
      waiting = false;
      yield chunk;
      waiting = true;
      patience.refresh();
    }
  } catch (error) {
    throw error instanceof DeployFailure ? error : unavailable('the connection broke off');
  } finally {
    clearTimeout(patience);
  }
}

/** A whole body, or undefined when it is of more than `limit` bytes: what is beyond them is not read. */
export const wholeBody = async (
  answer: IncomingMessage,
  { limit, ...watch }: { limit: number; quiet: number; facts: Facts },
): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunksOf(answer, watch)) {
    length += chunk.length;
    if (length > limit) return undefined;
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks, length);
};
