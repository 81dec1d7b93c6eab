import type { ImageBehaviour } from '../../local/fleet/seeds.ts';
import type { Run } from '../support/workflow-machine.ts';
import { startSwapWorld, type SwapWorld, type SwapWorldOptions } from '../support/swap-world.ts';
import { healthy } from '../support/workflow-world.ts';

/** Swaps of colours that go well: for the first time, at a default action, while things move, one behind the other. */

let world: SwapWorld;

afterEach(async () => {
  expect(world.fleet.defects).toEqual([]);
  expect(world.traffic.failed).toBe(0);
  expect(world.traffic.answered).toBeGreaterThan(500);
  expect(world.journal.locks.get('prod/web')).not.toHaveProperty('holder');
  await world.close();
});

const begin = async (options: SwapWorldOptions = { scaled: true }): Promise<SwapWorld> => {
  world = await startSwapWorld(options);
  return world;
};

type Ended = Run & { execution: string };

const endOf = ({ execution }: Ended) => world.journal.records.get(execution)?.end;

/** It is deployed, nobody has to look, and the colours are at rest. */
const expectSwapped = (run: Ended): void => {
  expect(endOf(run)).toEqual(expect.objectContaining({ outcome: 'deployed' }));
  expect(endOf(run)).not.toHaveProperty('warning');
  world.rest();
};

let releases = 0;
/** Of an image of its own each time. */
const release = (more: Partial<Extract<ImageBehaviour, { does: 'become healthy' }>> = {}) => {
  releases += 1;
  return world.release({ ...healthy, after: 5 + (releases % 20), ...more } as ImageBehaviour);
};

const operate = (service: 'ecs' | 'elbv2', operation: string, input: object): unknown =>
  world.world.operations[service][operation]?.({ ...input });

const callsOf = (operation: string): number =>
  world.fleet.calls.filter((call) => call.operation === operation && call.outcome === 'ok').length;

const scaled = 'ours has all traffic with 2/2, scaled; the other 0/0, never scaled; test rule closed';
const unscaled = 'ours has all traffic with 2/2, without bounds; the other 0/0, without bounds; test rule closed';

test('the first time green is made as a copy of live; the next swap goes back to the service that was there', async () => {
  await begin({ idle: 'missing' });
  const first = await world.run(await release());
  expectSwapped(first);
  expect([world.standing(first.execution), world.sizes()]).toEqual([unscaled, [0, 2]]);
  const next = await world.run(await release());
  expectSwapped(next);
  expect([world.standing(next.execution), world.sizes()]).toEqual([unscaled, [2, 0]]);
  expect(callsOf('CreateService')).toBe(1);
});

test('a listener divides traffic by its default action', async () => {
  await begin();
  const { listenerArn, ruleArn } = world.service;
  const [own, other] = world.groups;
  const weighed = [own, other].map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: index === 0 ? 1 : 0 }));
  operate('elbv2', 'ModifyListener', {
    ListenerArn: listenerArn,
    DefaultActions: [{ Type: 'forward', ForwardConfig: { TargetGroups: weighed } }],
  });
  operate('elbv2', 'DeleteRule', { RuleArn: ruleArn });
  world.aim({ production: { kind: 'listener', arn: listenerArn } });
  const run = await world.run(await release());
  expectSwapped(run);
  expect(world.sizes()).toEqual([0, 2]);
  const { Listeners } = operate('elbv2', 'DescribeListeners', { ListenerArns: [listenerArn] }) as {
    Listeners: { DefaultActions: { ForwardConfig: { TargetGroups: { Weight: number }[] } }[] }[];
  };
  expect(Listeners[0]?.DefaultActions[0]?.ForwardConfig.TargetGroups.map(({ Weight }) => Weight)).toEqual([0, 100]);
});

test('the test rule leads the question to green, through the load balancer', async () => {
  await begin({ scaled: true, tested: true });
  const run = await world.run(await release());
  expectSwapped(run);
  expect(world.standing(run.execution)).toBe(scaled);
  expect(callsOf('ModifyRule')).toBe(4);
  const record = world.journal.records.get(run.execution);
  expect(record?.testing).toEqual({ before: { [world.groups[0]]: 100, [world.groups[1]]: 0 } });
});

test('live grows while green starts: green is raised before it gets users', async () => {
  await begin();
  const cause = await release();
  world.eachSecond((second) => {
    if (second === 20) world.world.autoscale('prod', 'web', 4);
  });
  const run = await world.run(cause);
  expectSwapped(run);
  expect(run.states.filter((state) => state === 'Start green')).toHaveLength(2);
  expect(world.sizes()).toEqual([0, 4]);
  expect(world.standing(run.execution)).toBe(scaled.replace('2/2', '4/4'));
});

test('live grows in the middle of a step: what has yet to start is not missing', async () => {
  await begin();
  world.atWeight(10, () => world.world.autoscale('prod', 'web', 5));
  const run = await world.run(await release());
  expectSwapped(run);
  expect(world.standing(run.execution)).toBe(scaled);
});

test('one task of live is replaced in the middle of a step: that is not unwell', async () => {
  await begin();
  const targets = (): { Target: { Id: string; Port: number } }[] =>
    (
      operate('elbv2', 'DescribeTargetHealth', { TargetGroupArn: world.groups[0] }) as {
        TargetHealthDescriptions: { Target: { Id: string; Port: number } }[];
      }
    ).TargetHealthDescriptions;
  const change = (operation: string, Targets: unknown[]) =>
    operate('elbv2', operation, { TargetGroupArn: world.groups[0], Targets });
  let away: unknown[] = [];
  world.atWeight(10, () => {
    away = targets()
      .slice(0, 1)
      .map(({ Target }) => Target);
    change('DeregisterTargets', away);
  });
  world.atWeight(10, () => change('RegisterTargets', away), 65);
  const run = await world.run(await release());
  expectSwapped(run);
  expect(away).toHaveLength(1);
  expect(world.standing(run.execution)).toBe(scaled);
});

test('with `delete` the old colour goes, and the next swap waits until it is gone', async () => {
  await begin({});
  world.aim({ retire: 'delete' });
  const first = await world.run(await release());
  expect(endOf(first)).toMatchObject({ outcome: 'deployed' });
  const next = await world.run(await release());
  expect(next.states).toContain('Wait for service');
  expectSwapped(next);
  expect(world.standing(next.execution)).toBe(unscaled);
  expect([callsOf('DeleteService'), callsOf('CreateService')]).toEqual([2, 1]);
});

test('two hooks during a swap: it ends first, the newest follows, the overtaken is superseded', async () => {
  await begin();
  const causes = [await release(), await release(), await release()] as const;
  const runs = await Promise.all(causes.map((cause) => world.run(cause)));
  expect(runs.map((run) => endOf(run)?.outcome)).toEqual(['deployed', 'superseded', 'deployed']);
  const last = runs[2];
  if (last !== undefined) expectSwapped(last);
  expect(world.standing(last?.execution ?? '')).toBe(scaled);
  expect(world.sizes()).toEqual([2, 0]);
});

test('five steps over thirty minutes are at most 300 transitions', async () => {
  await begin();
  const steps = [5, 20, 40, 70, 100].map((weight) => ({ weight, minutes: 6 }));
  world.aim({ steps });
  const run = await world.run(await release());
  expectSwapped(run);
  process.stderr.write(`a swap of 5 steps over 30 minutes has ${run.states.length} transitions\n`);
  expect(run.states.filter((state) => state === 'Shift')).toHaveLength(5);
  expect(run.states.length).toBeLessThanOrEqual(300);
});

test('users whom stickiness keeps on a colour follow within the bake', async () => {
  await begin();
  const [own, other] = world.groups;
  operate('elbv2', 'ModifyRule', {
    RuleArn: world.service.ruleArn,
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [own, other].map((TargetGroupArn, index) => ({ TargetGroupArn, Weight: index === 0 ? 1 : 0 })),
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
        },
      },
    ],
  });
  const users = Array.from({ length: 5 }, () => ({ cookie: '', bad: 0, service: '' }));
  world.eachSecond((second) => {
    // Each comes back every 20 s, and keeps the cookie of its last answer.
    const user = users[second % 4 === 0 ? (second / 4) % users.length : -1];
    if (user === undefined) return;
    const seen = { cookie: user.cookie };
    world.world.dataPlane.request(
      '/web',
      ({ status, cookie, body }) => {
        user.bad += status === 200 ? 0 : 1;
        if (cookie !== undefined) user.cookie = cookie.split(';')[0] ?? '';
        if ('service' in body) user.service = body.service;
      },
      seen,
    );
  });
  const run = await world.run(await release());
  expectSwapped(run);
  expect(users.map(({ bad }) => bad)).toEqual([0, 0, 0, 0, 0]);
  expect(new Set(users.map(({ service }) => service))).toEqual(new Set(['web-green']));
});
