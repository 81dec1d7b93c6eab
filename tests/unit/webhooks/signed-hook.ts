import { createHmac } from 'node:crypto';
import type { HookSecret } from '../../../lib/domain/hook-secret.ts';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';

/** Hooks as GitLab sends them, right by one of two secrets: the sender of the tests about verification. */
export const now = new Date('2026-01-05T09:40:00Z');
export const seconds = now.getTime() / 1000;
export const token = 'sample-webhook-token-0123456789abcdef';
export const signingToken = 'whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=';
export const plain: HookSecret = { webhookToken: token };
export const signing: HookSecret = { webhookToken: token, webhookSigningToken: signingToken };

export const hook = (headers: RawHook['headers'], body = '{"object_kind":"pipeline"}'): RawHook => ({
  headers,
  body: Buffer.from(body),
});

export const signed = (change: { id?: string; at?: string; body?: string; key?: string } = {}): RawHook => {
  const { id = 'f5e5f430', at = String(seconds), body = '{"object_kind":"pipeline"}', key = signingToken } = change;
  const signature = createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
    .update(`${id}.${at}.${body}`)
    .digest('base64');
  return hook({ 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }, body);
};

export const withHeaders = ({ headers, body }: RawHook, change: RawHook['headers']): RawHook => ({
  headers: { ...headers, ...change },
  body,
});
