import type { ServiceSeed } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import { executionEnd, gitlab, healthy, journalled, rehearsed, statesOf, until } from '../support/deployed.ts';
import { other, ourWrites, pinned, theirs, told } from '../support/deployed-service.ts';

/** What others do meanwhile, and services that we must not touch. */

const { cluster } = seedNames;

rehearsed(
  'one deploys, then four newer at once: the first and the newest are deployed',
  'four-newer',
  async (scene) => {
    const first = await scene.release(healthy);
    await until('the first to be rolled out', async () =>
      (await statesOf(first.execution)).includes('Check rollout') ? true : undefined,
    );
    const { project } = scene;
    const newer: { id: number; digest: string }[] = [];
    for (let count = 0; count < 4; count += 1) {
      const { sha, digest } = await scene.commit(healthy);
      const { id } = await gitlab.runPipeline({ project, sha, status: 'running' });
      newer.push({ id, digest });
    }
    await Promise.all(newer.map(({ id: pipeline }) => gitlab.finishPipeline({ project, pipeline })));
    const begun = await scene.begun();
    expect(begun).toHaveLength(5);
    const ends = await Promise.all(begun.map((execution) => executionEnd(execution)));
    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill('SUCCEEDED'));
    const outcomes = ends.map(({ output }) => (output['end'] as { outcome: string }).outcome);
    expect(outcomes.filter((outcome) => outcome === 'deployed')).toHaveLength(2);
    expect(outcomes.filter((outcome) => /^(superseded|outdated)$/.test(outcome))).toHaveLength(3);
    expect(await scene.updates()).toHaveLength(2);
    expect((await scene.view()).rollouts[0]?.images).toEqual([pinned(newer.at(-1)?.digest ?? '')]);
  },
  { beside: true },
);

rehearsed(
  "somebody else's update in the middle: replaced, and left alone",
  'replaced',
  async (scene) => {
    const image = await theirs('replaced-by');
    const { execution } = await scene.release(healthy);
    await until('our rollout', async () => ((await scene.updates()).length === 1 ? true : undefined));
    const revision = await other.deploy({ cluster, service: scene.name, image });
    expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'RolloutReplaced' });
    expect((await journalled(execution))?.end).toMatchObject({ undo: 'left alone' });
    expect((await scene.updates()).map(({ caller }) => caller)).toEqual(['start-rollout', 'a-colleague']);
    expect((await scene.view()).rollouts[0]).toMatchObject({ taskDefinitionArn: revision });
  },
  { beside: true },
);

// Some of them serve nobody through the load balancer, and so no users are counted.
const refusals: [string, string, Partial<ServiceSeed>][] = [
  ['desired-0', 'NothingToRun', { desiredCount: 0 }],
  ['code-deploy', 'UnsupportedService', { deploymentController: 'CODE_DEPLOY' }],
  ['external', 'UnsupportedService', { deploymentController: 'EXTERNAL' }],
  ['native-blue-green', 'UnsupportedService', { strategy: 'BLUE_GREEN' }],
  ['classic', 'UnsupportedService', { loadBalancer: 'classic' }],
  ['cannot-roll', 'CannotRoll', { minimumHealthyPercent: 100, maximumPercent: 100 }],
];

describe.each(refusals)('a service that is %s', (name, failure, service) => {
  rehearsed(
    `is refused before any write: ${failure}`,
    name,
    async (scene) => {
      const { execution } = await scene.release(healthy);
      expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: failure });
      expect((await journalled(execution))?.end).toMatchObject({ outcome: 'failed', failure });
      expect(await statesOf(execution)).not.toContain('Undo');
      expect(await ourWrites(scene)).toEqual([]);
    },
    { service, trafficMayFail: true, beside: true },
  );
});

// Alone: our Look must come while theirs is under way.
rehearsed("somebody else's rollout at the start is waited for", 'waited-for', async (scene) => {
  await other.deploy({ cluster, service: scene.name, image: await theirs('waited-for') });
  await told(scene, 2);
  const { execution, digest } = await scene.release(healthy);
  expect(await executionEnd(execution)).toMatchObject({
    status: 'SUCCEEDED',
    output: { end: { outcome: 'deployed' } },
  });
  expect((await statesOf(execution)).filter((state) => state === 'Look').length).toBeGreaterThan(1);
  expect((await scene.view()).rollouts[0]?.images).toEqual([pinned(digest)]);
});
