import {
  executionEnd,
  fleet,
  healthy,
  journalled,
  rehearsed,
  statesOf,
  unhealthy,
  until,
} from '../support/deployed.ts';
import type { Scene } from '../support/deployed.ts';
import {
  colourScene,
  quietAlarm,
  scaled,
  weightsWritten,
  type Colours,
  type Standing,
  type Swap,
} from '../support/deployed-colours.ts';
import { startCrowd } from '../support/crowd.ts';
import type { ImageBehaviour } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import type { Users } from '../../local/users.ts';

/** Greens that are no good: each swap is undone, by name, and the colours stand as before. */

const canary: Swap = { steps: [{ weight: 10, minutes: 3 }, { weight: 100 }], bake_minutes: 1, timeout_minutes: 5 };

/** The swap has failed so, and all is as before it. */
const expectUndone = async (
  execution: string,
  { failure, reason }: { failure: string; reason: RegExp },
  { colours, before }: { colours: Colours; before: Standing },
): Promise<void> => {
  const end = await executionEnd(execution);
  expect(end).toMatchObject({ status: 'FAILED', error: failure });
  expect(end.cause).toMatch(reason);
  expect((await journalled(execution))?.end).toMatchObject({ outcome: 'failed', failure, undo: 'undone' });
  expect(await colours.standing()).toEqual(before);
};

const opened = async (scene: Scene, swap: Swap): Promise<{ colours: Colours; before: Standing }> => {
  const colours = await colourScene(scene, swap);
  return { colours, before: await colours.standing() };
};

/** No more of the users' requests failed than green answered badly, or the load balancer in its place when no task was left. */
const expectGreensFailures = async (users: Users, { blue, green }: Colours): Promise<void> => {
  const { failed } = users.traffic();
  const { [blue]: ofBlue, [green]: ofGreen, '': ofBalancer } = await fleet.traffic();
  expect(ofBlue?.failures).toBe(0);
  expect(failed).toBeLessThanOrEqual((ofGreen?.failures ?? 0) + (ofBalancer?.failures ?? 0));
};

rehearsed(
  'a green that never becomes healthy sees no user',
  'green-never',
  async (scene, users) => {
    const world = await opened(scene, canary);
    const { execution, digest } = await scene.release(unhealthy);
    await expectUndone(execution, { failure: 'GreenUnhealthy', reason: /health checks/i }, world);
    expect(await statesOf(execution)).not.toContain('Shift');
    expect(users.traffic().byDigest).not.toHaveProperty(digest);
  },
  { service: scaled, beside: true },
);

/** Green's healthy targets are two again. */
const wholeAgain = ({ groups: [, group] }: Colours): Promise<true> =>
  until('two healthy targets of green', async () => {
    const input = { TargetGroupArn: group };
    const { TargetHealthDescriptions: targets } = (await fleet.call({
      ...{ service: 'elbv2', operation: 'DescribeTargetHealth', input },
    })) as { TargetHealthDescriptions: { TargetHealth: { State: string } }[] };
    return targets.filter(({ TargetHealth }) => TargetHealth.State === 'healthy').length === 2 ? true : undefined;
  });

// No look may find more than one of two missing, nor one for long: that alone would be borne (decision 21).
rehearsed(
  'a green whose tasks crash in turn, each replaced before the next one does: users go back to blue',
  'green-crashes',
  async (scene, users) => {
    const world = await opened(scene, canary);
    const { execution } = await scene.release(healthy);
    await until('the first step', async () => ((await weightsWritten(world.colours)).length === 1 ? true : undefined));
    for (const exit of [1, 1]) {
      await wholeAgain(world.colours);
      await fleet.tweak(seedNames.cluster, world.colours.green, { exit });
    }
    const reason = /2 tasks failed by themselves: .*exited with code 1/;
    await expectUndone(execution, { failure: 'ColourUnwell', reason }, world);
    await expectGreensFailures(users, world.colours);
  },
  { service: scaled, beside: true, trafficMayFail: true },
);

const bad: [string, string, ImageBehaviour, RegExp, Swap][] = [
  [
    'crashes under traffic',
    'green-crashes-at-once',
    { does: 'become healthy, then crash', after: 10, crashAfter: 90, code: 1 },
    /exited with code 1/,
    canary,
  ],
  [
    'turns unhealthy while it bakes',
    'green-bakes-badly',
    { does: 'become healthy, then turn unhealthy', after: 10, unhealthyAfter: 90 },
    /Task failed ELB health checks/,
    { ...canary, steps: [{ weight: 100 }], bake_minutes: 4 },
  ],
];

for (const [what, name, behaviour, reason, swap] of bad)
  rehearsed(
    `a green that ${what}: users go back to blue`,
    name,
    async (scene, users) => {
      const world = await opened(scene, swap);
      const { execution } = await scene.release(behaviour);
      await expectUndone(execution, { failure: 'ColourUnwell', reason }, world);
      await expectGreensFailures(users, world.colours);
    },
    { service: scaled, beside: true, trafficMayFail: true },
  );

rehearsed(
  'an alarm at the first step: at the next look all users go back',
  'green-alarming',
  async (scene) => {
    const name = 'green-alarming-errors';
    const ring = await quietAlarm(name);
    const world = await opened(scene, { ...canary, alarms: [name] });
    const crowd = startCrowd(scene.service.url, { perSecond: 60 });
    const { execution } = await scene.release(healthy);
    await until('the first step', async () => ((await weightsWritten(world.colours)).length === 1 ? true : undefined));
    await ring();
    const [looks, rang] = [(await watches(execution)) + 1, Date.now()];
    await expectUndone(execution, { failure: 'AlarmRaised', reason: /green-alarming-errors/ }, world);
    // One that had begun may have been too early, the next one was not.
    expect(await watches(execution)).toBeLessThanOrEqual(looks);
    const { failed } = await crowd.stop();
    expect(failed).toBe(0);
    const back = crowd.last(world.colours.green) - rang;
    process.stderr.write(`the last user was back ${back} ms of real time after the alarm\n`);
  },
  { service: scaled, beside: true },
);

const watches = async (execution: string): Promise<number> =>
  (await statesOf(execution)).filter((state) => state === 'Watch').length;

rehearsed(
  'a green that answers the test URL wrongly sees no user, and the test rule goes back',
  'green-tested',
  async (scene, users) => {
    const { test } = scene.service;
    const world = await opened(scene, {
      ...canary,
      test_url: test?.url ?? '',
      test_listener_rule: test?.ruleArn ?? '',
      test_expect: { text: 'what no service says' },
    });
    const { execution, digest } = await scene.release(healthy);
    await expectUndone(execution, { failure: 'TestFailed', reason: /expected text/ }, world);
    expect(users.traffic().byDigest).not.toHaveProperty(digest);
    // Nodes of the load balancer may be late.
    await until('the test URL to lead to blue again', async () => {
      const { service } = (await (await fetch(test?.url ?? '')).json()) as { service: string };
      return service === scene.name ? true : undefined;
    });
  },
  { service: { ...scaled, testListener: true }, beside: true },
);
