import type { IncomingMessage } from 'node:http';
import { Agent } from 'node:http';
import { forwarded } from '../../forward.ts';
import type { ServiceName } from '../operation.ts';
import type { Answer } from './protocol.ts';
import type { WireRequest } from './request.ts';

export interface Refusal {
  answer: Answer;
  code: string;
}

/** Who may make a call. */
export interface Judge {
  /**
   * The refusal that the call earns, undefined when it may pass; rejects when no judgement can be had.
   * Calls with the same `once` share their judgement for as long as it lets them pass.
   */
  judge: (request: WireRequest, once?: string) => Promise<Refusal | undefined>;
  close: () => void;
}

export const everyoneMay: Judge = { judge: () => Promise.resolve(undefined), close: () => undefined };

/** Refusals as MiniStack words them in either protocol: no permission, or credentials that do not hold. */
const refusals = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'IncompleteSignatureException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
]);

/**
 * What MiniStack does not know: it would judge no right of it, and takes seconds to find that out. What callers may do
 * there is proven on the recorded calls alone.
 */
export const unjudged: ReadonlySet<ServiceName> = new Set<ServiceName>(['application-autoscaling']);

/** Judgement by a MiniStack with AUTH=true, which checks signature and policies; any answer but a refusal is thrown away. */
export const judgeAt = (url: string): Judge => {
  const agent = new Agent({ keepAlive: true });
  const shared = new Map<string, Promise<Refusal | undefined>>();
  const ask = async (request: WireRequest): Promise<Refusal | undefined> => {
    const answer = await collected(await forwarded({ agent, url: new URL(url) }, request));
    const code = answer.status < 400 ? undefined : codeOf(answer);
    return code !== undefined && refusals.has(code) ? { answer, code } : undefined;
  };
  const askOnce = async (request: WireRequest, once: string): Promise<Refusal | undefined> => {
    const judgement = shared.get(once) ?? ask(request);
    shared.set(once, judgement);
    try {
      const refusal = await judgement;
      if (refusal !== undefined) shared.delete(once);
      return refusal;
    } catch (error) {
      shared.delete(once);
      throw error;
    }
  };
  return {
    judge: (request, once) => (once === undefined ? ask(request) : askOnce(request, once)),
    close: () => {
      agent.destroy();
    },
  };
};

/** Headers that belong to the connection, not to the answer. */
const hopByHop = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

const collected = async (response: IncomingMessage): Promise<Answer> => {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const headers = Object.entries(response.headers)
    .filter(([name, value]) => value !== undefined && !hopByHop.has(name))
    .map(([name, value]) => [name, String(value)] as const);
  return { status: response.statusCode ?? 502, headers: Object.fromEntries(headers), body: Buffer.concat(parts) };
};

const codeOf = ({ body }: Answer): string | undefined => {
  const text = body.toString();
  return /"__type"\s*:\s*"(?:[^"]*#)?([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)<\/Code>/.exec(text)?.[1];
};
