import { createHmac, randomUUID } from 'node:crypto';

export interface Signing {
  /** the body as it is sent, byte by byte */
  body: string | Buffer;
  /** X-Gitlab-Event; default `Pipeline Hook` */
  event?: string | undefined;
  /** the plain secret: sent as X-Gitlab-Token */
  token?: string | undefined;
  /** `whsec_<base64 of 32 bytes>`: gives webhook-signature */
  signingToken?: string | undefined;
  /** the delivery's id: Idempotency-Key and webhook-id */
  id?: string | undefined;
  /** real Unix time in seconds, never world time: receivers compare it with their own clock */
  timestamp?: number | undefined;
  /** default `19.2.0-ee`; before 19.0 no `webhook-…` header is sent */
  version?: string | undefined;
  /** X-Gitlab-Instance; default https://gitlab.example.com */
  instance?: string | undefined;
  /** where X-Gitlab-Webhook-UUID and X-Gitlab-Event-UUID come from */
  uuid?: (() => string) | undefined;
}

const signature = (key: string, text: string, body: string | Buffer): string =>
  createHmac('sha256', Buffer.from(key.replace(/^whsec_/, ''), 'base64'))
    .update(text)
    .update(body)
    .digest('base64');

const signed = ({ body, signingToken, timestamp }: Signing, id: string): Record<string, string> => {
  const at = String(timestamp ?? Math.floor(Date.now() / 1000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': at };
  if (signingToken === undefined) return headers;
  return { ...headers, 'webhook-signature': `v1,${signature(signingToken, `${id}.${at}.`, body)}` };
};

/**
 * The headers GitLab sends beside this body. From 19.0 on webhook-id and webhook-timestamp are always there,
 * webhook-signature with a signing token only (Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`).
 * https://docs.gitlab.com/user/project/integrations/webhooks/#delivery-headers
 */
export const signHeaders = (signing: Signing): Record<string, string> => {
  const { event = 'Pipeline Hook', id = randomUUID(), version = '19.2.0-ee', uuid = randomUUID, token } = signing;
  return {
    'Content-Type': 'application/json',
    'User-Agent': `GitLab/${version}`,
    'Idempotency-Key': id,
    'X-Gitlab-Event': event,
    'X-Gitlab-Webhook-UUID': uuid(),
    'X-Gitlab-Instance': signing.instance ?? 'https://gitlab.example.com',
    'X-Gitlab-Event-UUID': uuid(),
    ...(token === undefined ? {} : { 'X-Gitlab-Token': token.replace(/[\r\n]/g, '') }),
    ...(Number.parseInt(version, 10) >= 19 ? signed(signing, id) : {}),
  };
};
