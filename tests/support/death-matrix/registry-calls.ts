import { DeployFailure, type FailureName } from '../../../lib/domain/failure.ts';
import type { Registry } from '../../../lib/ports/registry.ts';
import type { Faulty, OutwardCalls } from './outward-calls.ts';

const raise = (name: FailureName, because: string) => () => Promise.reject(new DeployFailure(name, because));

// As the registry's adapter raises them, once it has tried again itself.
const faulty: Faulty<never> = {
  refused: raise('RegistryRefused', 'a fault of the matrix: refused'),
  throttled: raise('RegistryUnavailable', 'a fault of the matrix: 429'),
  lost: raise('RegistryUnavailable', 'a fault of the matrix: no answer'),
};

/** GitLab's registry: each call of its adapter is seen, a blob when it is asked for. */
export const watchedRegistry = (registry: Registry, outward: OutwardCalls): Registry => {
  const call = <T>(operation: string, act: () => Promise<T>) =>
    outward.call({ service: 'Registry', operation }, faulty, act);
  return {
    host: registry.host,
    digestOf: (...asked) => call('HEAD manifest', () => registry.digestOf(...asked)),
    manifest: (...asked) => call('GET manifest', () => registry.manifest(...asked)),
    referrers: (...asked) => call('GET referrers', () => registry.referrers(...asked)),
    blob: async function* (...asked) {
      yield* await call('GET blob', () => Promise.resolve(registry.blob(...asked)));
    },
  };
};
