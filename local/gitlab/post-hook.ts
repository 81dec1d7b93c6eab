import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HookAnswer {
  status: number;
  headers: Record<string, string>;
  /** its first 8 KB: GitLab keeps no more, and shows it to every maintainer */
  body: string;
}

/** Where a receiver really is: `url` is the origin to send to, `host` the Host header by which it knows who is meant. */
export interface LocalReceiver {
  url: string;
  host: string;
}

/** Stands for DNS and what lies behind it: the receiver of a host name; undefined where it is what it says. */
export type Hosts = (hostname: string) => LocalReceiver | undefined;

export interface HookPost {
  url: string;
  /** may hold a Host, which `fetch` would not send: an emulated API Gateway knows its API by it */
  headers: Record<string, string>;
  body: string;
  /** real seconds until the answer must be there, whole */
  timeout: number;
  hosts?: Hosts | undefined;
}

const keptBytes = 8 * 1024;

const readAnswer = async (response: IncomingMessage): Promise<HookAnswer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) {
    if (value !== undefined) headers[name] = [value].flat().join(', ');
  }
  const body = Buffer.concat(chunks).subarray(0, keptBytes).toString('utf8');
  return { status: response.statusCode ?? 0, headers, body };
};

/** The request's address and headers, once its host name is looked up. */
const addressed = ({ url, headers, hosts }: HookPost): { target: URL; headers: Record<string, string> } => {
  const named = new URL(url);
  const receiver = hosts?.(named.hostname);
  if (receiver === undefined) return { target: named, headers };
  return {
    target: new URL(`${named.pathname}${named.search}`, receiver.url),
    headers: { ...headers, Host: receiver.host },
  };
};

/**
 * POSTs a hook once. GitLab never tries again, and follows no redirect that would keep the body. Rejects when the
 * connection fails or the time is over.
 */
export const postHook = (post: HookPost): Promise<HookAnswer> => {
  const { body, timeout } = post;
  const { target, headers } = addressed(post);
  const request = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent: OutgoingHttpHeaders = { ...headers, 'Content-Length': Buffer.byteLength(body), Connection: 'close' };
  return new Promise((resolve, reject) => {
    const posted = request(target, { method: 'POST', headers: sent, agent: false }, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    const timer = setTimeout(() => {
      posted.destroy(new Error(`execution expired: no answer within ${timeout} s`));
    }, timeout * 1000);
    posted.on('error', reject);
    posted.on('close', () => {
      clearTimeout(timer);
    });
    posted.end(body);
  });
};
