import { seededRandom } from '../../local/fleet/wire/seeded-random.ts';
import { deployed, executionEnd, executions, gitlab, healthy, rehearsed, type Scene } from '../support/deployed.ts';
import { pushed, pushTo, tellDoor } from '../support/deployed-images.ts';
import { putHookBack, reconcile, takeHookAway } from '../support/deployed-reconcile.ts';
import { pinned } from '../support/deployed-service.ts';

/**
 * Pushes of which three in ten are never told to us: within two periods of reconcile each target is on its newest good one.
 * The seed that the run prints chooses them. `npm run soak` plays ten targets with four pushes each.
 */

const targets = Number(process.env['LOSSY_TARGETS'] ?? '2');
const pushes = 4;
/** For them all are under way at once. */
const seconds = 120 + 30 * targets;
const dropped = 0.3;
const bad = 0.15;

const random = seededRandom(deployed.seed);
const drawn = Array.from({ length: targets }, () =>
  Array.from({ length: pushes }, () => ({ isTold: random() >= dropped, isGood: random() >= bad })),
);
type Drawn = (typeof drawn)[number];

const allEnded = async ({ name }: Scene): Promise<void> => {
  for (const execution of await executions(`${name}-`)) await executionEnd(execution);
};

/** What was rolled out, each time. */
const rolledOut = async (scene: Scene): Promise<unknown[]> =>
  (await scene.updates()).map(({ input }) => input['taskDefinition']);

/** One period of reconcile brings the target to that image, by no deployment more than it needs; the next one finds nothing to do. */
const expectMadeGood = async (scene: Scene, image: string): Promise<void> => {
  await allEnded(scene);
  await reconcile(scene);
  await allEnded(scene);
  expect(await reconcile(scene)).toBe(0);
  expect((await scene.view()).rollouts.map(({ images }) => images)).toEqual([[image]]);
  const revisions = await rolledOut(scene);
  expect(new Set(revisions).size).toBe(revisions.length);
};

const pipelines = async (scene: Scene, all: Drawn): Promise<void> => {
  const { project } = scene;
  let { hook } = scene;
  let newest = await scene.release(healthy);
  for (const { isTold, isGood } of all) {
    if (!isTold) await takeHookAway({ project, hook });
    if (isGood) newest = await scene.release(healthy);
    else {
      const { sha } = await scene.commit(healthy);
      await gitlab.runPipeline({ project, sha, status: 'failed' });
    }
    if (!isTold) ({ id: hook } = await putHookBack(scene));
  }
  await expectMadeGood(scene, pinned(newest.digest));
};

let queue: Promise<unknown> = Promise.resolve();
/** All scenes' pushes are told by one registry, or not: one push at a time. */
const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
  const turn = queue.then(act);
  queue = turn.catch(() => undefined);
  return turn;
};

const tag = 'v1';

const pushTold = (repository: string): Promise<{ digest: string }> =>
  inTurn(async () => {
    await tellDoor();
    const image = await pushTo(repository, { tag });
    await gitlab.removeRegistryNotifications({});
    return image;
  });

const pushUntold = (repository: string): Promise<{ digest: string }> =>
  inTurn(() => gitlab.pushImage({ repository, tag, behaviour: healthy }));

for (const [index, all] of drawn.entries()) {
  const words = all.map(({ isTold }) => (isTold ? 'told' : 'lost')).join(', ');
  const name = `lossy-${index + 1}`;
  if (index % 2 === 0)
    rehearsed(`pipelines: ${words}`, name, (scene) => pipelines(scene, all), { beside: true, seconds });
  else
    pushed(
      `one image's tag: ${words}`,
      name,
      async (scene) => {
        let newest = await pushTold(scene.images);
        for (const { isTold } of all) newest = await (isTold ? pushTold : pushUntold)(scene.images);
        await expectMadeGood(scene, scene.pinned(newest));
      },
      { target: { on: { image: { repository: `acme/${name}/app`, tag } } }, beside: true, seconds },
    );
}
