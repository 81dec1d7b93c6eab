import { retire } from '../../../lib/app/retire.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { duringSwap } from '../../../lib/domain/scaling.ts';
import { everyFault } from '../../support/every-fault.ts';
import { before, failing } from '../../support/memory-faults.ts';
import {
  blueGreen,
  blueGroup,
  forward,
  greenGroup,
  productionRule,
  revisionArn,
  testRule,
} from '../../support/samples.ts';
import { begun, bounds, scaled, swapScene, who, type SwapScene, whatStands } from '../../support/swap-scene.ts';

const halves = { [blueGroup]: 50, [greenGroup]: 50 };
const test200 = { url: 'https://test.example.com', status: 200, rule: testRule };
const proved: Partial<DeploymentRecord> = {
  ...begun,
  shifting: { step: 1, before: { [blueGroup]: 90, [greenGroup]: 10 }, after: { [blueGroup]: 0, [greenGroup]: 100 } },
  succeeded: { at: '2026-11-25T10:00:00.000Z' },
};
const run = (ports: Parameters<typeof retire>[0]) => retire(ports)(who);

/** Green has all traffic, and its success is recorded. */
const scene = async (written: Partial<DeploymentRecord> = {}, found = scaled): Promise<SwapScene> => {
  const here = swapScene({ ...proved, ...written }, { found });
  await here.raiseGreen();
  here.divide(0, 100);
  for (const label of ['prod/web', 'prod/web-green'])
    if (found.scaling?.live)
      here.scaling.services.set(label, { target: duringSwap(bounds), policies: [], scheduledActions: [] });
  return here;
};
/** The same with a test rule, which leads to green. */
const tested = async (): Promise<SwapScene> => {
  const here = await scene({ blueGreen: blueGreen({ test: test200 }), testing: { before: halves } });
  here.traffic.put(testRule, [forward({ [blueGroup]: 0, [greenGroup]: 100 })]);
  return here;
};
const greenBounds = 'scale prod/web-green 2–6';
const blueBounds = 'scale prod/web 0–6, no scale-in, no scale-out, no schedule';
const shrunk = 'resize prod/web 0';
const all = [greenBounds, blueBounds, shrunk];

describe('the old colour', () => {
  test('is shrunk, its bounds before its count, and green gets live’s bounds', async () => {
    const here = await scene();
    const watched = before(here.scaling, 'set', () => {
      expect(here.record()).toMatchObject({ retiring: { service: 'web' } });
    });
    expect(await run({ ...here, scaling: watched })).toEqual({ done: true, because: 'web has desired count 0' });
    expect(here.writes).toEqual(all);
    expect(here.fleet.services.get('prod/web')).toMatchObject({ status: 'ACTIVE', desired: 0 });
    expect(here.fleet.services.get('prod/web-green')).toMatchObject({ desired: 2 });
  });

  test('without scaling is only shrunk', async () => {
    const here = await scene({}, {});
    await run(here);
    expect(here.writes).toEqual([shrunk]);
  });

  test('is deleted where the target says so', async () => {
    const here = await scene({ blueGreen: blueGreen({ retire: 'delete' }) });
    expect(await run(here)).toEqual({ done: true, because: 'web is deleted' });
    expect(here.writes).toEqual([...all, 'remove prod/web']);
  });

  test.each(['scale-to-zero', 'delete'] as const)('is retired once, however often it is told: %s', async (how) => {
    const here = await scene({ blueGreen: blueGreen({ retire: how }) });
    await run(here);
    await run(here);
    expect(here.writes.filter((line) => !line.startsWith('scale'))).toEqual(
      how === 'delete' ? [shrunk, 'remove prod/web'] : [shrunk],
    );
  });

  test.each([undefined, 'DRAINING', 'INACTIVE'])('that is %s already needs nothing', async (status) => {
    const here = await scene();
    if (status === undefined) here.fleet.services.delete('prod/web');
    else here.fleet.change(() => ({ status }));
    expect(await run(here)).toEqual({ done: true, because: 'web is gone' });
    expect(here.writes).toEqual([greenBounds]);
  });

  test.each([
    ['shrunk', {}],
    ['deleted', { blueGreen: blueGreen({ retire: 'delete' }) }],
  ])('is %s after whatever fault', async (_how, written) => {
    const { undisturbed, after } = await everyFault<SwapScene>({
      world: async () => scene(written),
      run: async (ports) => run(ports),
      state: whatStands,
    });
    expect(after.length).toBeGreaterThan(20);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });

  test('that AWS refuses to shrink ends it by that name', async () => {
    const here = await scene();
    const failure = new DeployFailure('AwsRefused', 'UpdateService: AccessDeniedException');
    const refused = { ...here, fleet: failing(here.fleet, 'resize', { failure }) };
    await expect(run(refused)).rejects.toMatchObject({ name: 'AwsRefused' });
  });
});

describe('nothing shrinks', () => {
  const refused = async (here: SwapScene, name: string, writes: string[] = []) => {
    await expect(run(here)).rejects.toMatchObject({ name });
    expect(here.writes).toEqual(writes);
  };

  test('before the success is recorded', async () => {
    const here = await scene();
    const record = { ...here.record() } as DeploymentRecord;
    Reflect.deleteProperty(record, 'succeeded');
    here.journal.records.set('web-1', record);
    await refused(here, 'Unexpected');
  });

  test.each<[string, (here: SwapScene) => void]>([
    [
      'is no step’s',
      (here) => {
        here.divide(30, 70);
      },
    ],
    [
      'is on both',
      (here) => {
        here.divide(1, 100);
      },
    ],
    [
      'goes elsewhere',
      ({ traffic }) => {
        traffic.put(productionRule, [forward({ [greenGroup]: 100, other: 0 })]);
      },
    ],
    [
      'goes nowhere',
      ({ traffic }) => {
        traffic.points.delete(productionRule);
      },
    ],
    [
      'is on neither',
      (here) => {
        here.divide(0, 0);
      },
    ],
  ])('while traffic %s', async (_what, act) => {
    const here = await scene();
    act(here);
    await refused(here, 'RetireIncomplete');
  });

  test.each([
    [100, 0],
    [90, 10],
  ])('while a read shows an earlier step, %d to %d, which it is tried again for', async (blue, green) => {
    const here = await scene();
    here.divide(blue, green);
    await refused(here, 'AwsUnavailable');
  });

  test('without the lock', async () => {
    const here = await tested();
    here.journal.locks.clear();
    await refused(here, 'LockLost');
  });

  test('of an old colour that somebody deployed on meanwhile', async () => {
    const here = await scene();
    await here.fleet.update(here.blue, revisionArn(9));
    here.writes.length = 0;
    await refused(here, 'RetireIncomplete', [greenBounds]);
  });

  test('of an old colour whose scaling somebody else changed', async () => {
    const here = await scene();
    here.scaling.services.set('prod/web', { target: bounds, policies: [], scheduledActions: [] });
    await refused(here, 'RetireIncomplete', [greenBounds]);
  });

  test('when somebody else changed green’s scaling', async () => {
    const here = await scene();
    here.scaling.services.set('prod/web-green', { target: { ...bounds, max: 20 }, policies: [], scheduledActions: [] });
    await refused(here, 'RetireIncomplete');
  });
});

test('green may have any weight that is all of it', async () => {
  const here = await scene();
  here.divide(0, 1);
  expect(await run(here)).toMatchObject({ done: true });
});

describe('the test rule', () => {
  const rule = ({ traffic }: SwapScene) => traffic.points.get(testRule)?.actions;

  test('goes back to what it was', async () => {
    const here = await tested();
    await run(here);
    expect(here.writes).toEqual([...all, 'test: blue 50, green 50']);
    expect(rule(here)).toEqual([forward(halves)]);
  });

  test.each<[string, (here: SwapScene) => void]>([
    [
      'somebody else changed',
      ({ traffic }) => {
        traffic.put(testRule, [forward({ [blueGroup]: 20, [greenGroup]: 80 })]);
      },
    ],
    [
      'leads elsewhere',
      ({ traffic }) => {
        traffic.put(testRule, [forward({ other: 1 })]);
      },
    ],
    [
      'is gone',
      ({ traffic }) => {
        traffic.points.delete(testRule);
      },
    ],
    [
      'was never written',
      (here) => {
        const record = { ...here.record() } as DeploymentRecord;
        Reflect.deleteProperty(record, 'testing');
        here.journal.records.set('web-1', record);
      },
    ],
  ])('that %s stays as it is', async (_what, act) => {
    const here = await tested();
    act(here);
    const as = rule(here);
    expect(await run(here)).toMatchObject({ done: true });
    expect(rule(here)).toEqual(as);
    expect(here.writes).toEqual(all);
  });
});
