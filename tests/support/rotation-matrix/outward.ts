import { AsyncLocalStorage } from 'node:async_hooks';
import { siteName, type Disturbance, type Site } from './fault.ts';

/** What a fault looks like to a caller; each raises or answers as the protocol's client does. */
export interface Faulty<T> {
  refused: () => Promise<T>;
  lost: () => Promise<T>;
}

/** One run of a Lambda. */
interface Invocation {
  step: string;
  counts: Map<string, number>;
  dead: boolean;
  die: () => void;
}

/** How a Lambda that died looks to whoever invoked it. */
export const deathName = 'Lambda.Unknown';
const death = (): Error => Object.assign(new Error('the Lambda died'), { name: deathName });
const isDead = ({ dead }: Invocation): boolean => dead;
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What takes part in each call: the world's time, and who looks on. */
export interface Surroundings {
  /** before the call is made */
  before: (site: Site) => Promise<void>;
  /** after the other side has done its work, before its answer is there */
  after: (site: Site) => Promise<void>;
  /** what somebody else does where the disturbance is `meddled` */
  meddle: () => void;
}

export interface Outward {
  /** all sites, in the order of their first call */
  sites: readonly Site[];
  /** Runs a Lambda once; the calls that it makes are seen, and one of them may be disturbed. */
  invoke: <T>(step: string, act: () => Promise<T>) => Promise<T>;
  /** One call outwards. Outside of an invocation it is let through unseen. */
  call: <T>(operation: string, faulty: Faulty<T>, act: () => Promise<T>) => Promise<T>;
  /** From now on calls are recorded, and the disturbance may strike. */
  arm: () => void;
  /** Waits, unless the Lambda is dead: then for ever. */
  wait: (act: () => Promise<void>) => Promise<void>;
  struck: () => boolean;
}

export const outward = ({ before, after, meddle }: Surroundings, disturbance?: Disturbance): Outward => {
  const current = new AsyncLocalStorage<Invocation>();
  const sites: Site[] = [];
  const seen = new Set<string>();
  let struck = false;
  let armed = false;

  const siteOf = ({ step, counts }: Invocation, operation: string): Site => {
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    return { step, operation, nth };
  };

  /** Whether the disturbance strikes here: once. */
  const strikes = (site: Site): boolean => {
    if (!armed) return false;
    const name = siteName(site);
    if (!seen.has(name)) sites.push(site);
    seen.add(name);
    if (struck || disturbance === undefined || siteName(disturbance.site) !== name) return false;
    struck = true;
    return true;
  };

  const callOf = async <T>(invocation: Invocation, operation: string, { faulty, act }: Acting<T>): Promise<T> => {
    if (isDead(invocation)) return never();
    const site = siteOf(invocation, operation);
    const fault = strikes(site) ? disturbance?.fault : undefined;
    await before(site);
    if (isDead(invocation)) return never();
    if (fault === 'refused') return faulty.refused();
    const answer = await act();
    if (fault === 'meddled') meddle();
    await after(site);
    if (fault === 'dies') invocation.die();
    if (isDead(invocation)) return never();
    return fault === 'answer lost' ? faulty.lost() : answer;
  };

  return {
    sites,
    invoke: (step, act) =>
      new Promise((resolve, reject) => {
        const die = (): void => {
          invocation.dead = true;
          reject(death());
        };
        const invocation: Invocation = { step, counts: new Map(), dead: false, die };
        current.run(invocation, () => Promise.resolve().then(act)).then(resolve, reject);
      }),
    call: (operation, faulty, act) => {
      const invocation = current.getStore();
      return invocation === undefined ? act() : callOf(invocation, operation, { faulty, act });
    },
    wait: async (act) => {
      const invocation = current.getStore();
      await act();
      if (invocation?.dead === true) await never();
    },
    arm: () => {
      armed = true;
    },
    struck: () => struck,
  };
};

interface Acting<T> {
  faulty: Faulty<T>;
  act: () => Promise<T>;
}
