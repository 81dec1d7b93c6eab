import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { Rejection } from '../domain/failure.ts';
import type { HookSecret } from '../domain/hook-secret.ts';

/** A hook as it came in: header names in lower case, and the body's bytes, unread. */
export interface RawHook {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** Where the versions of the secret come from; `fresh` is asked when the cached ones do not fit. */
export interface SecretSource {
  cached(): Promise<readonly HookSecret[]>;
  fresh(): Promise<readonly HookSecret[]>;
}

/** Seconds a signature's timestamp may be off: what the Standard Webhooks reference libraries allow. */
export const timestampTolerance = 300;

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** In constant time; hashing first hides the length as well. */
const sameText = (a: string, b: string): boolean => timingSafeEqual(sha256(a), sha256(b));

const fresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(now.getTime() / 1000 - Number(timestamp)) <= timestampTolerance;

/**
 * GitLab signs `{webhook-id}.{webhook-timestamp}.{body}` with the decoded key (Standard Webhooks); the header is a
 * list, in which unknown versions are passed over. https://docs.gitlab.com/user/project/integrations/webhooks/
 */
const signedBy = (signingToken: string, { headers, body }: RawHook, now: Date): boolean => {
  const id = headers['webhook-id'] ?? '';
  const timestamp = headers['webhook-timestamp'] ?? '';
  if (id === '' || !fresh(timestamp, now)) return false;
  const key = Buffer.from(signingToken.replace(/^whsec_/, ''), 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const given = (headers['webhook-signature'] ?? '').split(' ');
  return given.map((one) => sameText(one, `v1,${expected}`)).includes(true);
};

/** Each version judges alone: with a signing token by signature only, without a fall-back that a forger could choose. */
const acceptedBy = (secret: HookSecret, hook: RawHook, now: Date): boolean =>
  secret.webhookSigningToken === undefined
    ? sameText(hook.headers['x-gitlab-token'] ?? '', secret.webhookToken)
    : signedBy(secret.webhookSigningToken, hook, now);

export const isAuthentic = (secrets: readonly HookSecret[], hook: RawHook, now: Date): boolean =>
  secrets.map((secret) => acceptedBy(secret, hook, now)).includes(true);

/**
 * Lets pass what GitLab sent, before anything of it is read. A mismatch asks for the newest secrets before it
 * refuses, since they may just have been changed. Raises Rejection `refused`.
 */
export const gitlabHook =
  (secrets: SecretSource, now: () => Date) =>
  async (hook: RawHook): Promise<void> => {
    if (isAuthentic(await secrets.cached(), hook, now())) return;
    if (isAuthentic(await secrets.fresh(), hook, now())) return;
    throw new Rejection('refused', 'token or signature do not fit');
  };
