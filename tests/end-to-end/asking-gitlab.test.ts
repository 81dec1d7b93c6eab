import {
  executionEnd,
  gitlab,
  healthy,
  journalled,
  orderOf,
  rehearsed,
  statesOf,
  until,
  type Scene,
} from '../support/deployed.ts';
import { answered, hookAbout, payloadOf, say, startedBy } from '../support/deployed-hooks.ts';
import { endedDeployed, lockOf, pinned, turnOf } from '../support/deployed-service.ts';

/** GitLab that is slow, down or behind its own hooks, that says a thing twice, and hooks about what GitLab does not know. */

/** Requests to GitLab's API for this pipeline, by what became of them. */
const asked = async ({ project }: Scene, pipeline: number): Promise<unknown[]> => {
  const path = `/api/v4/projects/${project}/pipelines/${pipeline}`;
  return (await gitlab.requests()).filter((request) => request.path === path).map(({ status }) => status);
};

rehearsed(
  'a forged hook with a huge pipeline id, sent with the right token, displaces nobody and delays nobody',
  'forged',
  async (scene) => {
    const { project } = scene;
    const first = await scene.release(healthy);
    await turnOf(scene, first.execution);
    const second = await scene.release(healthy);
    await until('the second to wait', async () => ((await lockOf(scene))?.waiters.length === 1 ? true : undefined));
    const honest = payloadOf(await hookAbout(project, { kind: 'pipeline', id: second.pipeline.id }));
    const attributes = { ...honest.object_attributes, id: 10 ** 15 };
    const answer = await say(scene.hook, { ...honest, object_attributes: attributes });
    expect(answered(answer)).toBe('202');
    const forged = startedBy(answer);

    expect(await executionEnd(first.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(second.execution)).toMatchObject(endedDeployed);
    expect(await executionEnd(forged)).toMatchObject({ error: 'NotConfirmed', cause: 'GitLab knows no such pipeline' });
    expect(await statesOf(forged)).not.toContain('Admit');
    expect(await journalled(forged)).toBeUndefined();

    const third = await scene.release(healthy);
    expect(await executionEnd(third.execution)).toMatchObject(endedDeployed);
    const newest = [third.pipeline.id, expect.any(Number)] as unknown;
    expect(await orderOf(scene)).toMatchObject({ newestDeployed: newest, newestSeen: newest });
    expect((await scene.view()).rollouts[0]?.images).toEqual([pinned(third.digest)]);
    expect(await scene.updates()).toHaveLength(3);
  },
  { beside: true },
);

rehearsed(
  'GitLab is down for three minutes: deployed when it is back',
  'gitlab-down',
  async (scene) => {
    const fault = { kind: 'error', status: 502 } as const;
    await gitlab.setFault({ route: `GET /projects/${scene.project}/**`, forSeconds: 180, fault });
    const { execution, pipeline } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject(endedDeployed);
    const statuses = await asked(scene, pipeline.id);
    expect(statuses.slice(0, 5)).toEqual(Array(5).fill(502));
    expect(statuses.slice(-1)).toEqual([200]);
    expect(await scene.updates()).toHaveLength(1);
  },
  { beside: true },
);

rehearsed(
  "GitLab's API is more than two minutes behind its hook: NotConfirmed, and the resent hook deploys as the second attempt",
  'gitlab-behind',
  async (scene) => {
    // One 404 for each look of the first attempt: after eight waits of 15 seconds it gives up.
    const fault = { kind: 'error', status: 404 } as const;
    await gitlab.setFault({ route: `GET /projects/${scene.project}/pipelines/*`, times: 9, fault });
    const { execution, pipeline } = await scene.release(healthy);
    expect(await executionEnd(execution)).toMatchObject({ error: 'NotConfirmed' });
    expect(await asked(scene, pipeline.id)).toEqual(Array(9).fill(404));
    expect(await journalled(execution)).toBeUndefined();

    await gitlab.sendHook({ project: scene.project, pipeline: pipeline.id });
    const again = (await scene.begun()).find((one) => one !== execution) ?? '';
    expect(again).toBe(execution.replace(/-1$/, '-2'));
    expect(await executionEnd(again)).toMatchObject(endedDeployed);
    expect(await scene.updates()).toHaveLength(1);
  },
  { beside: true },
);

rehearsed(
  "GitLab's API learns of the pipeline a little after its hook: asked again, and deployed",
  'gitlab-late',
  async (scene) => {
    const { sha } = await scene.commit(healthy);
    const { id } = await gitlab.runPipeline({ project: scene.project, sha, apiLag: 90 });
    const [execution = ''] = await scene.begun();
    expect(await executionEnd(execution)).toMatchObject(endedDeployed);
    expect((await asked(scene, id)).at(0)).toBe(404);
  },
  { beside: true },
);

rehearsed(
  'a manual job, played later, lets the same pipeline succeed once more: already deployed, not deployed twice',
  'played-later',
  async (scene) => {
    const { project } = scene;
    const { sha } = await scene.commit(healthy);
    const jobs = [{ name: 'build' }, { name: 'smoke-test', manual: true }];
    const pipeline = await gitlab.runPipeline({ project, sha, jobs });
    const [first = ''] = await scene.begun();
    expect(await executionEnd(first)).toMatchObject(endedDeployed);

    const played = await gitlab.playJob({ project, job: pipeline.jobs[1]?.id ?? 0 });
    expect(Date.parse(played.finishedAt ?? '')).toBeGreaterThan(Date.parse(pipeline.finishedAt ?? ''));
    const [again = ''] = (await scene.begun()).slice(1);
    expect(await executionEnd(again)).toMatchObject({
      status: 'SUCCEEDED',
      output: { end: { outcome: 'already deployed' } },
    });
    expect(await scene.updates()).toHaveLength(1);
  },
  { beside: true },
);
