import { createHmac } from 'node:crypto';
import type { HookSecret } from '../domain/hook-secret.ts';
import { letPass, sameText, type RawHook, type SecretSource } from './let-pass.ts';

/** Seconds a signature's timestamp may be off: what the Standard Webhooks reference libraries allow. */
export const timestampTolerance = 300;

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

/** Lets pass what GitLab sent, before anything of it is read. Raises Rejection `refused`. */
export const gitlabHook = (secrets: SecretSource, now: () => Date): ((hook: RawHook) => Promise<void>) =>
  letPass(secrets, (versions, hook) => isAuthentic(versions, hook, now()));
