import type { Clock } from '../../clock.ts';
import type { Fleet } from '../world/fleet.ts';
import type { Task } from '../world/records.ts';
import type { Nodes } from './nodes.ts';
import type { Route, Routed } from './routing.ts';
import { routeBy } from './routing.ts';

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
}

/** What else a request has. */
export type UserRequest = Omit<Routed, 'path'>;

/** What users meet: the load balancer's nodes and the tasks behind them. */
export interface DataPlane {
  /** Decides where one request with this path would go, as one of the nodes sees the world now. */
  route: (path: string, more?: UserRequest) => Route;
  /** Sends one request; `answered` is called once its world time has passed. */
  request: (path: string, answered: (answer: Answer) => void, more?: UserRequest) => void;
}

/** Requests of users change nothing in the fleet; their time passes on a clock of their own. */
export const dataPlaneOf = (fleet: Fleet, nodes: Nodes, clock: Clock): DataPlane => {
  const route: DataPlane['route'] = (path, more = {}) => routeBy(nodes.table(), { path, ...more }, fleet.traffic);
  return {
    route,
    request: (path, answered, more = {}) => {
      const decided = route(path, more);
      if (decided.kind === 'answer') {
        answered({ status: decided.status, body: { message: decided.body } });
        return;
      }
      serve({ fleet, clock }, decided, answered);
    },
  };
};

type ToTarget = Extract<Route, { kind: 'target' }>;

/** A task that is not there, does not answer well, or ends while it answers fails the request, as it would. */
const serve = (
  { fleet, clock }: { fleet: Fleet; clock: Clock },
  { groupArn, targetId }: ToTarget,
  answered: (answer: Answer) => void,
): void => {
  const task = [...fleet.tasks.values()].find(({ ip, status }) => ip === targetId && status !== 'STOPPED');
  if (task === undefined || task.closed || !answersIn(task, groupArn)) {
    answered(BAD_GATEWAY);
    return;
  }
  const answerer = answererOf(task, groupArn);
  clock.after(Math.round(fleet.traffic.between(FASTEST, SLOWEST)), () => {
    answered(task.executionStoppedAt === undefined ? { status: 200, body: answerer } : BAD_GATEWAY);
  });
};

const BAD_GATEWAY: Answer = { status: 502, body: { message: 'Bad Gateway' } };

const containerIn = (task: Task, groupArn: string): Task['containers'][number] | undefined => {
  const entry = task.loadBalancers.find(({ targetGroupArn }) => targetGroupArn === groupArn);
  return task.containers.find(({ definition }) => definition.name === entry?.containerName);
};

const answersIn = (task: Task, groupArn: string): boolean => containerIn(task, groupArn)?.answers ?? false;

const answererOf = (task: Task, groupArn: string): Answerer => {
  const container = containerIn(task, groupArn);
  const { family, revision } = task.rollout.revision.taskDefinition;
  return {
    service: task.service.name,
    revision: `${family}:${String(revision)}`,
    image: container?.definition.image ?? '',
    digest: container?.image?.digest ?? '',
    task: task.arn,
  };
};
