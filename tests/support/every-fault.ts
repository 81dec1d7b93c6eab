import { DeployFailure } from '../../lib/domain/failure.ts';

type Method = (...args: never[]) => Promise<unknown>;
type Ports = object;

/** One call of a run: `fleet.service #2` is the second of its kind. */
interface Call {
  name: string;
  port: string;
  method: string;
}

type Act = (call: Call, original: () => Promise<unknown>, args: never[]) => Promise<unknown>;

const reads = [
  'service',
  'serviceDeployment',
  'addresses',
  'stopped',
  'actions',
  'targets',
  'target',
  'describe',
  'named',
];

const methodsOf = (port: unknown): [string, Method][] =>
  typeof port === 'object' && port !== null
    ? Object.entries(port as Record<string, unknown>).filter(
        (entry): entry is [string, Method] => typeof entry[1] === 'function',
      )
    : [];

/** The same ports, each of whose calls goes by `act`. */
export const intercepted = <P extends Ports>(ports: P, act: Act): P => {
  const counts = new Map<string, number>();
  const wrapped = (port: string, [method, original]: [string, Method]): [string, Method] => [
    method,
    async (...args) => {
      const nth = (counts.get(`${port}.${method}`) ?? 0) + 1;
      counts.set(`${port}.${method}`, nth);
      return act({ name: `${port}.${method} #${nth}`, port, method }, async () => original(...args), args);
    },
  ];
  const all = Object.entries(ports).map(([name, port]): [string, unknown] => {
    const methods = methodsOf(port).map((entry) => wrapped(name, entry));
    return [name, methods.length === 0 ? port : { ...(port as object), ...Object.fromEntries(methods) }];
  });
  return Object.fromEntries(all) as P;
};

const unavailable = (call: Call) => new DeployFailure('AwsUnavailable', `${call.name}: injected`);

const broken = <P extends Ports>(ports: P, name: string, how: 'refused' | 'lost'): P =>
  intercepted(ports, async (call, original) => {
    if (call.name !== name) return original();
    if (how === 'lost') await original();
    throw unavailable(call);
  });

/** One read answers what an untouched world has. */
const stale = <P extends Ports>(ports: P, name: string, old: P): P =>
  intercepted(ports, async (call, original, args) => {
    if (call.name !== name) return original();
    const then = methodsOf(old[call.port as keyof P]).find(([method]) => method === call.method);
    return then?.[1](...args);
  });

/** A verb, the world it acts in, and what of that world counts. */
export interface Trial<P extends Ports> {
  world: () => P | Promise<P>;
  run: (ports: P) => Promise<unknown>;
  state: (ports: P) => unknown;
}

const callsOf = async <P extends Ports>({ run }: Trial<P>, ports: P): Promise<Call[]> => {
  const calls: Call[] = [];
  await run(intercepted(ports, async (call, original) => (calls.push(call), original())));
  return calls;
};

const nameOf = async (ended: Promise<unknown>): Promise<string> =>
  ended.then(
    () => 'done',
    (error: unknown) => (error instanceof DeployFailure ? error.name : String(error)),
  );

/** How the world stands after each fault, by its words; `undisturbed` is how it should stand after all of them. */
export interface Outcomes {
  undisturbed: unknown;
  after: [fault: string, state: unknown][];
}

/**
 * Plays a verb once for each of its calls and faults: the call refused, its answer lost, each time followed by another
 * try, as the workflow has it; and each lost answer once more with each read of the second try lagging behind it.
 */
export const everyFault = async <P extends Ports>(trial: Trial<P>): Promise<Outcomes> => {
  const { world, run, state } = trial;
  const whole = await world();
  const calls = await callsOf(trial, whole);
  const after: Outcomes['after'] = [];
  for (const { name } of calls) {
    for (const how of ['refused', 'lost'] as const) {
      const ports = await world();
      const first = await nameOf(run(broken(ports, name, how)));
      const second = await nameOf(run(ports));
      after.push([`${name} ${how}: ${first}, ${second}`, state(ports)]);
    }
  }
  const lost = calls.filter(({ method }) => !reads.includes(method));
  const lagging = calls.filter(({ method }) => reads.includes(method));
  for (const { name } of lost) {
    for (const read of lagging) {
      const ports = await world();
      await nameOf(run(broken(ports, name, 'lost')));
      const second = await nameOf(run(stale(ports, read.name, await world())));
      if (second !== 'done') await run(ports);
      after.push([`${name} lost, ${read.name} stale: ${second}`, state(ports)]);
    }
  }
  return { undisturbed: state(whole), after };
};
