import type { Fleet } from '../world/fleet.ts';
import { SECOND } from '../world/fleet.ts';
import type { ServiceRecord, Task } from '../world/records.ts';
import type { WithTasks } from './service-copy.ts';
import { copyOfService, isAsCopied } from './service-copy.ts';
import type { Kept, PastService } from './parts.ts';
import type { Subject } from './subjects.ts';
import { keyOf } from './subjects.ts';

/** The services whose reads lag, and how they were for as long as that can be asked for. */
export interface Lagging {
  /** Keeps how each of them is now; to be called after whatever may have changed one. */
  keep: () => void;
  /** A service is about to be created: reads will not know it for that time. */
  keepAbsent: (service: Extract<Subject, { kind: 'service' }>, seconds: number) => void;
  /** By key, each of them as it was as long ago as it lags. */
  asTheyWere: () => Map<string, Kept>;
}

/** How a service was from a moment on. */
interface Moment {
  readonly at: number;
  readonly part: PastService;
}

interface History {
  readonly milliseconds: number;
  /** oldest first; the first one holds for all the time before */
  readonly moments: readonly Moment[];
}

export const laggingIn = (fleet: Fleet): Lagging => {
  const histories = new Map<string, History>();
  return {
    keep: () => {
      const services = servicesOf(fleet);
      for (const service of services.filter(({ readsLag }) => readsLag === 0)) histories.delete(keyOfService(service));
      const late = services.filter(({ readsLag }) => readsLag > 0);
      const tasks = late.length === 0 ? new Map<ServiceRecord, Task[]>() : tasksByService(fleet);
      for (const service of late) {
        const key = keyOfService(service);
        const present = { service, tasks: tasks.get(service) ?? [] };
        histories.set(key, continued(histories.get(key), present, fleet.clock.now()));
      }
    },
    keepAbsent: (service, seconds) => {
      const moments = [{ at: -Infinity, part: service }];
      histories.set(keyOf(service), { milliseconds: seconds * SECOND, moments });
    },
    asTheyWere: () =>
      new Map(
        [...histories].flatMap(([key, history]) => asItWas(history, fleet.clock.now()).map((kept) => [key, kept])),
      ),
  };
};

const servicesOf = ({ clusters }: Fleet): ServiceRecord[] =>
  [...clusters.values()].flatMap(({ services }) => [...services.values()]);

const keyOfService = ({ cluster, name }: ServiceRecord): string =>
  keyOf({ kind: 'service', cluster: cluster.name, name });

const tasksByService = ({ tasks }: Fleet): Map<ServiceRecord, Task[]> =>
  Map.groupBy(tasks.values(), (task) => task.service);

/** The history with the present in it, without what nobody can ask for any more. */
const continued = (history: History | undefined, present: WithTasks, now: number): History => {
  const milliseconds = present.service.readsLag * SECOND;
  const { moments = [] } = history ?? {};
  const latest = moments.at(-1)?.part.copy;
  if (latest !== undefined && isAsCopied(present, latest))
    return { milliseconds, moments: needed(moments, now - milliseconds) };
  const moment = momentOf(present, moments.length === 0 ? -Infinity : now);
  const all = [...moments.filter(({ at }) => at < moment.at), moment];
  return { milliseconds, moments: needed(all, now - milliseconds) };
};

const momentOf = (present: WithTasks, at: number): Moment => {
  const { name, cluster } = present.service;
  const copy = copyOfService(present);
  return { at, part: { kind: 'service', cluster: cluster.name, name, original: present.service, copy } };
};

const needed = (moments: readonly Moment[], since: number): readonly Moment[] =>
  moments.slice(
    Math.max(
      0,
      moments.findLastIndex(({ at }) => at <= since),
    ),
  );

const asItWas = ({ milliseconds, moments }: History, now: number): Kept[] => {
  const at = now - milliseconds;
  const found = moments.findLast((moment) => moment.at <= at) ?? moments[0];
  return found === undefined ? [] : [{ at, part: found.part }];
};
