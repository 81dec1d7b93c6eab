import { startGreen } from '../../../lib/app/start-green.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import { everyFault } from '../../support/every-fault.ts';
import { before, failing, losingAnswers } from '../../support/memory-faults.ts';
import {
  blueService,
  greenName,
  greenService,
  noWait,
  revisionArn,
  serviceDeploymentArn,
} from '../../support/samples.ts';
import {
  begun,
  bounds,
  ourRevision,
  retiredBounds,
  scaled,
  swapScene,
  who,
  type SwapScene,
} from '../../support/swap-scene.ts';

const run = (ports: Parameters<typeof startGreen>[0]) => startGreen(ports)({ ...who, wait: noWait });
const holdLive = 'scale prod/web 2–6, no scale-in, no schedule';
const holdGreen = 'scale prod/web-green 2–6, no scale-in, no schedule';
const update = 'update prod/web-green web:8 × 2';
const alone = { idleExists: false, scaling: {} };

const bare = (found = {}) => {
  const scene = swapScene({}, { found: { ...alone, ...found } });
  scene.fleet.services.delete('prod/web-green');
  scene.journal.records.set('web-1', {
    ...scene.record(),
    found: { ...scene.record()?.found, idsBefore: [] },
  } as DeploymentRecord);
  return scene;
};

/** Each write once: what is written twice to the same effect may be, and ECS starts no second rollout of a revision. */
const outcome = ({ writes, fleet, scaling, record }: SwapScene) => ({
  writes: [...new Set(writes)],
  green: fleet.services.get('prod/web-green'),
  scaling: [...scaling.services],
  record: record(),
});

describe('green', () => {
  test('gets our revision and as many tasks as live has, between the holds of live and of itself', async () => {
    const scene = swapScene({}, { found: scaled });
    expect(await run(scene)).toEqual({
      ...{ state: 'starting', running: 0, desired: 0, healthy: 0, strange: 0, test: false },
      wait: { phase: 15, total: 15, seconds: 15 },
      serviceDeployment: serviceDeploymentArn('2'),
    });
    expect(scene.writes).toEqual([holdLive, update, holdGreen]);
    expect(scene.record()).toMatchObject({
      starting: { revision: ourRevision, desired: 2 },
      started: { rolloutId: 'ecs-svc/2', serviceDeployment: serviceDeploymentArn('2') },
    });
  });

  test('says whether it is to be tested', async () => {
    const scene = swapScene();
    const record = scene.record();
    const test = { url: 'https://test.example.com', status: 200 };
    if (record?.blueGreen) scene.journal.records.set('web-1', { ...record, blueGreen: { ...record.blueGreen, test } });
    expect(await run(scene)).toMatchObject({ test: true });
  });

  test('is started with the intent in the journal, live counted after scale-in rests', async () => {
    const scene = swapScene({}, { found: scaled });
    const grows = before(scene.scaling, 'set', () => {
      expect(scene.record()?.starting).toMatchObject({ revision: ourRevision, desired: 2 });
      scene.fleet.change(() => ({ desired: 4 }));
    });
    const watched = before(scene.fleet, 'update', () => {
      expect(scene.record()?.starting).toMatchObject({ revision: ourRevision, desired: 4 });
    });
    await run({ ...scene, scaling: grows, fleet: watched });
    expect(scene.writes[1]).toBe('update prod/web-green web:8 × 4');
  });

  test('without scaling is only updated', async () => {
    const scene = swapScene();
    await run(scene);
    expect(scene.writes).toEqual([update]);
  });

  test('whose colour alone has a scalable target keeps its own', async () => {
    const scene = swapScene({}, { found: { scaling: { idle: retiredBounds } } });
    await run(scene);
    expect(scene.writes).toEqual([update]);
  });

  test('that was not there is created as a copy of live, in the free group', async () => {
    const scene = bare();
    expect(await run(scene)).toMatchObject({ serviceDeployment: serviceDeploymentArn('created-1') });
    expect(scene.writes).toEqual(['create prod/web-green web:8 × 2']);
    expect(scene.record()).toMatchObject({ started: { rolloutId: 'ecs-svc/created-1' } });
    expect(scene.copies.created).toMatchObject([
      { loadBalancers: [{ targetGroupArn: expect.stringContaining('green') as string }] },
    ]);
  });

  test('that is still shown as INACTIVE, deleted long ago, is created', async () => {
    const scene = bare();
    scene.fleet.services.set('prod/web-green', greenService({ status: 'INACTIVE' }));
    await run(scene);
    expect(scene.writes).toEqual(['create prod/web-green web:8 × 2']);
  });

  test('cannot be created when live has gone meanwhile', async () => {
    const scene = bare();
    scene.copies.described.clear();
    await expect(run(scene)).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual([]);
  });

  test('is raised when live has grown, and started no second time', async () => {
    const scene = swapScene({}, { found: scaled });
    await run(scene);
    scene.fleet.change(() => ({ desired: 5 }));
    await run(scene);
    expect(scene.writes.filter((line) => line.includes('web-green ') && !line.startsWith('scale'))).toEqual([
      update,
      'resize prod/web-green 5',
    ]);
    expect(scene.record()).toMatchObject({ starting: { desired: 5 }, started: { rolloutId: 'ecs-svc/2' } });
  });

  test('that scaled out itself is not made smaller', async () => {
    const scene = swapScene({}, { found: scaled });
    await run(scene);
    scene.fleet.change(() => ({ desired: 6 }), greenName);
    scene.fleet.change(() => ({ desired: 3 }));
    await run(scene);
    expect(scene.writes.filter((line) => line.startsWith('resize'))).toEqual([]);
  });

  test('whose rollout is not to be seen in ECS’s answer is looked at again', async () => {
    const scene = swapScene();
    const fleet = { ...scene.fleet, update: () => Promise.resolve(greenService()) };
    await expect(run({ ...scene, fleet })).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(scene.record()).not.toHaveProperty('started');
  });

  test('keeps no record of ECS’s that is the rollout’s before', async () => {
    const scene = swapScene();
    const fleet = {
      ...scene.fleet,
      update: async (...args: Parameters<typeof scene.fleet.update>) => ({
        ...(await scene.fleet.update(...args)),
        serviceDeployment: serviceDeploymentArn('0'),
      }),
    };
    expect(await run({ ...scene, fleet })).not.toHaveProperty('serviceDeployment');
    expect(scene.record()?.started).toEqual({ rolloutId: 'ecs-svc/2' });
  });
});

describe('whatever call fails, and whatever the next try then sees', () => {
  test.each([
    ['updated', () => swapScene({}, { found: scaled })],
    ['created', bare],
  ])('green is %s once, and all else done', async (_how, world) => {
    const { undisturbed, after } = await everyFault<SwapScene>({ world, run, state: outcome });
    expect(after.length).toBeGreaterThan(30);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });

  test('an answer that was lost is not asked for again', async () => {
    const scene = swapScene();
    await expect(run({ ...scene, fleet: losingAnswers(scene.fleet, 'update') })).rejects.toMatchObject({
      name: 'AwsUnavailable',
    });
    await run(scene);
    expect(scene.writes).toEqual([update]);
  });

  test('green is raised once', async () => {
    const world = async () => {
      const scene = swapScene({}, { found: scaled });
      await run(scene);
      scene.fleet.change(() => ({ desired: 4 }));
      return scene;
    };
    const { undisturbed, after } = await everyFault<SwapScene>({ world, run, state: outcome });
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });

  test('refused for good, it ends by that name', async () => {
    const scene = swapScene();
    const failure = new DeployFailure('AwsRefused', 'UpdateService: AccessDeniedException');
    const refused = { ...scene, fleet: failing(scene.fleet, 'update', { failure }) };
    await expect(run(refused)).rejects.toMatchObject({ name: 'AwsRefused' });
    expect(scene.record()).toMatchObject({ starting: { desired: 2 } });
  });

  test('without the lock nothing is written', async () => {
    const scene = swapScene({}, { found: scaled });
    scene.journal.locks.clear();
    await expect(run(scene)).rejects.toMatchObject({ name: 'LockLost' });
    expect(scene.writes).toEqual([]);
  });
});

describe('somebody else', () => {
  const foreign = (state: ServiceState): Partial<ServiceState> => ({
    revision: revisionArn(9),
    rollouts: [
      { ...state.rollouts[0], id: 'ecs-svc/77', revision: revisionArn(9) } as ServiceState['rollouts'][number],
      ...state.rollouts.map((one) => ({ ...one, status: 'ACTIVE' })),
    ],
  });

  test.each<[string, string, (scene: SwapScene) => void]>([
    [
      'began a rollout on the idle colour',
      'ServiceBusy',
      ({ fleet }) => {
        fleet.change(foreign, greenName);
      },
    ],
    [
      'deletes the idle colour',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.change(() => ({ status: 'DRAINING' }), greenName);
      },
    ],
    [
      'deleted the idle colour',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.services.delete('prod/web-green');
      },
    ],
    [
      'deleted it long enough ago to be INACTIVE',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.change(() => ({ status: 'INACTIVE' }), greenName);
      },
    ],
    [
      'began a rollout on live',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.change(foreign);
      },
    ],
    [
      'deleted live',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.services.delete('prod/web');
      },
    ],
    [
      'deletes live',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.change(() => ({ status: 'DRAINING' }));
      },
    ],
    [
      'scaled live to nothing',
      'ServiceTampered',
      ({ fleet }) => {
        fleet.change(() => ({ desired: 0 }));
      },
    ],
  ])('%s: %s, and nothing is written', async (_what, name, act) => {
    const scene = swapScene({}, { found: scaled });
    act(scene);
    await expect(run(scene)).rejects.toMatchObject({ name });
    expect(scene.writes).toEqual([]);
    expect(scene.record()).not.toHaveProperty('starting');
  });

  test('deletes the idle colour, and is told so', async () => {
    const scene = swapScene();
    scene.fleet.change(() => ({ status: 'DRAINING' }), greenName);
    await expect(run(scene)).rejects.toMatchObject({ because: 'web-green, the idle colour, is being deleted' });
  });

  test.each([1, 3])('scaled live, which has no scaling, to %d by hand', async (desired) => {
    const scene = swapScene();
    scene.fleet.change(() => ({ desired }));
    await expect(run(scene)).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual([]);
  });

  test('but scaling of its own may move live', async () => {
    const scene = swapScene({}, { found: scaled });
    scene.fleet.change(() => ({ desired: 3 }));
    await run(scene);
    expect(scene.writes[1]).toBe('update prod/web-green web:8 × 3');
  });

  test('made an idle service meanwhile: it is not taken for ours', async () => {
    const scene = bare();
    scene.fleet.services.set('prod/web-green', greenService());
    await expect(run(scene)).rejects.toMatchObject({ name: 'ServiceBusy' });
    expect(scene.writes).toEqual([]);
  });

  test('began a rollout on green just before our update: it is left', async () => {
    const scene = swapScene({}, { found: scaled });
    const late = before(scene.scaling, 'set', () => {
      scene.fleet.change(foreign, greenName);
    });
    await expect(run({ ...scene, scaling: late })).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual([holdLive]);
  });

  test('put a rollout in the place of ours before green was to be raised: it is left', async () => {
    const scene = swapScene(begun, { found: scaled });
    await scene.raiseGreen();
    scene.fleet.change(foreign, greenName);
    scene.fleet.change(() => ({ desired: 4 }));
    await expect(run(scene)).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual([]);
  });

  test('began a rollout on live while it was held: nothing is started', async () => {
    const scene = swapScene({}, { found: scaled });
    const late = before(scene.scaling, 'set', () => {
      scene.fleet.change(foreign);
    });
    await expect(run({ ...scene, scaling: late })).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual([holdLive]);
  });

  test.each([
    ['live', 'prod/web', []],
    ['green', 'prod/web-green', [holdLive, update]],
  ])('set other bounds for %s: they stay', async (_colour, label, writes) => {
    const scene = swapScene({}, { found: scaled });
    scene.scaling.services.set(label, { target: { ...bounds, max: 9 }, policies: [], scheduledActions: [] });
    await expect(run(scene)).rejects.toMatchObject({ name: 'ServiceTampered' });
    expect(scene.writes).toEqual(writes);
  });
});

test('before Register, or Look, it is nothing that can go on', async () => {
  for (const field of ['revision', 'found'] as const) {
    const scene = swapScene();
    const record = { ...scene.record() } as DeploymentRecord;
    Reflect.deleteProperty(record, field);
    scene.journal.records.set('web-1', record);
    await expect(run(scene)).rejects.toMatchObject({ name: 'Unexpected' });
  }
  const rolling = swapScene();
  rolling.fleet.services.set('prod/web', blueService());
  rolling.journal.records.clear();
  await expect(run(rolling)).rejects.toMatchObject({ name: 'Unexpected' });
});
