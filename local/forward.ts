import type { Agent, IncomingMessage } from 'node:http';
import { request as httpRequest } from 'node:http';

export interface Upstream {
  agent: Agent;
  url: URL;
}

/** What is sent on, as it came in: a signature covers its headers, `Host` included, and its body. */
export interface Forwardable {
  method: string;
  url: string;
  rawHeaders: string[];
  body: Buffer;
}

/**
 * Sends the request on, byte for byte; once more when an idle connection turned out to be closed by the other side.
 * Rejects when no answer comes.
 */
export const forwarded = (upstream: Upstream, request: Forwardable, again = true): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { agent, url } = upstream;
    const sent = httpRequest({
      agent,
      host: url.hostname,
      port: url.port,
      method: request.method,
      path: request.url,
      headers: request.rawHeaders,
    });
    sent.on('response', resolve);
    sent.on('error', (error) => {
      if (again && sent.reusedSocket) forwarded(upstream, request, false).then(resolve, reject);
      else reject(error);
    });
    sent.end(request.body);
  });
