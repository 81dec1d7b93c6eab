import type { PipelineView } from '../../local/gitlab/control.ts';
import {
  executionEnd,
  executions,
  gitlab,
  healthy,
  orderOf,
  rehearsed,
  startByHand,
  type Scene,
} from '../support/deployed.ts';
import { putHookBack, reconcile, takeHookAway } from '../support/deployed-reconcile.ts';
import { endedDeployed, pinned } from '../support/deployed-service.ts';

/** What GitLab's lost hooks left undone is made good by asking GitLab. */

const live = async (scene: Scene): Promise<string | undefined> => (await scene.view()).rollouts[0]?.images[0];

/** An operator's word, a second after this pipeline finished. */
const goBack = (scene: Scene, pipeline: number, { finishedAt }: PipelineView): Promise<string> => {
  const at = new Date(Date.parse(finishedAt ?? '') + 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
  const { project } = scene;
  const cause = { kind: 'operator', project, pipeline, by: 'ops', at };
  return startByHand(scene, cause);
};

rehearsed(
  "a pipeline whose hook was lost is deployed, once, told again or not; an operator's rollback stands until a newer one",
  'lost-hook',
  async (scene) => {
    const { project, name } = scene;
    const first = await scene.release(healthy);
    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    await takeHookAway(scene);

    const lost = await scene.release(healthy);
    expect(lost.execution).toBe('');
    expect(await reconcile(scene)).toBe(1);
    const [madeGood = ''] = (await executions(name)).filter((one) => one !== first.execution);
    expect(await executionEnd(madeGood)).toMatchObject(endedDeployed);
    expect(await live(scene)).toBe(pinned(lost.digest));

    await putHookBack(scene);
    await gitlab.sendHook({ project, pipeline: lost.pipeline.id });
    expect(await scene.begun()).toEqual([first.execution, madeGood]);
    expect(await reconcile(scene)).toBe(0);

    const back = await goBack(scene, first.pipeline.id, lost.pipeline);
    expect(await executionEnd(back)).toMatchObject(endedDeployed);
    expect(await orderOf(scene)).toMatchObject({ hold: { kind: 'rollback', by: 'ops' } });
    await gitlab.sendHook({ project, pipeline: lost.pipeline.id });
    expect([await reconcile(scene), await live(scene)]).toEqual([0, pinned(first.digest)]);
    expect(await executions(name)).toHaveLength(3);

    const next = await scene.release(healthy);
    expect(await executionEnd(next.execution)).toMatchObject(endedDeployed);
    expect([await reconcile(scene), await live(scene)]).toEqual([0, pinned(next.digest)]);
  },
);
