import { shift } from '../../../lib/app/shift.ts';
import { everyFault } from '../../support/every-fault.ts';
import { before, losingAnswers } from '../../support/memory-faults.ts';
import { blueGroup, forward, greenGroup, productionRule } from '../../support/samples.ts';
import { begun, swapScene, who, type SwapScene } from '../../support/swap-scene.ts';

const steps = [
  { weight: 10, minutes: 5 },
  { weight: 50, minutes: 1 },
  { weight: 100, minutes: 0 },
];
const weights = (blue: number, green: number) => ({ [blueGroup]: blue, [greenGroup]: green });
const scene = (blue = 100, green = 0): SwapScene => {
  const here = swapScene(begun, { steps });
  here.divide(blue, green);
  return here;
};
const run = (ports: Parameters<typeof shift>[0], step = 0) =>
  shift(ports)({ ...who, traffic: { step, wait: { phase: 300, total: 345 } } });
const now = ({ traffic }: SwapScene) => traffic.points.get(productionRule)?.actions;

describe('a step', () => {
  test.each([
    [0, [100, 0], [90, 10], 15],
    [1, [90, 10], [50, 50], 15],
    [2, [50, 50], [0, 100], 15],
  ] as const)(
    '%d is written once, from %p to %p, with both journalled before',
    async (step, [b, g], [blue, green], seconds) => {
      const here = scene(b, g);
      const shifting = { step, before: weights(b, g), after: weights(blue, green) };
      const watched = before(here.traffic, 'replace', () => {
        expect(here.record()).toMatchObject({ shifting });
      });
      expect(await run({ ...here, traffic: watched }, step)).toEqual({
        ...{ state: 'watching', step, weight: green, unwell: 0, strange: 0 },
        wait: { phase: seconds, total: 345 + seconds, seconds },
      });
      expect(here.writes).toEqual([`production: blue ${blue}, green ${green}`]);
    },
  );

  test('keeps whatever else the rule does', async () => {
    const here = scene();
    const login = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'drawbridge' } };
    const sticky = { Enabled: true, DurationSeconds: 60 };
    const rule = (blue: number, green: number) => {
      const { ForwardConfig } = forward(weights(blue, green));
      return [
        login,
        {
          Type: 'forward',
          Order: 2,
          ForwardConfig: { ...(ForwardConfig as object), TargetGroupStickinessConfig: sticky },
        },
      ];
    };
    here.traffic.put(productionRule, rule(100, 0));
    await run(here);
    expect(now(here)).toEqual(rule(90, 10));
  });

  test('that is in force is not written again', async () => {
    const here = scene(90, 10);
    expect(await run(here)).toMatchObject({ step: 0, weight: 10, strange: 0, wait: { phase: 15 } });
    expect(here.writes).toEqual([]);
    expect(here.record()).toMatchObject({ shifting: { step: 0, before: weights(100, 0), after: weights(90, 10) } });
  });

  test('whose answer was lost is not written again', async () => {
    const here = scene();
    const lossy = { ...here, traffic: losingAnswers(here.traffic, 'replace') };
    await expect(run(lossy)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(await run(lossy)).toMatchObject({ step: 0, weight: 10 });
    expect(here.writes).toHaveLength(1);
  });

  test('is in force, and journalled, after whatever fault', async () => {
    const { undisturbed, after } = await everyFault<SwapScene>({
      world: () => scene(90, 10),
      run: async (ports) => run(ports, 1),
      state: (ports) => ({ rule: now(ports), writes: [...new Set(ports.writes)], record: ports.record() }),
    });
    expect(after.length).toBeGreaterThan(8);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });

  test('is not written without the lock', async () => {
    const here = scene();
    here.journal.locks.clear();
    await expect(run(here)).rejects.toMatchObject({ name: 'LockLost' });
    expect(here.writes).toEqual([]);
  });
});

describe('a look that shows the weights of an earlier step', () => {
  test('may lag: nothing is written, and Watch looks at the step before, which had its time', async () => {
    const here = scene(100, 0);
    expect(await run(here, 1)).toEqual({
      ...{ state: 'watching', step: 0, weight: 10, unwell: 0, strange: 1 },
      wait: { phase: 315, total: 360, seconds: 15 },
    });
    expect(here.writes).toEqual([]);
    expect(here.record()).not.toHaveProperty('shifting');
  });

  test('is of the step before: it is written', async () => {
    const here = scene(90, 10);
    await run(here, 1);
    expect(here.writes).toEqual(['production: blue 50, green 50']);
  });
});

describe('somebody else’s weights', () => {
  test.each<[string, (here: SwapScene) => void]>([
    [
      'are no step’s',
      (here) => {
        here.divide(70, 30);
      },
    ],
    [
      'are of a step that is to come',
      (here) => {
        here.divide(50, 50);
      },
    ],
    [
      'divide users among other groups',
      ({ traffic }) => {
        traffic.put(productionRule, [forward({ [blueGroup]: 100, other: 0 })]);
      },
    ],
    [
      'went with the rule',
      ({ traffic }) => {
        traffic.points.delete(productionRule);
      },
    ],
  ])('%s, and are left alone', async (_what, act) => {
    const here = scene();
    act(here);
    const rule = now(here);
    await expect(run(here)).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(now(here)).toEqual(rule);
    expect(here.writes).toEqual([]);
    expect(here.record()).not.toHaveProperty('shifting');
  });

  test.each([
    ['other weights', [forward(weights(100, 0))]],
    ['other groups', [forward({ other: 1 })]],
  ])('are in the answer to our write: %s', async (_what, answer) => {
    const here = scene();
    const traffic = { ...here.traffic, replace: () => Promise.resolve(answer) };
    await expect(run({ ...here, traffic })).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(here.record()).toMatchObject({ shifting: { step: 0 } });
  });
});

test('before Start green it is nothing that can go on', async () => {
  await expect(run(swapScene())).rejects.toMatchObject({ name: 'Unexpected' });
});
