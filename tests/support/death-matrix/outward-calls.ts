import { AsyncLocalStorage } from 'node:async_hooks';
import type { Task } from '../workflow-machine.ts';
import type { Call } from './call-site.ts';
import { striker, type Disturbance, type Fault } from './fault.ts';

/** What a fault looks like to a caller of this protocol; each answers or raises as the protocol's client does. */
export interface Faulty<T> {
  refused: () => Promise<T>;
  throttled: () => Promise<T>;
  lost: () => Promise<T>;
}

/** What a fault needs of the workflow's world. */
export interface Hands {
  /** stops an execution, as StopExecution does: its Lambda that is under way goes on */
  stop: (execution: string) => void;
  /** until the recovery of a stopped execution has begun, or it is certain that there is none */
  late: () => Promise<void>;
}

export interface OutwardCalls {
  /** all calls so far, in order */
  calls: readonly Call[];
  /** The tasks of one execution, by state: what each invocation calls is seen, and it may die. */
  tasks: (execution: string, tasks: Record<string, Task>) => Record<string, Task>;
  /** One call outwards; outside of a task it is let through unseen. */
  call: <T>(what: { service: string; operation: string }, faulty: Faulty<T>, act: () => Promise<T>) => Promise<T>;
  /** whether the disturbance has happened */
  struck: () => boolean;
  /** until no task is under way, those of stopped executions included */
  idle: () => Promise<void>;
}

interface Invocation {
  execution: string;
  state: string;
  look: number;
  counts: Map<string, number>;
  die: () => void;
}

const next = <K>(counts: Map<K, number>, key: K): number => {
  const count = (counts.get(key) ?? 0) + 1;
  counts.set(key, count);
  return count;
};

/** How Step Functions names a Lambda that ran out of time or memory. https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html */
export const deathName = 'Lambda.Unknown';

const death = (): Error => Object.assign(new Error('Task timed out'), { name: deathName });
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** Records every call that tasks make outwards, and disturbs one of them. */
export const outwardCalls = (hands: Hands, disturbance?: Disturbance): OutwardCalls => {
  const current = new AsyncLocalStorage<Invocation>();
  const looks = new Map<string, number>();
  const calls: Call[] = [];
  const underWay = new Set<Promise<unknown>>();
  const strikes = disturbance === undefined ? () => false : striker(disturbance);
  let struck = false;

  const disturbed = async <T>(
    fault: Fault,
    { execution, die }: Invocation,
    faulty: Faulty<T>,
    act: () => Promise<T>,
  ) => {
    if (fault === 'refused') return faulty.refused();
    if (fault === 'throttled') return faulty.throttled();
    if (fault === 'stopped, call late') {
      hands.stop(execution);
      await hands.late();
      return act();
    }
    if (fault !== 'dies before') await act();
    if (fault === 'answer lost') return faulty.lost();
    die();
    return never<T>();
  };

  const invoke = (of: { execution: string; state: string }, act: () => Promise<unknown>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const look = next(looks, `${of.execution}\n${of.state}`);
      const die = () => {
        underWay.delete(run);
        reject(death());
      };
      const run = current.run({ ...of, look, counts: new Map(), die }, () => Promise.resolve().then(act));
      underWay.add(run);
      run.finally(() => underWay.delete(run)).then(resolve, reject);
    });

  return {
    calls,
    tasks: (execution, tasks) =>
      Object.fromEntries(
        Object.entries(tasks).map(([state, task]) => [
          state,
          (input) => invoke({ execution, state }, () => task(input)),
        ]),
      ),
    call: (what, faulty, act) => {
      const invocation = current.getStore();
      if (invocation === undefined) return act();
      const { execution, state, look, counts } = invocation;
      const nth = next(counts, `${what.service}.${what.operation}`);
      const call: Call = { ...what, execution, state, look, nth, done: false };
      calls.push(call);
      const work = async () => {
        const answer = await act();
        call.done = true;
        return answer;
      };
      if (disturbance === undefined || !strikes(call)) return work();
      struck = true;
      return disturbed(disturbance.fault, invocation, faulty, work);
    },
    struck: () => struck,
    idle: async () => {
      await Promise.allSettled(underWay);
    },
  };
};
