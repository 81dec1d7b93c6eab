import type { Clock } from '../../clock.ts';
import { postHook } from '../post-hook.ts';
import { envelope, type RegistryEvent } from './registry-event.ts';

/** An endpoint as gitlab.rb's `registry['notifications']` configures it, and how the registry's version goes about it. */
export interface NotificationEndpoint {
  name: string;
  url: string;
  /** `Authorization` and what an emulated API Gateway needs */
  headers: Record<string, string>;
  /** real milliseconds for an answer; Omnibus: 500 */
  timeout: number;
  /** tries after the first: for ever (distribution, GitLab's registry before 3.93), or so many, then the event is lost */
  retries: 'for ever' | number;
  /** world milliseconds before the next try; with a number of retries 1.5 times as long each time */
  backoff: number;
  /** of the content type `application/vnd.docker.distribution.events.v1+json` */
  version: 'v1' | 'v2';
  ignore: { mediaTypes: readonly string[]; actions: readonly string[] };
}

/** One try to deliver one event. */
export interface RegistryDelivery {
  /** the event's id: the same for each try */
  event: string;
  endpoint: string;
  /** from 1 */
  attempt: number;
  /** ISO 8601, world time */
  at: string;
  action: string;
  repository: string;
  mediaType?: string;
  digest?: string;
  tag?: string;
  responseStatus: number | 'internal error';
  responseBody: string;
  /** real seconds */
  seconds: number;
  /** what comes of it: `lost` after the last try */
  state: 'accepted' | 'to be retried' | 'lost';
}

export interface NotificationSender {
  /** Installs an endpoint, in place of the one of that name: what waited for that one is dropped. */
  install(endpoint: NotificationEndpoint): void;
  remove(name: string): void;
  notify: (event: RegistryEvent) => void;
  /** Settles when nothing waits to be sent. */
  idle(): Promise<void>;
  /** oldest first */
  readonly deliveries: readonly RegistryDelivery[];
}

interface Queue {
  endpoint: NotificationEndpoint;
  work: Promise<void>;
  open: boolean;
}

const headersFor = ({ headers, version }: NotificationEndpoint): Record<string, string> => ({
  'User-Agent': 'Go-http-client/1.1',
  ...headers,
  'Content-Type': `application/vnd.docker.distribution.events.${version}+json`,
});

type Outcome = Pick<RegistryDelivery, 'responseStatus' | 'responseBody'>;

const post = (endpoint: NotificationEndpoint, body: string): Promise<Outcome> =>
  postHook({ url: endpoint.url, headers: headersFor(endpoint), body, timeout: endpoint.timeout / 1000 }).then(
    (answer): Outcome => ({ responseStatus: answer.status, responseBody: answer.body }),
    (): Outcome => ({ responseStatus: 'internal error', responseBody: '' }),
  );

const isAccepted = ({ responseStatus }: Outcome): boolean =>
  responseStatus !== 'internal error' && responseStatus >= 200 && responseStatus < 400;

const stateOf = ({ retries }: NotificationEndpoint, outcome: Outcome, attempt: number): RegistryDelivery['state'] => {
  if (isAccepted(outcome)) return 'accepted';
  return retries === 'for ever' || attempt <= retries ? 'to be retried' : 'lost';
};

const pause = ({ retries, backoff }: NotificationEndpoint, attempt: number): number =>
  retries === 'for ever' ? backoff : backoff * 1.5 ** (attempt - 1);

const aboutOf = ({ id, action, target }: RegistryEvent) => {
  const { mediaType, digest, tag, repository } = target;
  return {
    event: id,
    action,
    repository,
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(digest === undefined ? {} : { digest }),
    ...(tag === undefined ? {} : { tag }),
  };
};

const ignores = ({ ignore }: NotificationEndpoint, { action, target }: RegistryEvent): boolean =>
  ignore.actions.includes(action) || ignore.mediaTypes.includes(target.mediaType ?? '');

interface Attempt {
  event: RegistryEvent;
  body: string;
  /** from 1 */
  number: number;
}

const attemptOnce = async (
  clock: Clock,
  endpoint: NotificationEndpoint,
  attempt: Attempt,
): Promise<RegistryDelivery> => {
  const at = new Date(clock.now()).toISOString();
  const begun = performance.now();
  const outcome = await post(endpoint, attempt.body);
  const seconds = (performance.now() - begun) / 1000;
  const state = stateOf(endpoint, outcome, attempt.number);
  return {
    ...aboutOf(attempt.event),
    endpoint: endpoint.name,
    attempt: attempt.number,
    at,
    ...outcome,
    seconds,
    state,
  };
};

/** Tries until the event is accepted or lost, or its endpoint is taken away. */
const deliver = async (
  { clock, deliveries }: { clock: Clock; deliveries: RegistryDelivery[] },
  queue: Queue,
  event: RegistryEvent,
): Promise<void> => {
  const body = envelope(event);
  for (let number = 1; queue.open; number += 1) {
    const delivery = await attemptOnce(clock, queue.endpoint, { event, body, number });
    deliveries.push(delivery);
    if (delivery.state !== 'to be retried') return;
    await new Promise<void>((resolve) => clock.after(pause(queue.endpoint, number), resolve));
  }
};

/** Settles when no queue has had new work while all that was known got done. */
const allDone = async (queues: ReadonlyMap<string, Queue>): Promise<void> => {
  const now = (): Promise<void>[] => [...queues.values()].map(({ work }) => work);
  let seen: Promise<void>[] = [];
  while (now().some((work, index) => work !== seen[index])) {
    seen = now();
    await Promise.all(seen);
  }
};

/**
 * Sends events as a registry does: to each endpoint one after the other, and none before the one ahead of it is
 * accepted or lost. https://distribution.github.io/distribution/about/notifications/
 */
export const createNotificationSender = (clock: Clock): NotificationSender => {
  const deliveries: RegistryDelivery[] = [];
  const queues = new Map<string, Queue>();
  const remove = (name: string): void => {
    const queue = queues.get(name);
    if (queue !== undefined) queue.open = false;
    queues.delete(name);
  };
  return {
    install: (endpoint) => {
      remove(endpoint.name);
      queues.set(endpoint.name, { endpoint, work: Promise.resolve(), open: true });
    },
    remove,
    notify: (event) => {
      for (const queue of queues.values()) {
        if (ignores(queue.endpoint, event)) continue;
        queue.work = queue.work.then(() => deliver({ clock, deliveries }, queue, event));
      }
    },
    idle: () => allDone(queues),
    deliveries,
  };
};
