import { nextCopyWait, type CopyWait, type Unfinished } from '../../../lib/domain/copy-wait.ts';

const none: CopyWait = { unreachable: 0, unsigned: 0, total: 0, seconds: 1 };
const outOfTime: Unfinished = { state: 'out of time', progressed: true };
const unsigned: Unfinished = { state: 'unsigned', progressed: false };
const down = (progressed: boolean): Unfinished => ({
  state: 'unavailable',
  failure: 'RegistryUnavailable',
  because: 'the registry answered 503',
  progressed,
});

/** Waits until it gives up; how long it waited, what it was counted as, and by which name it gave up. */
const untilGivenUp = (stopped: Unfinished) => {
  let wait = none;
  let seconds = 0;
  for (let round = 0; round < 2_000; round += 1) {
    try {
      wait = nextCopyWait(wait, stopped);
      seconds += wait.seconds;
    } catch (error) {
      return { rounds: round, seconds, total: wait.total, name: (error as Error).name };
    }
  }
  throw new Error('it never gives up');
};

test('an invocation that has used up its time hands on at once, and counts as fifteen minutes', () => {
  expect(nextCopyWait({ ...none, unreachable: 600 }, outOfTime)).toEqual({ ...none, total: 900 });
});

test('so many of them are enough after six hours', () => {
  expect(untilGivenUp(outOfTime)).toEqual({ rounds: 24, seconds: 24, total: 21_600, name: 'CopyTimedOut' });
});

test('what does not answer is waited for for half an hour without a byte, first often, then slowly', () => {
  expect(nextCopyWait(none, down(false))).toEqual({ unreachable: 15, unsigned: 0, total: 15, seconds: 15 });
  expect(nextCopyWait({ ...none, total: 300 }, down(false))).toMatchObject({ seconds: 60, total: 360 });
  expect(untilGivenUp(down(false))).toMatchObject({ seconds: 1_800, name: 'RegistryUnavailable' });
});

test('ECR that does not answer is named as what it is', () => {
  const ecr: Unfinished = { state: 'unavailable', failure: 'AwsUnavailable', because: 'PutImage', progressed: false };
  expect(() => nextCopyWait({ ...none, unreachable: 1_800 }, ecr)).toThrow('PutImage');
  expect(untilGivenUp(ecr).name).toBe('AwsUnavailable');
});

test('a byte that came begins the half hour anew, and not the six hours', () => {
  const waited = { ...none, unreachable: 1_800, total: 1_800 };
  expect(nextCopyWait(waited, down(true))).toEqual({ ...none, unreachable: 60, total: 1_860, seconds: 60 });
  expect(untilGivenUp(down(true))).toMatchObject({ total: 21_600, name: 'CopyTimedOut' });
});

test('all its rounds stay far from the events that an execution may have', () => {
  expect(untilGivenUp(down(true)).rounds * 12).toBeLessThan(5_000);
});

test('a required signature is waited for for five minutes', () => {
  expect(nextCopyWait(none, unsigned)).toEqual({ unreachable: 0, unsigned: 15, total: 15, seconds: 15 });
  expect(untilGivenUp(unsigned)).toMatchObject({ seconds: 300, name: 'SignatureMissing' });
});
