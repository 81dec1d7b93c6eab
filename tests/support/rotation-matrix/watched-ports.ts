import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { Faulty, Outward } from './outward.ts';

const unavailable = (because: string) => () => Promise.reject(new DeployFailure('AwsUnavailable', because));

const faulty: Faulty<never> = {
  refused: unavailable('a fault of the matrix: nothing was done'),
  lost: unavailable('a fault of the matrix: the answer was lost'),
};

type Method = (...input: never[]) => Promise<unknown>;

/** The same port of AWS's; each call of its methods is seen, as `Secrets.fill`. */
export const watchedPort = <Port extends object>(name: string, port: Port, calls: Outward): Port =>
  new Proxy(port, {
    get: (whole, key, receiver) => {
      const value: unknown = Reflect.get(whole, key, receiver);
      if (typeof value !== 'function') return value;
      return (...input: never[]) => calls.call(`${name}.${String(key)}`, faulty, () => (value as Method)(...input));
    },
  });
