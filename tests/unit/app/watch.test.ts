import { watch, type TrafficView } from '../../../lib/app/watch.ts';
import { shift } from '../../../lib/app/shift.ts';
import type { StoppedTask } from '../../../lib/domain/rollout.ts';
import { everyFault } from '../../support/every-fault.ts';
import { failing } from '../../support/memory-faults.ts';
import {
  blueGreen,
  blueGroup,
  crashedTask,
  forward,
  greenGroup,
  greenName,
  productionRule,
  revisionArn,
  scaledIn,
} from '../../support/samples.ts';
import { begun, scaled, swapScene, who, type SwapScene } from '../../support/swap-scene.ts';

const steps = [
  { weight: 10, minutes: 1 },
  { weight: 100, minutes: 5 },
];
const last: TrafficView = {
  ...{ state: 'watching', step: 0, weight: 10, unwell: 0, strange: 0 },
  wait: { phase: 15, total: 60, seconds: 15 },
};
const over = { phase: 60, total: 105, seconds: 15 };
const look = (ports: Parameters<typeof watch>[0], view: Partial<TrafficView> = {}, failedBefore: string[] = []) =>
  watch(ports)({ deployment: 'web-1', traffic: { ...last, ...view }, failedBefore });

/** At the first step: 10 % of users on green, both colours with so many tasks, all of them healthy. */
const scene = async ({ found = scaled, tasks = 2, alarms = [] as string[] } = {}): Promise<SwapScene> => {
  const starting = { ...begun.starting, desired: tasks };
  const here = swapScene(
    { ...begun, starting, blueGreen: blueGreen({ alarms }) },
    { found: { ...found, desired: tasks }, steps },
  );
  here.fleet.change(() => ({ desired: tasks, running: tasks }));
  here.traffic.registered.delete(blueGroup);
  here.traffic.register(blueGroup, tasks);
  await here.raiseGreen(tasks);
  for (const name of alarms) here.alarms.set(name);
  here.divide(90, 10);
  return here;
};
const lose = ({ traffic }: SwapScene, group: string, count = 1) => {
  traffic.registered.get(group)?.splice(0, count);
};

/** Looks until something ends it; what it ended as, and after how many looks. */
const until = async (here: SwapScene, view: Partial<TrafficView> = {}, limit = 20): Promise<[string, number]> => {
  let now = { ...last, ...view };
  for (let looks = 1; looks <= limit; looks += 1) {
    const next: TrafficView | Error = await look(here, now).catch((error: unknown) => error as Error);
    if (next instanceof Error) return [next.name, looks];
    if (next.state !== 'watching') return [next.state, looks];
    now = next;
  }
  return ['still watching', limit];
};

describe('a step lasts', () => {
  const hold = async (minutes: number, total: number) => {
    const here = await scene();
    const record = here.record();
    if (record?.blueGreen)
      here.journal.records.set('web-1', {
        ...record,
        blueGreen: { ...record.blueGreen, steps: [{ weight: 100, minutes }] },
      });
    here.divide(100, 0);
    let view = await shift(here)({ ...who, traffic: { step: 0, wait: { phase: 0, total } } });
    const waits = [view.wait.seconds];
    while (view.state === 'watching' && waits.length < 50) {
      view = await look(here, view);
      if (view.state === 'watching') waits.push(view.wait.seconds);
    }
    return { waits, view };
  };

  test.each([
    [1, 0, [15, 15, 15, 15]],
    [1, 600, [60]],
    [2, 585, [15, 60, 45]],
    [0, 0, [15]],
    [0, 600, [60]],
    [3, 600, [60, 60, 60]],
  ])('%d minutes, %d s after admission: looks after %p', async (minutes, total, expected) => {
    const { waits, view } = await hold(minutes, total);
    expect(waits).toEqual(expected);
    const seconds = expected.reduce((sum, one) => sum + one, 0);
    expect(view).toMatchObject({
      state: 'baked',
      step: 0,
      weight: 100,
      wait: { phase: seconds, total: total + seconds },
    });
  });

  test('until the next is due', async () => {
    const here = await scene();
    expect(await look(here, { wait: { phase: 59, total: 104, seconds: 15 } })).toEqual({
      ...last,
      wait: { phase: 60, total: 105, seconds: 1 },
    });
    expect(await look(here, { wait: over })).toEqual({ ...last, state: 'next', step: 1, wait: over });
  });

  test('and the last until it has baked', async () => {
    const here = await scene();
    here.divide(0, 100);
    const bake = { step: 1, weight: 100 };
    expect(await look(here, { ...bake, wait: over })).toMatchObject({
      state: 'watching',
      ...bake,
      wait: { phase: 75 },
    });
    const baked = { phase: 300, total: 400, seconds: 15 };
    expect(await look(here, { ...bake, wait: baked })).toMatchObject({ state: 'baked', ...bake, wait: baked });
  });

  test('whatever call fails, and nothing is written', async () => {
    const { undisturbed, after } = await everyFault<SwapScene>({
      world: async () => scene({ alarms: ['errors'] }),
      run: async (ports) => look(ports),
      state: ({ writes, record }) => ({ writes, record: record() }),
    });
    expect(undisturbed).toMatchObject({ writes: [] });
    expect(after.length).toBeGreaterThan(10);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });

  test('no call that fails is taken for an answer', async () => {
    const here = await scene({ alarms: ['errors'] });
    const ports = [
      { ...here, fleet: failing(here.fleet, 'service') },
      { ...here, fleet: failing(here.fleet, 'stopped') },
      { ...here, traffic: failing(here.traffic, 'actions') },
      { ...here, traffic: failing(here.traffic, 'targets') },
      { ...here, alarms: failing(here.alarms, 'named') },
    ];
    for (const one of ports) await expect(look(one, { wait: over })).rejects.toMatchObject({ name: 'AwsUnavailable' });
  });
});

describe('an alarm', () => {
  test.each([0, 1])('that goes off ends it at the first look, at step %d', async (step) => {
    const here = await scene({ alarms: ['errors', 'latency'] });
    if (step === 1) here.divide(0, 100);
    here.alarms.set('latency', { state: 'ALARM' });
    await expect(look(here, { step })).rejects.toMatchObject({ name: 'AlarmRaised', facts: { alarms: ['latency'] } });
  });

  test('that goes off outweighs what a stale read may show', async () => {
    const here = await scene({ alarms: ['errors'] });
    here.divide(100, 0);
    here.alarms.set('errors', { state: 'ALARM' });
    await expect(look(here)).rejects.toMatchObject({ name: 'AlarmRaised' });
  });

  test('that is gone cannot warn any more', async () => {
    const here = await scene({ alarms: ['errors', 'latency'] });
    here.alarms.alarms.delete('errors');
    await expect(look(here)).rejects.toMatchObject({ name: 'AlarmRaised', facts: { alarms: ['errors'] } });
  });

  test('without data says nothing', async () => {
    const here = await scene({ alarms: ['errors'] });
    here.alarms.set('errors', { state: 'INSUFFICIENT_DATA' });
    expect(await look(here, { wait: over })).toMatchObject({ state: 'next' });
  });

  test('is not asked for where the target names none', async () => {
    const here = await scene();
    expect(await look({ ...here, alarms: failing(here.alarms, 'named') }, { wait: over })).toMatchObject({
      state: 'next',
    });
  });
});

describe('a colour with traffic is unwell', () => {
  test.each([
    ['blue', blueGroup],
    ['green', greenGroup],
  ])('when %s has none healthy at two looks running', async (colour, group) => {
    const here = await scene();
    lose(here, group, 2);
    expect(await look(here, { wait: over })).toMatchObject({
      state: 'watching',
      unwell: 1,
      wait: { phase: 75, seconds: 15 },
    });
    const facts = { reasons: [`${colour === 'blue' ? 'web' : 'web-green'}: 0 healthy targets of 2`] };
    await expect(look(here, { unwell: 1 })).rejects.toMatchObject({ name: 'ColourUnwell', facts });
  });

  test('when several of many are missing at two looks running', async () => {
    const here = await scene({ tasks: 5 });
    lose(here, greenGroup, 2);
    expect(await until(here)).toEqual(['ColourUnwell', 2]);
  });

  test('when its only task is missing at two looks running', async () => {
    const here = await scene({ tasks: 1 });
    lose(here, greenGroup);
    expect(await until(here)).toEqual(['ColourUnwell', 2]);
  });

  test('when its targets are there and not healthy', async () => {
    const here = await scene();
    here.traffic.registered.set(greenGroup, [
      { id: '10.0.1.1', state: 'unhealthy' },
      { id: '10.0.1.2', state: 'draining' },
    ]);
    expect(await until(here)).toEqual(['ColourUnwell', 2]);
  });

  test('when one task of several is still missing after the time that ECS needs to replace it', async () => {
    const here = await scene();
    lose(here, greenGroup);
    expect(await until(here)).toEqual(['ColourUnwell', 8]);
  });

  test('no more once it has recovered: looks in a row count', async () => {
    const here = await scene();
    expect(await look(here, { unwell: 1 })).toMatchObject({ unwell: 0 });
  });

  test('while it bakes, too', async () => {
    const here = await scene();
    here.divide(0, 100);
    lose(here, greenGroup, 2);
    expect(await until(here, { step: 1 })).toEqual(['ColourUnwell', 2]);
  });

  test('at looks that a stale read came between', async () => {
    const here = await scene();
    lose(here, greenGroup, 2);
    here.fleet.front({ id: 'ecs-svc/9' });
    expect(await look(here, { unwell: 1 })).toMatchObject({ unwell: 1, strange: 1 });
    here.fleet.front({ id: 'ecs-svc/1' });
    await expect(look(here, { unwell: 1, strange: 1 })).rejects.toMatchObject({ name: 'ColourUnwell' });
  });
});

describe('green’s tasks fail by themselves, and all of its targets are healthy at each look', () => {
  const stopped = ({ fleet }: SwapScene, ...tasks: StoppedTask[]) => {
    const known = fleet.stoppedTasks.get('ecs-svc/2') ?? [];
    fleet.stoppedTasks.set('ecs-svc/2', [...known, ...tasks]);
  };

  test('one is borne, the second ends it', async () => {
    const here = await scene();
    stopped(here, crashedTask('one'));
    expect(await look(here)).toMatchObject({ state: 'watching', unwell: 0 });
    expect(await look(here, { wait: over })).toMatchObject({ state: 'next', unwell: 0 });
    stopped(here, crashedTask('two'));
    const reason =
      'web-green: 2 tasks failed by themselves: Essential container in task exited; container app exited with code 1';
    await expect(look(here, { wait: over })).rejects.toMatchObject({
      name: 'ColourUnwell',
      facts: { reasons: [reason] },
    });
  });

  test('while it bakes, too', async () => {
    const here = await scene();
    here.divide(0, 100);
    stopped(here, crashedTask('one'), crashedTask('two'));
    await expect(look(here, { step: 1, weight: 100 })).rejects.toMatchObject({ name: 'ColourUnwell' });
  });

  test('beside too few healthy targets, both are told', async () => {
    const here = await scene();
    lose(here, greenGroup, 2);
    stopped(here, crashedTask('one'), crashedTask('two'));
    await expect(look(here, { unwell: 1 })).rejects.toMatchObject({
      facts: { reasons: ['web-green: 0 healthy targets of 2', expect.stringMatching(/2 tasks failed/)] },
    });
  });

  test('of many it may lose more', async () => {
    const here = await scene({ tasks: 20 });
    stopped(here, crashedTask('one'), crashedTask('two'));
    expect(await look(here)).toMatchObject({ state: 'watching' });
    stopped(here, crashedTask('three'));
    await expect(look(here)).rejects.toMatchObject({ name: 'ColourUnwell' });
  });

  test('those that failed before users saw it do not count', async () => {
    const here = await scene();
    stopped(here, crashedTask('one'), crashedTask('two'), crashedTask('three'));
    expect(await look(here, {}, ['one', 'two'])).toMatchObject({ state: 'watching', unwell: 0 });
    expect(await look(here, {}, ['one', 'two', 'three', 'forgotten'])).toMatchObject({ state: 'watching' });
    await expect(look(here, {}, ['one'])).rejects.toMatchObject({ name: 'ColourUnwell' });
  });

  test('an execution of an older workflow, which does not know of any before, counts all', async () => {
    const here = await scene();
    stopped(here, crashedTask('one'));
    const input = { deployment: 'web-1', traffic: last };
    expect(await watch(here)(input)).toMatchObject({ state: 'watching' });
    stopped(here, crashedTask('two'));
    await expect(watch(here)(input)).rejects.toMatchObject({ name: 'ColourUnwell' });
  });

  test('those of other rollouts, and those that others stopped, do not count', async () => {
    const here = await scene();
    here.fleet.stoppedTasks.set('ecs-svc/1', [crashedTask('one'), crashedTask('two')]);
    stopped(here, scaledIn('three'), scaledIn('four'), crashedTask('five'));
    expect(await look(here)).toMatchObject({ state: 'watching', unwell: 0 });
  });

  test('are not asked for while another rollout is shown, which may be a stale read', async () => {
    const here = await scene();
    stopped(here, crashedTask('one'), crashedTask('two'));
    here.fleet.front({ id: 'ecs-svc/77', revision: revisionArn(9) }, greenName);
    const deaf = { ...here, fleet: failing(here.fleet, 'stopped') };
    expect(await look(deaf)).toMatchObject({ state: 'watching', strange: 1 });
  });
});

describe('not unwell', () => {
  test('is a colour without traffic', async () => {
    const here = await scene();
    here.divide(0, 100);
    lose(here, blueGroup, 2);
    expect(await until(here, { step: 1, weight: 100 })).toEqual(['baked', 20]);
  });

  test('is a colour that scales out: what is added has yet to start', async () => {
    const here = await scene();
    here.fleet.change(() => ({ desired: 6 }));
    here.fleet.change(() => ({ desired: 6 }), greenName);
    expect(await until(here)).toEqual(['next', 4]);
  });

  test('is a colour in which one task is replaced', async () => {
    const here = await scene();
    lose(here, greenGroup);
    let view = await look(here);
    for (let looks = 2; looks <= 7; looks += 1) view = await look(here, view);
    expect(view).toMatchObject({ state: 'watching', unwell: 7 });
    here.traffic.register(greenGroup, 1, { address: '10.0.1.7' });
    expect(await look(here, view)).toMatchObject({ state: 'next', unwell: 0 });
  });
});

describe('what somebody else did', () => {
  test.each<[string, (here: SwapScene) => void]>([
    [
      'wrote weights that are no step’s',
      (here) => {
        here.divide(70, 30);
      },
    ],
    [
      'wrote the weights of a step to come',
      (here) => {
        here.divide(0, 100);
      },
    ],
    [
      'put another group in',
      ({ traffic }) => {
        traffic.put(productionRule, [forward({ [blueGroup]: 90, other: 10 })]);
      },
    ],
    [
      'took the rule away',
      ({ traffic }) => {
        traffic.points.delete(productionRule);
      },
    ],
  ])('%s: TrafficTampered at once', async (_what, act) => {
    const here = await scene();
    act(here);
    await expect(look(here)).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(here.writes).toEqual([]);
  });

  test.each<[string, string, object, (here: SwapScene) => void]>([
    [
      'put the weights back',
      'TrafficTampered',
      scaled,
      (here) => {
        here.divide(100, 0);
      },
    ],
    [
      'deleted green',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.services.delete('prod/web-green');
      },
    ],
    [
      'deletes green',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ status: 'DRAINING' }), greenName);
      },
    ],
    [
      'deployed on green',
      'RolloutReplaced',
      scaled,
      ({ fleet }) => {
        fleet.front({ id: 'ecs-svc/77', revision: revisionArn(9) }, greenName);
      },
    ],
    [
      'scaled green down',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 1 }), greenName);
      },
    ],
    [
      'scaled green beyond its bounds',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 7 }), greenName);
      },
    ],
    [
      'scaled green up, which has no scaling',
      'ServiceTampered',
      {},
      ({ fleet }) => {
        fleet.change(() => ({ desired: 3 }), greenName);
      },
    ],
    [
      'deleted live',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.services.delete('prod/web');
      },
    ],
    [
      'deployed on live',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.front({ id: 'ecs-svc/77' });
      },
    ],
    [
      'scaled live down',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 1 }));
      },
    ],
    [
      'scaled live beyond its bounds',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 7 }));
      },
    ],
    [
      'scaled live up, which has no scaling',
      'ServiceTampered',
      {},
      ({ fleet }) => {
        fleet.change(() => ({ desired: 3 }));
      },
    ],
  ])('%s: it may be a stale read three times, and is %s then', async (_what, name, found, act) => {
    const here = await scene({ found });
    act(here);
    expect(await look(here, { wait: over })).toMatchObject({
      state: 'watching',
      strange: 1,
      step: 0,
      wait: { phase: 75 },
    });
    expect(await until(here, { wait: over })).toEqual([name, 4]);
    expect(here.writes).toEqual([]);
  });

  test('is believed at once when green is deleted and its target group says so too', async () => {
    const here = await scene();
    here.fleet.change(() => ({ status: 'DRAINING', desired: 0 }), greenName);
    expect(await until(here)).toEqual(['ServiceTampered', 4]);
    lose(here, greenGroup, 2);
    expect(await until(here)).toEqual(['ServiceTampered', 1]);
  });

  test('is forgotten once all is as it should be, and then the step may end', async () => {
    const here = await scene();
    expect(await look(here, { strange: 3, wait: over })).toMatchObject({ state: 'next', strange: 0 });
  });
});

// Shift saw weights of an earlier step, wrote nothing, and sent us here.
describe('after a shift that wrote nothing', () => {
  const back: Partial<TrafficView> = { strange: 1, wait: { phase: 75, total: 120, seconds: 15 } };

  test('the step is written at once when the read only lagged', async () => {
    expect(await look(await scene(), back)).toMatchObject({ state: 'next', step: 1, strange: 0 });
  });

  test('it is TrafficTampered when it did not', async () => {
    const here = await scene();
    here.divide(100, 0);
    expect(await until(here, back)).toEqual(['TrafficTampered', 3]);
  });
});

test('before Start green it is nothing that can go on', async () => {
  await expect(look(swapScene())).rejects.toMatchObject({ name: 'Unexpected' });
});
