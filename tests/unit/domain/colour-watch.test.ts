import {
  crashing,
  failedByItself,
  isUnwell,
  strangeGreen,
  strangeLive,
  weakOf,
} from '../../../lib/domain/colour-watch.ts';
import type { FoundSwap } from '../../../lib/domain/deployment.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import { begunSwapOf } from '../../../lib/domain/swap.ts';
import {
  blueService,
  crashedTask,
  greenService,
  revisionArn,
  rollout,
  swapFound,
  swapRecord,
} from '../../support/samples.ts';

const bounds = { min: 2, max: 6, suspended: { scaleIn: false, scaleOut: false, scheduled: false } };
const both = { scaling: { live: bounds, idle: { ...bounds, max: 3 } } };
const record = (found: Partial<FoundSwap> = both) =>
  begunSwapOf(swapRecord({ found: swapFound(found), starting: { revision: revisionArn(8), desired: 2 } }));

const ours = rollout({ id: 'ecs-svc/2', revision: revisionArn(8) });
const before = rollout({ id: 'ecs-svc/0', revision: revisionArn(6), status: 'ACTIVE' });
const green = (change: Partial<ServiceState> = {}): ServiceState =>
  greenService({ desired: 2, running: 2, rollouts: [ours, before], ...change });

describe('live', () => {
  test.each<[string, ServiceState]>([
    ['as it was', blueService()],
    ['scaled out to its bounds', blueService({ desired: 6 })],
  ])('%s is not strange', (_what, service) => {
    expect(strangeLive(record(), service)).toBeUndefined();
  });

  test.each<[string, ServiceState | undefined, RegExp]>([
    ['gone', undefined, /web is gone/],
    ['being deleted', blueService({ status: 'DRAINING' }), /web is DRAINING/],
    [
      'deployed on',
      blueService({ rollouts: [rollout({ id: 'ecs-svc/9' })] }),
      /ecs-svc\/9, which is not ours, was started on web/,
    ],
    ['without any rollout', blueService({ rollouts: [] }), /not ours, was started on web/],
    ['scaled in', blueService({ desired: 1 }), /count of web is 1 instead of 2/],
    ['scaled beyond its bounds', blueService({ desired: 7 }), /count of web is 7 instead of 2/],
  ])('%s was tampered with', (_what, service, because) => {
    expect(strangeLive(record(), service)).toEqual({
      name: 'ServiceTampered',
      because: expect.stringMatching(because) as string,
    });
  });

  test('without a scalable target was scaled by hand', () => {
    expect(strangeLive(record({}), blueService({ desired: 3 }))).toMatchObject({ name: 'ServiceTampered' });
  });
});

describe('green', () => {
  test.each([2, 3, 6])('with %d tasks, within live’s bounds, is not strange', (desired) => {
    expect(strangeGreen(record(), green({ desired }))).toBeUndefined();
  });

  test.each<[string, string, ServiceState | undefined]>([
    ['gone', 'ServiceTampered', undefined],
    ['deleted', 'ServiceTampered', green({ status: 'INACTIVE' })],
    ['back on what it had', 'RolloutReplaced', green({ rollouts: [{ ...before, status: 'PRIMARY' }] })],
    ['without any rollout', 'RolloutReplaced', green({ rollouts: [] })],
    [
      'deployed on while ours goes',
      'RolloutReplaced',
      green({ rollouts: [rollout({ id: 'ecs-svc/9', revision: revisionArn(9) }), { ...ours, status: 'ACTIVE' }] }),
    ],
    ['scaled in', 'ServiceTampered', green({ desired: 1 })],
    ['scaled beyond live’s bounds', 'ServiceTampered', green({ desired: 7 })],
  ])('%s is %s', (_what, name, service) => {
    expect(strangeGreen(record(), service)).toMatchObject({ name });
  });

  test.each([
    ['nobody', {}],
    ['live alone', { scaling: { live: bounds } }],
    ['green alone', { scaling: { idle: bounds } }],
  ])('scaled up while %s has a scalable target was scaled by hand', (_who, found) => {
    expect(strangeGreen(record(found), green({ desired: 3 }))).toMatchObject({ name: 'ServiceTampered' });
  });
});

describe('unwell', () => {
  const strength = (healthy: number, desired: number) => ({ service: 'web', healthy, desired });

  test.each([
    // healthy, desired now, at the shift: at which look in a row
    [2, 2, 2, Infinity],
    [3, 2, 2, Infinity],
    [2, 6, 2, Infinity],
    [2, 2, 6, Infinity],
    [0, 0, 2, Infinity],
    [0, 1, 1, 2],
    [0, 2, 2, 2],
    [1, 2, 2, 8],
    [1, 6, 2, 8],
    [4, 5, 9, 8],
    [3, 5, 5, 2],
    [0, 1, 5, 2],
  ])('%d healthy of %d, %d at the shift: at look %d in a row', (healthy, desired, atShift, look) => {
    const one = strength(healthy, desired);
    for (const looks of [1, 2, 7, 8, 100])
      expect([looks, isUnwell(one, atShift, looks)]).toEqual([looks, looks >= look]);
    expect(weakOf([one], atShift)).toEqual(look === Infinity ? [] : [one]);
  });
});

describe('a task that stopped', () => {
  const group = 'target-group arn:aws-us-gov:elasticloadbalancing:us-gov-west-1:123456789012:targetgroup/web/1';

  test.each([
    ['EssentialContainerExited', 'Essential container in task exited'],
    ['ServiceSchedulerInitiated', `Task failed ELB health checks in (${group})`],
    ['ServiceSchedulerInitiated', 'Task failed ELB health checks in (elb web)'],
    ['ServiceSchedulerInitiated', 'Task failed container health checks'],
  ])('failed by itself: %s, %s', (code, reason) => {
    expect(failedByItself(crashedTask('1', { code, reason }))).toBe(true);
  });

  test.each([
    ['ServiceSchedulerInitiated', 'Scaling activity initiated by (deployment ecs-svc/2)'],
    ['ServiceSchedulerInitiated', 'Service is being deleted'],
    ['ServiceSchedulerInitiated', 'ECS is performing maintenance on the underlying infrastructure hosting the task.'],
    ['UserInitiated', 'Task stopped by user'],
    ['UserInitiated', 'Task failed container health checks, thinks the person who stopped it'],
    ['SpotInterruption', 'Your Spot Task was interrupted.'],
    ['TerminationNotice', 'Host EC2 (instance i-1) terminated.'],
    ['InfrastructureHealth', 'The host is ill'],
    ['TaskFailedToStart', 'CannotPullContainerError: not found'],
    ['', 'stopped'],
  ])('was stopped by others: %s, %s', (code, reason) => {
    expect(failedByItself(crashedTask('1', { code, reason }))).toBe(false);
  });
});

describe('a colour whose tasks fail by themselves', () => {
  const crashed = (count: number) => Array.from({ length: count }, (_, index) => crashedTask(String(index)));
  const judge = (count: number, desired: number) => crashing({ service: 'web', desired }, crashed(count));

  test.each([
    // desired: how many it may lose
    [0, 1],
    [1, 1],
    [2, 1],
    [19, 1],
    [20, 2],
    [29, 2],
    [100, 10],
  ])('may lose so many: of %d, %d', (desired, most) => {
    expect(judge(0, desired)).toBeUndefined();
    expect(judge(most, desired)).toBeUndefined();
    expect(judge(most + 1, desired)).toContain(`web: ${most + 1} tasks failed by themselves`);
  });

  test('is told with their reasons, each once and no more than three', () => {
    const why = 'Essential container in task exited; container app exited with code';
    expect(judge(2, 2)).toBe(`web: 2 tasks failed by themselves: ${why} 1`);
    const codes = [1, 2, 2, 3, 4];
    const failed = codes.map((code) => crashedTask('1', { containers: [`container app exited with code ${code}`] }));
    expect(crashing({ service: 'web', desired: 2 }, failed)).toBe(
      `web: 5 tasks failed by themselves: ${why} 1 / ${why} 2 / ${why} 3`,
    );
  });
});
