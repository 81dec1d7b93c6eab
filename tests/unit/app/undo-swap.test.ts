import { undo, type UndoOutput } from '../../../lib/app/undo.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { duringSwap } from '../../../lib/domain/scaling.ts';
import { everyFault } from '../../support/every-fault.ts';
import { before, failing, losingAnswers } from '../../support/memory-faults.ts';
import {
  blueGreen,
  blueGroup,
  forward,
  greenGroup,
  greenName,
  greenService,
  productionRule,
  revisionArn,
  serviceDeploymentArn,
  testRule,
} from '../../support/samples.ts';
import {
  begun,
  bounds,
  retiredBounds,
  scaled,
  swapScene,
  who,
  type SwapScene,
  whatStands,
} from '../../support/swap-scene.ts';

const weights = (blue: number, green: number) => ({ [blueGroup]: blue, [greenGroup]: green });
const test200 = { url: 'https://test.example.com', status: 200, rule: testRule };
const shifted: Partial<DeploymentRecord> = {
  ...begun,
  shifting: { step: 0, before: weights(100, 0), after: weights(90, 10) },
};
const at = (phase: number) => ({ phase, total: phase, seconds: 15 });
const look = (ports: Parameters<typeof undo>[0], phase = 0): Promise<UndoOutput> =>
  undo(ports)({ ...who, wait: at(phase) });

/** Green has 10 % of users, and scaling is as it is during a swap. */
const scene = async (written: Partial<DeploymentRecord> = shifted, found = scaled): Promise<SwapScene> => {
  const here = swapScene(written, { found });
  await here.raiseGreen();
  if (written.shifting !== undefined) here.divide(90, 10);
  for (const label of ['prod/web', 'prod/web-green'])
    if (found.scaling?.live)
      here.scaling.services.set(label, { target: duringSwap(bounds), policies: [], scheduledActions: [] });
  return here;
};
const now = ({ traffic }: SwapScene) => traffic.points.get(productionRule)?.actions;
const home = 'production: blue 100, green 0';
const tidied = [
  'resize prod/web-green 0',
  'scale prod/web 2–6',
  'scale prod/web-green 0–6, no scale-in, no scale-out, no schedule',
];

/** Looks as the workflow does until it is over; the result. */
const through = async (here: SwapScene): Promise<UndoOutput> => {
  let view = await look(here);
  while (!view.done) view = await undo(here)({ ...who, wait: view.wait });
  return view;
};

describe('users', () => {
  test('are back at the first look, in one write, journalled before', async () => {
    const here = await scene();
    const watched = before(here.traffic, 'replace', () => {
      expect(here.record()).toMatchObject({ undoing: { to: blueGroup } });
    });
    expect(await look({ ...here, traffic: watched })).toEqual({ done: false, wait: at(15) });
    expect(here.writes).toEqual([home]);
  });

  test('are taken back also where a read shows them back: it may lag behind a shift whose answer was lost', async () => {
    const here = await scene();
    const actions = () => Promise.resolve([forward(weights(100, 0))]);
    await look({ ...here, traffic: { ...here.traffic, actions } });
    expect(now(here)).toEqual([forward(weights(100, 0))]);
  });

  test('are taken back from the last step, and from one that was announced and not written', async () => {
    for (const [blue, green] of [
      [0, 100],
      [90, 10],
      [100, 0],
    ] as const) {
      const here = await scene({ ...begun, shifting: { step: 1, before: weights(90, 10), after: weights(0, 100) } });
      here.divide(blue, green);
      await look(here);
      expect(here.writes).toEqual([home]);
    }
  });

  test('are taken back again when a later look does not show them back', async () => {
    const here = await scene();
    expect(await look(here, 15)).toMatchObject({ done: false });
    expect(here.writes).toEqual([home]);
  });

  test('that were never moved are moved no more', async () => {
    const here = await scene(begun);
    expect(await look(here)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toEqual(tidied);
  });

  test('go with whatever else the rule does', async () => {
    const here = await scene();
    const login = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'drawbridge' } };
    here.traffic.put(productionRule, [login, forward(weights(90, 10))]);
    await look(here);
    expect(now(here)).toEqual([login, forward(weights(100, 0))]);
  });
});

describe('green', () => {
  test('is shrunk a minute later, then scaling is restored', async () => {
    const here = await scene();
    await look(here);
    for (const phase of [15, 30, 45, 59]) expect(await look(here, phase)).toMatchObject({ done: false });
    expect(here.writes).toEqual([home]);
    expect(await look(here, 60)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toEqual([home, ...tidied]);
  });

  test('is shrunk once, however often it is told', async () => {
    const here = await scene();
    await through(here);
    expect(await look(here, 60)).toEqual({ done: true, result: 'undone' });
    expect(here.writes.filter((line) => line.startsWith('resize'))).toEqual([tidied[0]]);
  });

  test('that scaled out is shrunk', async () => {
    const here = await scene();
    here.fleet.change(() => ({ desired: 4 }), greenName);
    expect(await through(here)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toContain(tidied[0]);
  });

  test('that was created is shrunk, and kept', async () => {
    const here = swapScene({ starting: begun.starting }, { found: { idleExists: false } });
    const record = { ...here.record() } as DeploymentRecord & { found: { swap: object } };
    Reflect.deleteProperty(record.found.swap, 'idleRevision');
    here.journal.records.set('web-1', { ...record, found: { ...record.found, idsBefore: [] } });
    here.fleet.services.delete('prod/web-green');
    await here.copies.create({
      cluster: 'prod',
      serviceName: 'web-green',
      taskDefinition: begun.starting.revision,
      desiredCount: 2,
      clientToken: 'x',
    });
    expect(await look(here)).toEqual({ done: true, result: 'undone' });
    expect(here.fleet.services.get('prod/web-green')).toMatchObject({ status: 'ACTIVE', desired: 0 });
  });

  test('that ECS took back to the revision before is shrunk', async () => {
    const here = await scene(begun);
    await here.fleet.update(greenName, revisionArn(6));
    const arn = serviceDeploymentArn('2');
    here.fleet.records.set(arn, { arn, status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' });
    here.journal.records.set('web-1', {
      ...here.record(),
      started: { rolloutId: 'ecs-svc/2', serviceDeployment: arn },
    } as DeploymentRecord);
    here.writes.length = 0;
    expect(await look(here)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toEqual(tidied);
  });

  test.each([9, 6])('on which somebody else deployed revision %d is left to them', async (number) => {
    const here = await scene();
    await here.fleet.update(greenName, revisionArn(number));
    here.writes.length = 0;
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(here.writes).toEqual([home, ...tidied.slice(1)]);
  });

  test.each([1, 7])('that somebody else scaled to %d is left to them', async (desired) => {
    const here = await scene(shifted, desired === 7 ? {} : scaled);
    here.fleet.change(() => ({ desired }), greenName);
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(here.writes).not.toContain(tidied[0]);
  });

  test.each([undefined, 'DRAINING', 'INACTIVE'])('that is %s needs nothing', async (status) => {
    const here = await scene();
    if (status === undefined) here.fleet.services.delete('prod/web-green');
    else here.fleet.change(() => ({ status }), greenName);
    expect(await through(here)).toEqual({ done: true, result: 'undone' });
    // AWS refuses bounds of what is not there.
    expect(here.writes).toEqual([home, tidied[1]]);
  });

  test('that is gone before users came to it needs nothing, and the rest is undone', async () => {
    const here = await scene(begun);
    here.fleet.services.delete('prod/web-green');
    expect(await through(here)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toEqual([tidied[1]]);
  });

  test('that has yet to be seen after it was announced is waited for, three quarters of a minute', async () => {
    const here = await scene({ starting: begun.starting });
    here.fleet.services.set('prod/web-green', greenService());
    for (const phase of [0, 15, 30, 44]) expect(await look(here, phase)).toMatchObject({ done: false });
    expect(here.writes).toEqual([]);
    expect(await look(here, 45)).toEqual({ done: true, result: 'nothing written' });
    expect(here.fleet.services.get('prod/web-green')).toEqual(greenService());
    expect(here.writes).toEqual(tidied.slice(1));
  });

  test('that comes to be seen after all is shrunk', async () => {
    const here = await scene({ starting: begun.starting });
    const lagging = { ...here.fleet, service: () => Promise.resolve(greenService()) };
    expect(await look({ ...here, fleet: lagging })).toMatchObject({ done: false });
    expect(await look(here, 15)).toEqual({ done: true, result: 'undone' });
    expect(here.writes).toContain(tidied[0]);
  });
});

describe('somebody else’s weights', () => {
  test.each<[string, (here: SwapScene) => void, boolean]>([
    [
      'are no step’s',
      (here) => {
        here.divide(70, 30);
      },
      true,
    ],
    [
      'are of a step that never began',
      (here) => {
        here.divide(0, 100);
      },
      true,
    ],
    [
      'leave green without users',
      (here) => {
        here.divide(1, 0);
      },
      false,
    ],
    [
      'are among other groups',
      ({ traffic }) => {
        traffic.put(productionRule, [forward({ [greenGroup]: 1, other: 1 })]);
      },
      true,
    ],
    [
      'went with the rule',
      ({ traffic }) => {
        traffic.points.delete(productionRule);
      },
      true,
    ],
  ])('%s: they stay, and green keeps what its users need', async (_what, act, users) => {
    const here = await scene();
    act(here);
    const as = now(here);
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(now(here)).toEqual(as);
    expect(here.writes).toEqual(users ? [tidied[1], 'scale prod/web-green 2–6'] : tidied);
  });

  test('that came before ours were written stay', async () => {
    const here = await scene(begun);
    here.divide(50, 50);
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(here.writes).toEqual([tidied[1], 'scale prod/web-green 2–6']);
  });

  test('that come while green waits to be shrunk stay, and green with them', async () => {
    const here = await scene();
    await look(here);
    here.divide(30, 70);
    expect(await look(here, 60)).toEqual({ done: true, result: 'left alone' });
    expect(here.writes).toEqual([home, tidied[1], 'scale prod/web-green 2–6']);
  });

  test('that are all green are theirs, unless a rescue was announced', async () => {
    const here = await scene({ ...shifted, undoing: { to: blueGroup } });
    here.divide(0, 100);
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(now(here)).toEqual([forward(weights(0, 100))]);
  });
});

describe('when the colour of before has no healthy target, and green has', () => {
  const dead = async (): Promise<SwapScene> => {
    const here = await scene();
    here.traffic.registered.set(blueGroup, [{ id: '10.0.0.1', state: 'unhealthy' }]);
    return here;
  };
  const saved = ['production: blue 0, green 100', tidied[1], 'scale prod/web-green 2–6'];

  test.each([0, 15, 60])(
    'all users go to green, with live’s bounds, and it is UndoFailed: after %d s',
    async (phase) => {
      const here = await dead();
      if (phase > 0) here.divide(100, 0);
      await expect(look(here, phase)).rejects.toMatchObject({ name: 'UndoFailed' });
      expect(here.writes).toEqual(saved);
      expect(here.record()).toMatchObject({ undoing: { to: greenGroup } });
      expect(here.fleet.services.get('prod/web-green')).toMatchObject({ desired: 2 });
    },
  );

  test('a rescue whose answer was lost, or that broke off after it, ends so as well', async () => {
    for (const port of ['traffic', 'scaling'] as const) {
      const here = await dead();
      const lossy =
        port === 'traffic'
          ? { ...here, traffic: losingAnswers(here.traffic, 'replace') }
          : { ...here, scaling: failing(here.scaling, 'target') };
      await expect(look(lossy)).rejects.toMatchObject({ name: 'AwsUnavailable' });
      await expect(look(here)).rejects.toMatchObject({ name: 'UndoFailed' });
      expect([...new Set(here.writes)]).toEqual(saved);
    }
  });

  test('the test rule goes back', async () => {
    const here = await dead();
    here.journal.records.set('web-1', {
      ...here.record(),
      blueGreen: blueGreen({ test: test200 }),
      testing: { before: weights(50, 50) },
    } as DeploymentRecord);
    here.traffic.put(testRule, [forward(weights(0, 100))]);
    await expect(look(here)).rejects.toMatchObject({ name: 'UndoFailed' });
    expect(here.traffic.points.get(testRule)?.actions).toEqual([forward(weights(50, 50))]);
  });

  test('users who were never moved are brought to green as well', async () => {
    const here = await scene(begun);
    here.traffic.registered.delete(blueGroup);
    await expect(look(here)).rejects.toMatchObject({ name: 'UndoFailed' });
    expect(now(here)).toEqual([forward(weights(0, 100))]);
    expect(here.fleet.services.get('prod/web-green')).toMatchObject({ desired: 2 });
  });

  test('and if green has none either, they go back', async () => {
    const here = await dead();
    here.traffic.registered.set(greenGroup, [{ id: '10.0.1.1', state: 'unhealthy' }]);
    await look(here);
    expect(here.writes).toEqual([home]);
  });

  test('weights that are somebody else’s stay', async () => {
    const here = await dead();
    here.divide(70, 30);
    expect(await through(here)).toEqual({ done: true, result: 'left alone' });
    expect(now(here)).toEqual([forward(weights(70, 30))]);
  });
});

describe('scaling', () => {
  test.each([
    ['prod/web', tidied[1]],
    ['prod/web-green', tidied[2]],
  ])('of %s that somebody else changed stays', async (label, line) => {
    const here = await scene();
    here.scaling.services.set(label, { target: { ...bounds, max: 9 }, policies: [], scheduledActions: [] });
    await through(here);
    expect(here.writes).not.toContain(line);
    expect(here.scaling.services.get(label)?.target).toMatchObject({ max: 9 });
  });

  test('that was taken away stays away', async () => {
    const here = await scene();
    here.scaling.services.clear();
    await through(here);
    expect(here.scaling.services.size).toBe(0);
  });

  test('that a read shows as it was before is set all the same: it may lag', async () => {
    const here = await scene();
    const target = async ({ service }: { service: string }) =>
      Promise.resolve(service === 'web' ? bounds : retiredBounds);
    const lagging = { ...here, scaling: { ...here.scaling, target } };
    await look(lagging);
    await look(lagging, 60);
    expect(here.scaling.services.get('prod/web')?.target).toEqual(bounds);
    expect(here.scaling.services.get('prod/web-green')?.target).toEqual(retiredBounds);
  });

  test.each([
    ['nobody', {}, [tidied[0]]],
    ['live alone', { scaling: { live: bounds } }, tidied.slice(0, 2)],
    ['green alone', { scaling: { idle: retiredBounds } }, [tidied[0]]],
  ])('that %s had', async (_who, found, writes) => {
    const here = await scene(shifted, found);
    await through(here);
    expect(here.writes).toEqual([home, ...writes]);
  });
});

describe('the test rule', () => {
  const tested = async (blue: number, green: number): Promise<SwapScene> => {
    const here = await scene({
      ...begun,
      blueGreen: blueGreen({ test: test200 }),
      testing: { before: weights(50, 50) },
    });
    here.traffic.put(testRule, [forward(weights(blue, green))]);
    return here;
  };

  test('that we wrote goes back', async () => {
    const here = await tested(0, 100);
    await through(here);
    expect(here.writes).toEqual([...tidied, 'test: blue 50, green 50']);
  });

  test('that somebody else changed stays', async () => {
    const here = await tested(20, 80);
    await through(here);
    expect(here.writes).toEqual(tidied);
  });
});

describe('nothing is undone', () => {
  test('once success is recorded', async () => {
    const here = await scene({ ...shifted, succeeded: { at: '2026-11-25T10:00:00.000Z' } });
    expect(await look(here)).toEqual({ done: true, result: 'left alone' });
    expect(here.writes).toEqual([]);
  });

  test('when nothing was begun', async () => {
    const here = swapScene();
    expect(await look(here)).toEqual({ done: true, result: 'nothing written' });
    expect(here.writes).toEqual([]);
  });

  test.each([0, 60])('without the lock, after %d s', async (phase) => {
    const here = await scene();
    if (phase > 0) here.divide(100, 0);
    here.journal.locks.clear();
    await expect(look(here, phase)).rejects.toMatchObject({ name: 'LockLost' });
    expect(here.writes).toEqual([]);
  });
});

test('traffic that does not come back within the target’s timeout and a minute is UndoFailed', async () => {
  const here = await scene();
  expect(await look(here, 1859)).toMatchObject({ done: false });
  await expect(look(here, 1860)).rejects.toMatchObject({ name: 'UndoFailed' });
});

test.each([0, 60])('the look after %d s leaves the same behind after whatever fault', async (phase) => {
  const { undisturbed, after } = await everyFault<SwapScene>({
    world: async () => {
      const here = await scene();
      if (phase > 0) here.divide(100, 0);
      return here;
    },
    run: async (ports) => look(ports, phase),
    state: whatStands,
  });
  expect(after.length).toBeGreaterThan(10);
  for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
});
