import { seedNames } from '../../local/seed-names.ts';
import {
  executionEnd,
  fleet,
  gitlab,
  healthy,
  journalled,
  putTarget,
  registry,
  rehearsed,
  repository,
  statesOf,
  targetDocument,
  unhealthy,
  until,
  type Scene,
} from '../support/deployed.ts';
import {
  completed,
  endedDeployed,
  lockOf,
  other,
  ourWrites,
  pinned,
  theirs,
  told,
} from '../support/deployed-service.ts';

/** Services on which others, or our own failures, have left something under way, and services of several targets. */

const { cluster, container } = seedNames;

rehearsed(
  "somebody else's rollout that never completes is waited for, then ServiceBusy; once it is done, the resent hook deploys",
  'busy',
  async (scene) => {
    await other.deploy({ cluster, service: scene.name, image: await theirs('busy-bad', unhealthy) });
    await told(scene, 2);
    const { execution, pipeline, digest } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'ServiceBusy' });
    expect((await statesOf(execution)).filter((state) => state === 'Wait for service').length).toBeGreaterThan(5);
    expect((await journalled(execution))?.end).toMatchObject({ failure: 'ServiceBusy' });
    expect(await ourWrites(scene)).toEqual([]);

    await other.deploy({ cluster, service: scene.name, image: await theirs('busy-good') });
    await completed(scene);
    await gitlab.sendHook({ project: scene.project, pipeline: pipeline.id });
    const again = (await scene.begun()).find((one) => one !== execution) ?? '';
    expect(again).toBe(execution.replace(/-1$/, '-2'));
    expect(await executionEnd(again)).toMatchObject(endedDeployed);
    expect((await scene.view()).rollouts[0]?.images).toEqual([pinned(digest)]);
  },
  { service: { circuitBreaker: { enable: false, rollback: false } }, timeoutMinutes: 2, beside: true },
);

const outcomesOf = (executions: readonly string[]): Promise<unknown[]> =>
  Promise.all(
    executions.map(async (execution) => ((await executionEnd(execution)).output['end'] as { outcome: string }).outcome),
  );

/** A commit with an image for each of the scene's two targets, whose pipeline passes; the executions that its hook began. */
const releaseBoth = async (scene: Scene): Promise<{ images: string[]; executions: string[] }> => {
  const before = await scene.begun();
  const { sha, digest } = await scene.commit(healthy);
  const sidecar = await fleet.putImage({ repository, tag: `sidecar-${sha}`, behaviour: healthy });
  await gitlab.runPipeline({ project: scene.project, sha });
  const executions = (await scene.begun()).filter((execution) => !before.includes(execution));
  return { images: [pinned(digest), pinned(sidecar.digest)], executions };
};

rehearsed(
  'two targets on one service: one after the other, each with a slot of its own; neither supersedes the other',
  'two-targets',
  async (scene) => {
    const { project, name } = scene;
    const image = `${registry}/${repository}:sidecar-{sha}`;
    const document = { ...targetDocument(name, { pipeline: { ref: 'main' } }), image, containers: ['sidecar'] };
    await putTarget(project, `${name}-sidecar`, document);
    const older = await releaseBoth(scene);
    await until('one to deploy, one to wait', async () => {
      const lock = await lockOf(scene);
      return lock?.holder !== undefined && lock.waiters.length === 1 ? true : undefined;
    });
    const newer = await releaseBoth(scene);

    expect(await outcomesOf(newer.executions)).toEqual(['deployed', 'deployed']);
    // One of the older two deploys; the other waits in its target's slot, which the newer of its own target may take.
    expect((await outcomesOf(older.executions)).toSorted()).toEqual([
      'deployed',
      expect.stringMatching(/^deployed|superseded$/),
    ]);
    expect((await scene.view()).rollouts[0]?.images).toEqual(newer.images);
    const records = await Promise.all(newer.executions.map((execution) => journalled(execution)));
    const [earlier, later] = records.toSorted((a, b) => (a?.end?.at ?? '').localeCompare(b?.end?.at ?? ''));
    expect(later?.found?.before).toBe(earlier?.revision);
    expect(await lockOf(scene)).toMatchObject({ waiters: [] });
    expect(await lockOf(scene)).not.toHaveProperty('holder');
  },
  {
    service: {
      containers: [container, 'sidecar'].map((one) => ({ name: one, image: `${registry}/${repository}:first` })),
    },
    beside: true,
  },
);

const exits = { does: 'exit', code: 1, after: 2 } as const;

rehearsed(
  'the circuit breaker stalls with nothing to go back to: our deadline ends it, undone, and the next hook deploys',
  'stalled',
  async (scene) => {
    const before = (await scene.view()).rollouts[0]?.taskDefinitionArn;
    await fleet.tweak(cluster, scene.name, { stallBreaker: true });
    const { execution } = await scene.release(exits);
    const end = await executionEnd(execution);
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutTimedOut' });
    expect(end.cause).toContain('exited with code 1');
    expect((await journalled(execution))?.end).toMatchObject({ undo: 'undone' });
    expect((await scene.view()).rollouts).toMatchObject([{ taskDefinitionArn: before, rolloutState: 'COMPLETED' }]);
    expect(await executionEnd((await scene.release(healthy)).execution)).toMatchObject(endedDeployed);
  },
  { timeoutMinutes: 2, beside: true },
);

// Healthy when its service is seeded, since nobody put it in.
const gone = { repository, digest: `sha256:${'c'.repeat(64)}` };

rehearsed(
  'ECS cannot roll back, for the image is gone, and stalls: UndoFailed by our deadline, users are served, the next hook deploys',
  'back-stalls',
  async (scene) => {
    await fleet.putImage({ ...gone, behaviour: { does: 'fail to pull' } });
    const bad = await scene.release(exits);
    expect(await executionEnd(bad.execution)).toMatchObject({ status: 'FAILED', error: 'UndoFailed' });
    const next = await scene.release(healthy);
    expect(await executionEnd(next.execution)).toMatchObject(endedDeployed);
    expect((await scene.view()).rollouts[0]?.images).toEqual([pinned(next.digest)]);
  },
  {
    service: { containers: [{ name: container, image: `${registry}/${repository}@${gone.digest}` }] },
    timeoutMinutes: 2,
    beside: true,
  },
);

const neverUp = `${registry}/${repository}:never-up`;

describe('a service on which nothing was ever complete', () => {
  beforeAll(() => fleet.putImage({ repository, tag: 'never-up', behaviour: exits }));

  rehearsed(
    'has no way back: NoWayBack before any write',
    'no-way-back',
    async (scene) => {
      await until('its first rollout to fail', async () =>
        (await scene.view()).rollouts[0]?.rolloutState === 'FAILED' ? true : undefined,
      );
      const { execution } = await scene.release(healthy);
      expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'NoWayBack' });
      expect((await journalled(execution))?.end).toMatchObject({ outcome: 'failed', failure: 'NoWayBack' });
      expect(await ourWrites(scene)).toEqual([]);
    },
    {
      service: {
        rollout: 'begun',
        containers: [{ name: container, image: neverUp }],
        circuitBreaker: { enable: true, rollback: false },
      },
      trafficMayFail: true,
    },
  );
});
