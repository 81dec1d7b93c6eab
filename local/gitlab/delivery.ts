import { fingerprint } from './fingerprint.ts';
import { postHook, type HookAnswer } from './post-hook.ts';
import { withoutAddresses } from './redaction.ts';
import { signHeaders } from './sign-headers.ts';
import { triggers, type Trigger } from './triggers.ts';
import { knowsSigning, type GitlabWorld, type Hook } from './world.ts';

/** One request to a receiver and what came of it: an entry of the hook's log. */
export interface Delivery {
  id: number;
  hook: number;
  project: number;
  trigger: Trigger;
  url: string;
  /** ISO 8601, world time */
  at: string;
  idempotencyKey: string;
  /** the double's own: which tokens the hook had when it was sent */
  fingerprints: { token?: string; signing?: string };
  /** X-Gitlab-Token and custom headers redacted */
  requestHeaders: Record<string, string>;
  /** the payload without e-mail addresses; {} when the body was no JSON */
  requestData: unknown;
  /** `internal error`: no answer (time over, connection lost) */
  responseStatus: number | 'internal error';
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** real seconds */
  seconds: number;
  error?: string;
}

export interface Outgoing {
  trigger: Trigger;
  body: string;
  idempotencyKey: string;
  /** last word on the headers: null takes one away */
  headers?: Record<string, string | null> | undefined;
}

const headersFor = (world: GitlabWorld, hook: Hook, outgoing: Outgoing): Record<string, string> => {
  const { instance } = world;
  const own = signHeaders({
    body: outgoing.body,
    event: triggers[outgoing.trigger].header,
    id: outgoing.idempotencyKey,
    token: hook.token,
    signingToken: knowsSigning(instance) ? hook.signingToken : undefined,
    version: instance.version,
    instance: instance.url,
    uuid: () => world.ids.uuid(),
  });
  // Custom headers come first, so that they never override GitLab's own.
  const headers: Record<string, string> = { ...Object.fromEntries(hook.customHeaders), ...own };
  for (const [name, value] of Object.entries(outgoing.headers ?? {})) {
    const present = Object.keys(headers).find((other) => other.toLowerCase() === name.toLowerCase());
    if (present !== undefined) Reflect.deleteProperty(headers, present);
    if (value !== null) headers[name] = value;
  }
  return headers;
};

const redacted = (hook: Hook, headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.toLowerCase() === 'x-gitlab-token' || hook.customHeaders.has(name) ? '[REDACTED]' : value,
    ]),
  );

const parsed = (body: string): unknown => {
  try {
    return withoutAddresses(JSON.parse(body));
  } catch {
    return {};
  }
};

const fingerprintsOf = (world: GitlabWorld, { token, signingToken }: Hook): Delivery['fingerprints'] => ({
  ...(token !== undefined && { token: fingerprint(token) }),
  ...(signingToken !== undefined && knowsSigning(world.instance) && { signing: fingerprint(signingToken) }),
});

type Outcome = Pick<Delivery, 'responseStatus' | 'responseHeaders' | 'responseBody'> & { error?: string };

const answered = ({ status, headers, body }: HookAnswer): Outcome => ({
  responseStatus: status,
  responseHeaders: headers,
  responseBody: body,
});

const unanswered = (error: unknown): Outcome => ({
  responseStatus: 'internal error',
  responseHeaders: {},
  responseBody: '',
  error: error instanceof Error ? error.message : String(error),
});

const outcomeOf = (world: GitlabWorld, { url }: Hook, request: { headers: Record<string, string>; body: string }) =>
  postHook({ url, ...request, timeout: world.instance.webhookTimeout, hosts: world.hosts }).then(answered, unanswered);

/** Makes the one request that GitLab makes, and its entry in the log. */
export const deliver = async (world: GitlabWorld, hook: Hook, outgoing: Outgoing): Promise<Delivery> => {
  const { trigger, idempotencyKey, body } = outgoing;
  const { url, id, project } = hook;
  const headers = headersFor(world, hook, outgoing);
  const at = new Date(world.clock.now()).toISOString();
  const fingerprints = fingerprintsOf(world, hook);
  const begun = performance.now();
  const outcome = await outcomeOf(world, hook, { headers, body });
  const seconds = (performance.now() - begun) / 1000;
  const about = { id: world.ids.next('delivery'), hook: id, project, trigger, url, at, idempotencyKey, fingerprints };
  return { ...about, requestHeaders: redacted(hook, headers), requestData: parsed(body), ...outcome, seconds };
};

/** Everything but 2xx and 3xx counts as a failure. */
export const succeeded = ({ responseStatus }: Delivery): boolean =>
  responseStatus !== 'internal error' && responseStatus >= 200 && responseStatus < 400;
