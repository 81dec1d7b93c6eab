import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HookTokens } from '../../lib/domain/hook-documents.ts';
import { signHeaders } from '../../local/gitlab/sign-headers.ts';
import type { SentHook } from '../../local/secrets/hook-stream.ts';
import type { HookWorker } from './hook-worker.ts';
import { tokensShown, type RotatingHook } from './rotating-hook.ts';

/** `under way`: GitLab sent it a while before it arrives; `out of use`: an older version's tokens. */
export type Sender = 'authentic' | 'under way' | 'wrong token' | 'wrong signature' | 'out of use';
export const wrongSenders: readonly Sender[] = ['wrong token', 'wrong signature', 'out of use'];

/** One hook at one door. Times are ms since the epoch. */
export interface Knock extends SentHook {
  from: Sender;
  door: 'warm' | 'cold';
  /** when it was given its tokens; `sentAt`: when it arrived */
  tokensAt: number;
}

/** What arrives at a door, and with which tokens. */
export interface Prepared extends Pick<Knock, 'from' | 'tokensAt' | 'fingerprints' | 'project'> {
  event: APIGatewayProxyEventV2;
}

const signingKey = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const wrong = randomBytes(32).toString('hex');

const tokensOf = (hook: RotatingHook): Record<Sender, () => HookTokens | undefined> => ({
  authentic: hook.tokens,
  'under way': hook.tokens,
  'wrong token': () => ({ token: wrong }),
  'wrong signature': () => ({ token: wrong, signingToken: signingKey() }),
  'out of use': hook.outOfUse,
});

/** Hooks with the tokens that their sender has at that moment; before a version is out of use, with a wrong one instead. */
export const preparer = (hook: RotatingHook, hooks: { project: number; next: () => APIGatewayProxyEventV2 }) => {
  const senders = tokensOf(hook);
  return (asked: Sender): Prepared => {
    const found = senders[asked]();
    const [from, tokens] = found === undefined ? (['wrong token', { token: wrong }] as const) : [asked, found];
    const event = hooks.next();
    const sent = Object.entries(signHeaders({ body: event.body ?? '', ...tokens }));
    const headers = Object.fromEntries(sent.map(([header, value]) => [header.toLowerCase(), value]));
    return {
      ...{ from, tokensAt: Date.now(), project: hooks.project, fingerprints: tokensShown(tokens) },
      event: { ...event, headers: { ...event.headers, ...headers } },
    };
  };
};

export const knock = async (
  { lambda }: Pick<HookWorker, 'lambda'>,
  door: Knock['door'],
  { event, ...prepared }: Prepared,
): Promise<Knock> => {
  const sentAt = Date.now();
  const { statusCode: status = 'internal error' } = await lambda.invoke(event).catch(() => ({ statusCode: undefined }));
  return { ...prepared, door, sentAt, answeredAt: Date.now(), status };
};
