import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { PipelineView } from '../../local/gitlab/control.ts';
import {
  clientOptions,
  deployed,
  executionEnd,
  executions,
  gitlab,
  healthy,
  orderOf,
  rehearsed,
  startByHand,
  type Scene,
} from '../support/deployed.ts';
import { askAsManager } from '../support/deployed-rotation.ts';
import { endedDeployed, pinned } from '../support/deployed-service.ts';

/** What GitLab's lost hooks left undone is made good by asking GitLab. */

const lambda = new LambdaClient(clientOptions);

/** Answers how many deployments of the scene's project it began. */
const reconcile = async ({ project }: Scene): Promise<unknown> => {
  const Payload = JSON.stringify({ project });
  const answer = await lambda.send(new InvokeCommand({ FunctionName: 'drawbridge-local-reconcile', Payload }));
  const said = JSON.parse(answer.Payload?.transformToString() ?? '{}') as Record<string, unknown>;
  if (answer.FunctionError !== undefined) throw new Error(`reconcile: ${JSON.stringify(said)}`);
  expect(said).toMatchObject({ targets: 1, behind: 0 });
  return said['started'];
};

const live = async (scene: Scene): Promise<string | undefined> => (await scene.view()).rollouts[0]?.images[0];

/** From now on GitLab tells nobody. */
const takeHookAway = ({ project, hook }: Scene): Promise<unknown> =>
  askAsManager('DELETE', `/projects/${project}/hooks/${hook}`);

const putHookBack = ({ project }: Scene): Promise<unknown> => {
  const { hookUrl: url, hookHeaders: headers, webhookToken: token } = deployed;
  return gitlab.installHook({ project, url, headers, token, pipelineEvents: true, jobEvents: true });
};

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
