import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HookAnswer {
  status: number;
  headers: Record<string, string>;
  /** its first 8 KB: GitLab keeps no more, and shows it to every maintainer */
  body: string;
}

export interface HookPost {
  url: string;
  /** may hold a Host, which `fetch` would not send: an emulated API Gateway knows its API by it */
  headers: Record<string, string>;
  body: string;
  /** real seconds until the answer must be there, whole */
  timeout: number;
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

/**
 * POSTs a hook once. GitLab never tries again, and follows no redirect that would keep the body. Rejects when the
 * connection fails or the time is over.
 */
export const postHook = ({ url, headers, body, timeout }: HookPost): Promise<HookAnswer> => {
  const target = new URL(url);
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
