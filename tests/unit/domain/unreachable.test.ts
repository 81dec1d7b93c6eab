import { DeployFailure } from '../../../lib/domain/failure.ts';
import { nextTry } from '../../../lib/domain/unreachable.ts';

const failure = new DeployFailure('RegistryUnavailable', 'the registry answered 502');

test.each([
  [0, 15, 15],
  [285, 15, 300],
  [300, 60, 360],
  [1785, 60, 1845],
])('after %d seconds the next try is in %d', (waited, seconds, unreachable) => {
  expect(nextTry(waited, failure)).toEqual({ unreachable, seconds });
});

test.each([1800, 1845])('after %d seconds it is what it failed with', (waited) => {
  expect(() => nextTry(waited, failure)).toThrow(failure);
});
