import { virtualClock } from '../../../local/clock.ts';
import { addHook } from '../../../local/gitlab/api/hooks.ts';
import { alertStatus, recordFailure, recordSuccess } from '../../../local/gitlab/hook-health.ts';
import { addProject } from '../../../local/gitlab/projects.ts';
import { createWorld } from '../../../local/gitlab/world.ts';

const minute = 60_000;

const freshHook = () => {
  const clock = virtualClock();
  const world = createWorld({ clock, seed: 1, url: 'https://gitlab.example.com' });
  const hook = addHook(world, addProject(world, { path: 'acme/web' }), { url: 'https://example.com' });
  const fail = (times: number) => {
    for (let n = 0; n < times; n += 1) recordFailure(hook, clock);
  };
  /** waits until the hook is tried again, then fails once more */
  const failAgain = () => {
    clock.advance((hook.disabledUntil ?? 0) - clock.now() + 1);
    recordFailure(hook, clock);
  };
  return { clock, hook, fail, failAgain };
};

test('three failures in a row are tolerated, the fourth disables for a minute', () => {
  const { clock, hook, fail } = freshHook();
  fail(3);
  expect(alertStatus(hook, clock)).toBe('executable');
  fail(1);
  expect(alertStatus(hook, clock)).toBe('temporarily_disabled');
  clock.advance(minute);
  expect(alertStatus(hook, clock)).toBe('temporarily_disabled');
  clock.advance(1);
  expect(alertStatus(hook, clock)).toBe('executable');
});

test('each further failure doubles the rest, up to a day', () => {
  const { clock, hook, fail, failAgain } = freshHook();
  fail(4);
  const rests = Array.from({ length: 14 }, () => {
    failAgain();
    return ((hook.disabledUntil ?? 0) - clock.now()) / minute;
  });
  expect(rests).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440, 1440]);
});

test('failures while it rests change nothing', () => {
  const { hook, fail } = freshHook();
  fail(4);
  const until = hook.disabledUntil;
  fail(5);
  expect([hook.failures, hook.disabledUntil]).toEqual([4, until]);
});

test('the fortieth failure disables for good', () => {
  const { clock, hook, fail, failAgain } = freshHook();
  fail(4);
  for (let n = 5; n < 40; n += 1) failAgain();
  expect(alertStatus(hook, clock)).toBe('temporarily_disabled');
  failAgain();
  expect(alertStatus(hook, clock)).toBe('disabled');
  clock.advance(30 * 24 * 60 * minute);
  expect(alertStatus(hook, clock)).toBe('disabled');
});

test('one success forgets all failures', () => {
  const { clock, hook, fail, failAgain } = freshHook();
  fail(4);
  for (let n = 5; n <= 40; n += 1) failAgain();
  recordSuccess(hook);
  expect([alertStatus(hook, clock), hook.failures]).toEqual(['executable', 0]);
});
