import { deliver, succeeded, type Delivery, type Outgoing } from './delivery.ts';
import { alertStatus, recordFailure, recordSuccess } from './hook-health.ts';
import type { Trigger } from './triggers.ts';
import type { GitlabWorld, Hook, Project } from './world.ts';

export interface HookSender {
  /** An event of the project: each of its hooks that asks for it gets it, from the payload as it is when sent. */
  fire(project: Project, trigger: Trigger, payload: () => unknown): void;
  /** One request, also to a disabled hook. Waits for the answer. */
  send(hook: Hook, outgoing: Outgoing): Promise<Delivery>;
  /** Settles when nothing waits to be sent or answered. */
  idle(): Promise<void>;
  /** oldest first */
  readonly deliveries: readonly Delivery[];
}

/** Runs `act` when the Sidekiq job's turn has come; at once, in this very call, without a delay. */
const later = (world: GitlabWorld, act: () => Promise<void>): Promise<void> => {
  const delay = world.instance.hookDelay * 1000;
  if (delay === 0) return act();
  return new Promise((resolve, reject) => {
    world.clock.after(delay, () => {
      act().then(resolve, reject);
    });
  });
};

/** Sends hooks as GitLab does: each once, with no second try, and not at all while the hook is disabled. */
export const createHookSender = (world: GitlabWorld): HookSender => {
  const deliveries: Delivery[] = [];
  const underWay = new Set<Promise<void>>();

  const send = async (hook: Hook, outgoing: Outgoing): Promise<Delivery> => {
    const delivery = await deliver(world, hook, outgoing);
    deliveries.push(delivery);
    if (succeeded(delivery)) recordSuccess(hook);
    else recordFailure(hook, world.clock);
    return delivery;
  };

  const enqueue = (hook: Hook, trigger: Trigger, payload: () => unknown): void => {
    const idempotencyKey = world.ids.uuid();
    const work = later(world, async () => {
      // Dropped without a trace: no log entry, nothing to resend.
      if (alertStatus(hook, world.clock) !== 'executable') return;
      await send(hook, { trigger, body: JSON.stringify(payload()), idempotencyKey });
    });
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };

  return {
    fire: (project, trigger, payload) => {
      const wanting = project.hooks.filter(({ events }) => events.get(trigger) === true);
      for (const hook of wanting) enqueue(hook, trigger, payload);
    },
    send,
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    deliveries,
  };
};
