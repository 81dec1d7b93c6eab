import { seedNames } from '../../local/seed-names.ts';
import { executionEnd, fleet, healthy, journalled, rehearsed, until, type Scene } from '../support/deployed.ts';
import {
  colourScene,
  divideByHand,
  scaled,
  weightsWritten,
  type Colours,
  type Standing,
  type Swap,
} from '../support/deployed-colours.ts';
import { endedDeployed, other, theirs } from '../support/deployed-service.ts';

/** What a person does in the middle of a swap: the swap stops by name, what the person did stays, users are served. */

const { cluster } = seedNames;
const swap: Swap = { steps: [{ weight: 10, minutes: 4 }, { weight: 100 }], bake_minutes: 1, timeout_minutes: 10 };

/** A swap whose first step is written. */
const atFirstStep = async (scene: Scene): Promise<{ colours: Colours; before: Standing; execution: string }> => {
  const colours = await colourScene(scene, swap);
  const before = await colours.standing();
  const { execution } = await scene.release(healthy);
  await until('the first step', async () => ((await weightsWritten(colours)).length === 1 ? true : undefined));
  return { colours, before, execution };
};

const expectFailed = async (execution: string, failure: string, undo: string): Promise<void> => {
  expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: failure });
  expect((await journalled(execution))?.end).toMatchObject({ outcome: 'failed', failure, undo });
};

rehearsed(
  'other weights: both colours keep their tasks',
  'weights-by-hand',
  async (scene) => {
    const { colours, before, execution } = await atFirstStep(scene);
    await divideByHand(colours, [50, 50]);
    await expectFailed(execution, 'TrafficTampered', 'left alone');
    const after = await colours.standing();
    expect(after).toEqual({ desired: [2, 2], weights: [50, 50], scaling: [before.scaling[0], before.scaling[0]] });
  },
  { service: scaled, beside: true },
);

rehearsed(
  'green is deleted: users go back to blue',
  'green-deleted',
  async (scene) => {
    const { colours, before, execution } = await atFirstStep(scene);
    await other.deleteService({ cluster, service: colours.green });
    await expectFailed(execution, 'ServiceTampered', 'undone');
    const { desired, weights, scaling } = await colours.standing();
    expect({ desired, weights, blue: scaling[0] }).toEqual({
      desired: [2, 0],
      weights: before.weights,
      blue: before.scaling[0],
    });
  },
  // Until the weights are back, what green no longer answers fails.
  { service: scaled, beside: true, trafficMayFail: true },
);

rehearsed(
  'blue is scaled by hand, which nothing scales by itself: it keeps that count',
  'blue-scaled',
  async (scene) => {
    const { colours, before, execution } = await atFirstStep(scene);
    await other.updateService({ cluster, service: colours.blue, desiredCount: 3 });
    await expectFailed(execution, 'ServiceTampered', 'undone');
    expect(await colours.standing()).toEqual({ ...before, desired: [3, 0] });
  },
  { service: { ownListener: true }, beside: true },
);

rehearsed(
  'blue is deployed to by hand: their rollout stays',
  'blue-deployed',
  async (scene) => {
    const { colours, before, execution } = await atFirstStep(scene);
    const revision = await other.deploy({ cluster, service: colours.blue, image: await theirs('blue-deployed') });
    await expectFailed(execution, 'ServiceTampered', 'undone');
    expect(await colours.standing()).toEqual(before);
    expect((await colours.view('blue')).rollouts[0]).toMatchObject({ taskDefinitionArn: revision });
    await until('their rollout', async () => ((await scene.view()).rollouts.length === 1 ? true : undefined));
    expect(await executionEnd((await scene.release(healthy)).execution)).toMatchObject(endedDeployed);
  },
  { service: scaled, beside: true },
);

rehearsed(
  'blue grows by itself: that is none of it, and both colours keep what it grew to',
  'blue-grows',
  async (scene) => {
    const { colours, before, execution } = await atFirstStep(scene);
    expect(await fleet.autoscale(cluster, colours.blue, 4)).toEqual({ done: true, desired: 4 });
    expect(await executionEnd(execution)).toMatchObject(endedDeployed);
    const after = await colours.standing();
    expect(after).toMatchObject({ desired: [0, expect.any(Number)], scaling: before.scaling.toReversed() });
  },
  { service: scaled, beside: true },
);
