import type { Clock } from '../../clock.ts';
import type { ServiceTraffic } from '../traffic-view.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Task, TaskContainer } from '../world/records.ts';
import type { Nodes } from './nodes.ts';
import type { Route, Routed } from './routing.ts';
import { routeBy } from './routing.ts';
import { trafficCount } from './traffic-count.ts';

/** Milliseconds of world time that a task takes to answer. */
const FASTEST = 20;
const SLOWEST = 250;

/** Who answered a user. */
export interface Answerer {
  service: string;
  /** family:revision */
  revision: string;
  image: string;
  digest: string;
  /** the task's ARN */
  task: string;
}

export interface Answer {
  status: number;
  body: Answerer | { message: string };
  /** Set-Cookie header */
  cookie?: string | undefined;
}

/** What else a request has. */
export interface UserRequest extends Omit<Routed, 'path' | 'now'> {
  /** milliseconds of real time that the task is to take instead of its own */
  takes?: number | undefined;
}

/** What users meet: the load balancer's nodes and the tasks behind them. */
export interface DataPlane {
  /** Decides where one request with this path would go, as one of the nodes sees the world now. */
  route: (path: string, more?: UserRequest) => Route;
  /** Sends one request; `answered` is called once its time has passed. */
  request: (path: string, answered: (answer: Answer) => void, more?: UserRequest) => void;
  /** Answers by the name of the service that gave them or should have; '' for the load balancer's own. */
  traffic: () => Record<string, ServiceTraffic>;
}

/** Requests of users only change images that crash under them; their time passes on a clock of their own. */
export const dataPlaneOf = (fleet: Fleet, nodes: Nodes, clock: Clock): DataPlane => {
  const counts = trafficCount();
  const route: DataPlane['route'] = (path, more = {}) =>
    routeBy(nodes.table(), { path, now: clock.now(), ...more }, fleet.traffic);
  return {
    route,
    request: (path, answered, more = {}) => {
      const decided = route(path, more);
      if (decided.kind === 'answer') {
        counts.add('', decided.status);
        answered({ status: decided.status, body: { message: decided.body } });
        return;
      }
      const takes = more.takes === undefined ? ownTime(fleet, clock) : realTime(more.takes);
      serve({ fleet, takes }, decided, (service, answer) => {
        counts.add(service, answer.status);
        answered({ ...answer, cookie: decided.cookie });
      });
    },
    traffic: counts.sums,
  };
};

/** Runs what it is given once a request's time has passed. */
type Takes = (act: () => void) => void;

const ownTime =
  ({ traffic }: Fleet, clock: Clock): Takes =>
  (act) => {
    clock.after(Math.round(traffic.between(FASTEST, SLOWEST)), act);
  };

const realTime =
  (milliseconds: number): Takes =>
  (act) => {
    setTimeout(act, milliseconds).unref();
  };

type ToTarget = Extract<Route, { kind: 'target' }>;

/** A task that is not there, does not answer well, or ends while it answers fails the request, as it would. */
const serve = (
  { fleet, takes }: { fleet: Fleet; takes: Takes },
  { groupArn, targetId }: ToTarget,
  answered: (service: string, answer: Answer) => void,
): void => {
  const task = taskAt(fleet, targetId);
  const container = task && containerIn(task, groupArn);
  if (task === undefined || container === undefined || task.closed || !container.answers) {
    answered(task?.service.name ?? '', BAD_GATEWAY);
    return;
  }
  const body = answererOf(task, container);
  container.asked();
  const { status } = container;
  takes(() => {
    answered(body.service, task.executionStoppedAt === undefined ? { status, body } : BAD_GATEWAY);
  });
};

const BAD_GATEWAY: Answer = { status: 502, body: { message: 'Bad Gateway' } };

/** Addresses are given again only when nobody remembers them. */
const taskAt = ({ tasks }: Fleet, address: string): Task | undefined => {
  for (const task of tasks.values()) if (task.ip === address) return task;
  return undefined;
};

const containerIn = (task: Task, groupArn: string): TaskContainer | undefined => {
  const entry = task.loadBalancers.find(({ targetGroupArn }) => targetGroupArn === groupArn);
  return task.containers.find(({ definition }) => definition.name === entry?.containerName);
};

const answererOf = (task: Task, container: TaskContainer): Answerer => {
  const { family, revision } = task.rollout.revision.taskDefinition;
  return {
    service: task.service.name,
    revision: `${family}:${String(revision)}`,
    image: container.definition.image ?? '',
    digest: container.image?.digest ?? '',
    task: task.arn,
  };
};
