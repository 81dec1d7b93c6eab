import { RotationFailure } from './failure.ts';
import type { HookDocument } from './rotation-documents.ts';

/** What GitLab is told to send with its hooks. */
export interface HookTokens {
  token: string;
  signingToken?: string;
}

/** What a version of the hook secret says; undefined: it has no token yet. */
export const hookTokens = (document: HookDocument | undefined): HookTokens | undefined => {
  const { webhook_token: token, webhook_signing_token: signingToken } = document ?? {};
  if (token === undefined) return undefined;
  return { token, ...(signingToken === undefined ? {} : { signingToken }) };
};

/** A version that a rotation made. */
export interface PendingHook {
  tokens: HookTokens;
  /** ms since 1970, our clock */
  madeAt: number;
  base: string | undefined;
}

/** Raises RotationRefused when no rotation made this value. */
export const pendingHook = (document: HookDocument | undefined, version: string): PendingHook => {
  const tokens = hookTokens(document);
  const madeAt = Date.parse(document?.made_at ?? '');
  if (tokens === undefined || Number.isNaN(madeAt))
    throw new RotationFailure('RotationRefused', 'AWSPENDING has no value that a rotation made', {
      facts: { version },
    });
  return { tokens, madeAt, base: document?.base_version };
};

/** `random` answers that many random bytes. */
interface Making {
  base: string | undefined;
  madeAt: Date;
  signed: boolean;
  random: (count: number) => Uint8Array;
}

/**
 * The next version of the hook secret: new tokens, and every other key as it was. GitLab takes as a signing token only `whsec_`
 * and the base64 of 32 bytes.
 */
export const nextHookDocument = (current: HookDocument, { base, madeAt, signed, random }: Making): HookDocument => {
  const next: HookDocument = {
    ...current,
    webhook_token: Buffer.from(random(32)).toString('hex'),
    webhook_signing_token: `whsec_${Buffer.from(random(32)).toString('base64')}`,
    made_at: madeAt.toISOString(),
    base_version: base ?? '',
  };
  if (!signed) delete next.webhook_signing_token;
  if (base === undefined) delete next.base_version;
  return next;
};
