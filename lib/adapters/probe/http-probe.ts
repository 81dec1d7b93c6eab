import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Probe, ProbeAnswer } from '../../ports/probe.ts';
import { addressJudge, type AddressRules } from '../registry/address-rules.ts';
import { judgedAgents, type JudgedAgents } from '../registry/judged-agents.ts';

export interface HttpProbeOptions extends AddressRules {
  /** ms for the whole question, name lookup and body included */
  patience?: number;
  /** node:dns's, when left out */
  lookup?: LookupFunction;
}

/** bytes of the body that are read; an expected text has to come within them */
const mostRead = 65_536;

const bodyOf = async (answer: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostRead) break;
  }
  return Buffer.concat(chunks).subarray(0, mostRead).toString('utf8');
};

const ask = (agents: JudgedAgents, url: URL, signal: AbortSignal): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const [send, agent] = url.protocol === 'https:' ? [httpsRequest, agents.https] : [httpRequest, agents.http];
    const headers = { 'accept-encoding': 'identity', connection: 'close' };
    const request = send(url, { method: 'GET', agent, headers, signal }, resolve);
    request.on('error', reject);
    // An answer that would switch protocols is closed without an error, and would be waited for without end.
    request.on('close', () => {
      reject(Object.assign(new Error(), { code: 'ECONNRESET' }));
    });
    request.end();
  });

/** Node's own message may quote the URL; its code does not. */
const reasonOf = (error: unknown): string => {
  const { name, code } = error as { name?: string; code?: string };
  if (name === 'RegistryRefused') return 'its host has an address that is not asked';
  return code ?? name ?? 'an error';
};

/**
 * Asks URLs over http or https. The address that is connected to is judged as for the registry: never link-local or
 * metadata, this machine in the rehearsal alone, private ones only for `privateHosts`. A redirect is the answer.
 */
export const httpProbe = ({ patience = 5_000, lookup, ...rules }: HttpProbeOptions): Probe => {
  const agents = judgedAgents(addressJudge(rules), lookup);
  return async (url): Promise<ProbeAnswer> => {
    const time = AbortSignal.timeout(patience);
    try {
      const answer = await ask(agents, new URL(url), time);
      return { status: answer.statusCode ?? 0, text: await bodyOf(answer) };
    } catch (error) {
      // A body that is cut by it says only that its connection was closed.
      return { unanswered: time.aborted ? 'not in time' : reasonOf(error) };
    }
  };
};
