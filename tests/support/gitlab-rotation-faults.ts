import { DeployFailure } from '../../lib/domain/failure.ts';
import type { GitlabWorld } from './gitlab-rotation-world.ts';

type Method = (...args: never[]) => Promise<unknown>;
type Ports = GitlabWorld['ports'];

/**
 * `refused`: nothing is done. `lost`: done, and the caller hears nothing. `dies`: done, and the caller does nothing more.
 */
export const faults = ['refused', 'lost', 'dies'] as const;
export type Fault = (typeof faults)[number];

/** The invocation is no more. */
class Death extends Error {}

const disturbed = ['versions', 'tokens', 'journal', 'targets'] as const;

export interface Disturbed {
  ports: Ports;
  /** names of the calls so far: `tokens.create #2` is the second of its kind */
  calls: string[];
}

const play = async (fault: Fault | undefined, act: () => Promise<unknown>, dead: { is: boolean }): Promise<unknown> => {
  if (fault === 'refused') throw new DeployFailure('AwsUnavailable', 'injected');
  const answer = await act();
  if (fault === 'dies') {
    dead.is = true;
    throw new Death();
  }
  if (fault === 'lost') throw new DeployFailure('AwsUnavailable', 'injected');
  return answer;
};

/** The ports, of whose calls some fail; `after` sees the world after each call. */
export const withFaults = (
  ports: Ports,
  faultOf: (call: string, nth: number) => Fault | undefined,
  after: (call: string) => void = () => undefined,
): Disturbed => {
  const calls: string[] = [];
  const counts = new Map<string, number>();
  const dead = { is: false };
  const wrapped = (port: string, name: string, original: Method): Method => {
    return async (...args) => {
      if (dead.is) throw new Death();
      const nth = (counts.get(`${port}.${name}`) ?? 0) + 1;
      counts.set(`${port}.${name}`, nth);
      const call = `${port}.${name} #${nth}`;
      calls.push(call);
      try {
        return await play(faultOf(call, calls.length), async () => original(...args), dead);
      } finally {
        after(call);
      }
    };
  };
  const all = disturbed.map((port) => {
    const methods = Object.entries(ports[port]).filter(
      (entry): entry is [string, Method] => typeof entry[1] === 'function',
    );
    return [
      port,
      Object.fromEntries(methods.map(([name, original]) => [name, wrapped(port, name, original)])),
    ] as const;
  });
  return { ports: { ...ports, ...(Object.fromEntries(all) as Partial<Ports>) }, calls };
};
