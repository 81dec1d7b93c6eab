import { checkGreen, type GreenView } from '../../../lib/app/check-green.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import { everyFault } from '../../support/every-fault.ts';
import {
  blueService,
  crashedTask,
  greenGroup,
  greenName,
  greenService,
  revisionArn,
  scaledIn,
  serviceDeploymentArn,
} from '../../support/samples.ts';
import { begun, scaled, swapScene, who, type SwapScene } from '../../support/swap-scene.ts';

const last: GreenView = {
  ...{ state: 'starting', running: 0, desired: 0, healthy: 0, strange: 0, test: false },
  wait: { phase: 15, total: 45, seconds: 15 },
};
const look = (ports: Parameters<typeof checkGreen>[0], green: Partial<GreenView> = {}) =>
  checkGreen(ports)({ ...who, green: { ...last, ...green } });

/** Green runs our revision, all of it healthy, unless the test says otherwise. */
const scene = async (found = scaled, tasks = 2): Promise<SwapScene> => {
  const here = swapScene(begun, { found });
  await here.raiseGreen(tasks);
  return here;
};

/** A look that shows what cannot be a stale read for ever: three are let pass, the fourth names it. */
const tolerated = async (here: SwapScene) => {
  let view = await look(here);
  for (const strange of [1, 2, 3]) {
    expect(view).toMatchObject({ state: 'starting', strange });
    if (strange < 3) view = await look(here, view);
  }
  return look(here, view);
};

describe('healthy', () => {
  test('is green with our rollout completed, all of it running and healthy', async () => {
    expect(await look(await scene())).toEqual({
      ...{ state: 'healthy', running: 2, desired: 2, healthy: 2, strange: 0, test: false },
      wait: last.wait,
      serviceDeployment: serviceDeploymentArn('2'),
      failed: [],
    });
  });

  test('tells which of its tasks failed on the way: Watch counts none of them again', async () => {
    const here = await scene();
    here.fleet.stoppedTasks.set('ecs-svc/2', [crashedTask('one'), scaledIn('two'), crashedTask('three')]);
    here.fleet.stoppedTasks.set('ecs-svc/1', [crashedTask('four')]);
    expect(await look(here)).toMatchObject({ state: 'healthy', failed: ['one', 'three'] });
  });

  test.each<[string, (here: SwapScene) => void]>([
    [
      'has yet to complete',
      ({ fleet }) => {
        fleet.front({ state: 'IN_PROGRESS' }, greenName);
      },
    ],
    [
      'has fewer running than desired',
      ({ fleet }) => {
        fleet.front({ running: 1 }, greenName);
      },
    ],
    [
      'has more running than desired',
      ({ fleet }) => {
        fleet.front({ running: 3 }, greenName);
      },
    ],
    [
      'has too few healthy targets',
      ({ traffic }) => {
        traffic.registered.get(greenGroup)?.pop();
      },
    ],
    [
      'has targets that are not healthy yet',
      ({ traffic }) => {
        traffic.registered.set(greenGroup, [
          { id: '10.0.1.1', state: 'healthy' },
          { id: '10.0.1.2', state: 'initial' },
        ]);
      },
    ],
    [
      'has only an older rollout’s healthy targets',
      ({ traffic }) => {
        traffic.registered.delete(greenGroup);
        traffic.register(greenGroup, 2, { address: '10.0.9.1' });
      },
    ],
    [
      'has one of its own and one of an older rollout’s',
      ({ traffic }) => {
        traffic.registered.set(greenGroup, [
          { id: '10.0.1.1', state: 'healthy' },
          { id: '10.0.9.9', state: 'healthy' },
        ]);
      },
    ],
    [
      'has no task yet',
      ({ fleet }) => {
        fleet.front({ running: 0, desired: 0 }, greenName);
      },
    ],
  ])('is not green that %s', async (_what, act) => {
    const here = await scene();
    act(here);
    expect(await look(here)).toMatchObject({
      ...{ state: 'starting', strange: 0 },
      wait: { phase: 30, total: 60, seconds: 15 },
    });
  });

  test('is green that has scaled out, with all of it healthy', async () => {
    const here = await scene();
    here.fleet.change(() => ({ desired: 3 }), greenName);
    here.fleet.front({ desired: 3, running: 3 }, greenName);
    expect(await look(here)).toMatchObject({ state: 'starting', healthy: 2 });
    here.fleet.tasks.set('ecs-svc/2', ['10.0.1.1', '10.0.1.2', '10.0.1.3']);
    here.traffic.register(greenGroup, 1, { address: '10.0.1.3' });
    expect(await look(here)).toMatchObject({ state: 'healthy', healthy: 3 });
  });

  test('tells whether green is to be tested', async () => {
    const here = await scene();
    const record = here.record();
    const test = { url: 'https://test.example.com', status: 200 };
    if (record?.blueGreen) here.journal.records.set('web-1', { ...record, blueGreen: { ...record.blueGreen, test } });
    expect(await look(here)).toMatchObject({ state: 'healthy', test: true });
  });

  test('is found though ECS has no record of its own of the rollout', async () => {
    const here = await scene();
    here.fleet.records.clear();
    expect(await look(here)).toMatchObject({ state: 'healthy' });
  });

  test('writes nothing, whatever call fails', async () => {
    const { undisturbed, after } = await everyFault<SwapScene>({
      world: async () => scene(),
      run: async (ports) => look(ports),
      state: ({ writes, record }) => ({ writes, record: record() }),
    });
    expect(undisturbed).toMatchObject({ writes: [] });
    expect(after.length).toBeGreaterThan(10);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });
});

describe('live that has grown', () => {
  test.each(['COMPLETED', 'IN_PROGRESS'] as const)('is to be matched, with green %s', async (state) => {
    const here = await scene();
    here.fleet.front({ state }, greenName);
    here.fleet.change(() => ({ desired: 4 }));
    expect(await look(here)).toMatchObject({ state: 'grown', strange: 0, wait: last.wait });
  });

  test('to the end of its bounds is to be matched', async () => {
    const here = await scene();
    here.fleet.change(() => ({ desired: 6 }));
    expect(await look(here)).toMatchObject({ state: 'grown' });
  });

  test('is not taken for grown when it has as many as green was given', async () => {
    const here = swapScene({ ...begun, starting: { ...begun.starting, desired: 4 } }, { found: scaled });
    await here.raiseGreen(4);
    here.fleet.change(() => ({ desired: 4 }));
    expect(await look(here)).toMatchObject({ state: 'healthy' });
  });

  test('waits while green is not as we left it', async () => {
    const here = await scene();
    here.fleet.change(() => ({ desired: 4 }));
    here.fleet.change(() => ({ status: 'DRAINING' }), greenName);
    expect(await look(here)).toMatchObject({ state: 'starting', strange: 1 });
  });

  test('does not keep a green that never gets well from its end', async () => {
    const here = await scene();
    here.fleet.front({ state: 'IN_PROGRESS' }, greenName);
    here.fleet.change(() => ({ desired: 4 }));
    const late = { wait: { phase: 1800, total: 1800, seconds: 60 } };
    await expect(look(here, late)).rejects.toMatchObject({ name: 'GreenUnhealthy' });
  });
});

describe('green that does not get healthy', () => {
  const facts = { rollout: 'ecs-svc/2', reasons: ['a container exited with code 1'] };

  test.each<[string, Partial<ServiceState['rollouts'][number]>, string]>([
    ['failed', { state: 'FAILED', reason: 'tasks failed to start.' }, 'failed: tasks failed to start.'],
  ])('%s, and ends at once with the reasons', async (_what, front, because) => {
    const here = await scene();
    here.fleet.front(front, greenName);
    await expect(look(here)).rejects.toMatchObject({ name: 'GreenUnhealthy', because, facts });
  });

  test('was rolled back by ECS, which says so', async () => {
    const here = await scene();
    await here.fleet.update(greenName, revisionArn(6));
    const arn = serviceDeploymentArn('2');
    here.fleet.records.set(arn, { arn, status: 'ROLLBACK_SUCCESSFUL', reason: 'circuit breaker' });
    const because = 'rolled back: circuit breaker';
    await expect(look(here, { serviceDeployment: arn })).rejects.toMatchObject({
      name: 'GreenUnhealthy',
      because,
      facts,
    });
  });

  test('was rolled back by ECS, where only the classic view tells', async () => {
    const here = await scene();
    here.fleet.front({ state: 'FAILED', reason: 'ECS deployment circuit breaker: rolling back.' }, greenName);
    await here.fleet.update(greenName, revisionArn(6));
    here.fleet.records.clear();
    await expect(look(here)).rejects.toMatchObject({ name: 'GreenUnhealthy', facts });
  });

  test('was replaced by somebody else’s rollout', async () => {
    const here = await scene();
    await here.fleet.update(greenName, revisionArn(9));
    await expect(look(here)).rejects.toMatchObject({ name: 'RolloutReplaced' });
  });

  test('takes longer than the target’s timeout, counted in waits', async () => {
    const here = await scene();
    here.traffic.registered.delete(greenGroup);
    const at = (phase: number) => look(here, { wait: { phase, total: phase, seconds: 60 } });
    expect(await at(1799)).toMatchObject({ state: 'starting' });
    const because = 'not healthy after 30 minutes';
    await expect(at(1800)).rejects.toMatchObject({ name: 'GreenUnhealthy', because, facts });
  });

  test('healthy at the last look is healthy', async () => {
    expect(await look(await scene(), { wait: { phase: 1800, total: 1800, seconds: 60 } })).toMatchObject({
      state: 'healthy',
    });
  });

  test('ends by its name even when the reasons cannot be read', async () => {
    const here = await scene();
    here.fleet.front({ state: 'FAILED' }, greenName);
    const diagnosis = { reasons: () => Promise.reject(new Error('x')) };
    await expect(look({ ...here, diagnosis })).rejects.toMatchObject({ name: 'GreenUnhealthy' });
  });
});

describe('what a stale read may show is let pass three times, then named', () => {
  test.each<[string, string, object, (here: SwapScene) => void]>([
    [
      'green is gone',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.services.delete('prod/web-green');
      },
    ],
    [
      'green is being deleted',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ status: 'DRAINING' }), greenName);
      },
    ],
    [
      'green is as it was before',
      'RolloutReplaced',
      scaled,
      ({ fleet }) => {
        fleet.services.set('prod/web-green', greenService());
      },
    ],
    [
      'green was scaled down',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 1 }), greenName);
      },
    ],
    [
      'green was scaled up without scaling',
      'ServiceTampered',
      {},
      ({ fleet }) => {
        fleet.change(() => ({ desired: 3 }), greenName);
      },
    ],
    [
      'live is gone',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.services.delete('prod/web');
      },
    ],
    [
      'live is INACTIVE',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ status: 'INACTIVE' }));
      },
    ],
    [
      'live has a rollout of somebody else’s',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.front({ id: 'ecs-svc/77' });
      },
    ],
    [
      'live was scaled down',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 1 }));
      },
    ],
    [
      'live was scaled beyond its bounds',
      'ServiceTampered',
      scaled,
      ({ fleet }) => {
        fleet.change(() => ({ desired: 7 }));
      },
    ],
    [
      'live, without scaling, was scaled up',
      'ServiceTampered',
      {},
      ({ fleet }) => {
        fleet.change(() => ({ desired: 3 }));
      },
    ],
    [
      'live, without scaling, was scaled down',
      'ServiceTampered',
      {},
      ({ fleet }) => {
        fleet.change(() => ({ desired: 1 }));
      },
    ],
  ])('%s: %s', async (_what, name, found, act) => {
    const here = await scene(found);
    act(here);
    await expect(tolerated(here)).rejects.toMatchObject({ name });
    expect(here.writes).toEqual([]);
  });

  test('and forgotten as soon as all is as it should be', async () => {
    expect(await look(await scene(), { strange: 3 })).toMatchObject({ state: 'healthy', strange: 0 });
  });
});

test('before Start green it is nothing that can go on', async () => {
  const here = swapScene();
  here.fleet.services.set('prod/web', blueService());
  await expect(look(here)).rejects.toMatchObject({ name: 'Unexpected' });
});
