import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../../local/children.ts';
import { project as root, stage } from '../../local/deploy.ts';
import { seedNames } from '../../local/seed-names.ts';
import {
  deployed,
  executionEnd,
  fleet,
  healthy,
  journalled,
  rehearsed,
  statesOf,
  targetDocument,
  timesOf,
  until,
  type Scene,
} from '../support/deployed.ts';
import { colourScene, scaled, weightsWritten, type Swap } from '../support/deployed-colours.ts';
import { endedDeployed, pinned } from '../support/deployed-service.ts';

/** The first swap of a service, what follows a swap, and what comes while one is under way. */

const { cluster } = seedNames;
const atOnce: Swap = { steps: [{ weight: 100 }], bake_minutes: 1, timeout_minutes: 10 };

const releaseAndEnd = async (scene: Scene) => {
  const released = await scene.release(healthy);
  return { ...released, end: await executionEnd(released.execution) };
};

/** As ops do it: a file, and the tool that checks and writes it. */
const applyTarget = async ({ project, name }: Scene, strategy: object): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'drawbridge-targets-'));
  try {
    const file = join(folder, 'targets.json');
    const document = { ...targetDocument(name, { pipeline: { ref: 'main' } }), strategy };
    writeFileSync(file, JSON.stringify({ project, targets: { [name]: document } }));
    const args = [join(root, 'cli', 'drawbridge.ts'), 'targets', 'apply', file, '--stage', stage];
    const { awsUrl: AWS_ENDPOINT_URL, region: AWS_REGION } = deployed;
    const keys = { AWS_ACCESS_KEY_ID: deployed.accessKeyId, AWS_SECRET_ACCESS_KEY: deployed.secretAccessKey };
    return await runChild(process.execPath, args, { env: { ...keys, AWS_ENDPOINT_URL, AWS_REGION }, cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
};

rehearsed(
  'the first time: a target applied by hand makes the second service, a copy of the first, tags and all',
  'first-swap',
  async (scene) => {
    const { serviceArn, ruleArn, colourGroupArns } = scene.service;
    const tags = [{ key: 'team', value: 'acme' }];
    await fleet.call({ service: 'ecs', operation: 'TagResource', input: { resourceArn: serviceArn, tags } });
    const strategy = { type: 'blue-green', listener_rule: ruleArn, target_groups: colourGroupArns, ...atOnce };
    expect(await applyTarget(scene, strategy)).toContain(scene.name);
    const { end, digest } = await releaseAndEnd(scene);
    expect(end).toMatchObject(endedDeployed);
    const green = await fleet.serviceView(cluster, `${scene.name}-green`);
    expect(green).toMatchObject({ desired: 2, rollouts: [{ images: [pinned(digest)] }] });
    expect((await scene.view()).desired).toBe(0);
  },
  { service: { spareTargetGroup: true }, beside: true },
);

rehearsed(
  'the old colour is deleted where ops say so, and made anew by the next swap; green is asked through the test rule first',
  'swap-deletes',
  async (scene) => {
    const { test } = scene.service;
    const swap = {
      ...atOnce,
      retire: 'delete' as const,
      test_url: test?.url ?? '',
      test_listener_rule: test?.ruleArn ?? '',
    };
    const colours = await colourScene(scene, { ...swap, test_expect: { text: `"service":"${scene.name}-green"` } });
    expect((await releaseAndEnd(scene)).end).toMatchObject(endedDeployed);
    expect(await colours.standing()).toMatchObject({ desired: [0, 2], weights: [0, 100] });
    await colours.putTarget({ ...swap, test_expect: { text: `"service":"${scene.name}"` } });
    expect((await releaseAndEnd(scene)).end).toMatchObject(endedDeployed);
    expect(await colours.standing()).toMatchObject({ desired: [2, 0], weights: [100, 0] });
  },
  { service: { testListener: true }, beside: true },
);

rehearsed(
  'a listener without rules swaps by its default action; green gets all traffic as soon as it is healthy',
  'swap-listener',
  async (scene) => {
    const colours = await colourScene(scene, atOnce);
    const { end, execution } = await releaseAndEnd(scene);
    expect(end).toMatchObject(endedDeployed);
    const written = await weightsWritten(colours);
    expect(written.map(({ weights }) => weights)).toEqual([[0, 100]]);
    const states = await statesOf(execution);
    const between = states.slice(states.lastIndexOf('Check green') + 1, states.indexOf('Shift'));
    expect(between.filter((state) => state.startsWith('Wait'))).toEqual([]);
    const healthyAt = (await timesOf(execution, 'Check green')).at(-1) ?? 0;
    const ms = ((written[0]?.at ?? 0) - healthyAt).toFixed(0);
    process.stderr.write(`from green's being seen healthy to the write of 100 %: ${ms} ms of real time\n`);
    process.stderr.write(`a swap in one step: ${states.length} transitions\n`);
  },
  { service: { ownListener: true }, beside: true },
);

rehearsed(
  'two hooks during a swap: it ends, the newest follows, the overtaken is superseded',
  'swap-hooks',
  async (scene) => {
    const colours = await colourScene(scene, atOnce);
    const first = await scene.release(healthy);
    await until('the shift', async () => ((await weightsWritten(colours)).length > 0 ? true : undefined));
    // One after the other: of two hooks at once either may come first.
    const second = await scene.release(healthy);
    const third = await scene.release(healthy);
    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(third.execution)).toMatchObject(endedDeployed);
    expect((await executionEnd(second.execution)).output['end']).toMatchObject({ outcome: 'superseded' });
    expect(await colours.standing()).toMatchObject({ desired: [2, 0], weights: [100, 0] });
    expect((await colours.view('blue')).rollouts[0]?.images).toEqual([pinned(third.digest)]);
  },
  { service: scaled, beside: true },
);

rehearsed(
  'Retire is refused: deployed all the same, with a warning, and the next swap works',
  'swap-unretired',
  async (scene) => {
    const colours = await colourScene(scene, atOnce);
    const fault = { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } as const;
    const refused = { operation: 'UpdateService', caller: 'retire', resource: scene.service.serviceArn, times: 100 };
    await fleet.addFault({ ...refused, fault });
    const { end, execution } = await releaseAndEnd(scene);
    expect(end).toMatchObject(endedDeployed);
    expect((await journalled(execution))?.end).toMatchObject({ outcome: 'deployed', warning: 'RetireIncomplete' });
    expect(await colours.standing()).toMatchObject({ desired: [2, 2], weights: [0, 100] });
    await fleet.clearFaults();
    expect((await releaseAndEnd(scene)).end).toMatchObject(endedDeployed);
    expect(await colours.standing()).toMatchObject({ desired: [2, 0], weights: [100, 0] });
  },
  { service: scaled, beside: true },
);
