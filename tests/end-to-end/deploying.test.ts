import {
  gitlab,
  executionEnd,
  executions,
  healthy,
  journalled,
  rehearsed,
  repository,
  registry,
  statesOf,
  unhealthy,
  fleet,
  stopExecution,
  until,
} from '../support/deployed.ts';
import { turnOf } from '../support/deployed-service.ts';

rehearsed('a pipeline hook becomes a deployment, pinned by digest', 'hook-deploys', async (scene, users) => {
  const { execution, digest } = await scene.release(healthy);
  expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
  const [rollout] = (await scene.view()).rollouts;
  expect(rollout).toMatchObject({ rolloutState: 'COMPLETED', images: [`${registry}/${repository}@${digest}`] });
  expect(await scene.updates()).toHaveLength(1);
  expect(await journalled(execution)).toMatchObject({ end: { outcome: 'deployed' }, found: { digest } });
  expect(users.traffic().byDigest[digest]).toBeGreaterThan(0);
  expect((await statesOf(execution)).length).toBeLessThanOrEqual(90);
});

rehearsed(
  'a manual job, played, becomes a deployment; its pipeline alone does not',
  'job-deploys',
  async (scene) => {
    const { sha, digest } = await scene.commit(healthy);
    const jobs = [{ name: 'build' }, { name: 'deploy-prod', manual: true }];
    const pipeline = await gitlab.runPipeline({ project: scene.project, sha, jobs });
    expect(await scene.begun()).toEqual([]);
    const job = pipeline.jobs.find(({ name }) => name === 'deploy-prod');
    await gitlab.playJob({ project: scene.project, job: job?.id ?? 0 });
    const [execution = ''] = await scene.begun();
    expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
    expect((await scene.view()).rollouts[0]?.images).toEqual([`${registry}/${repository}@${digest}`]);
    expect(await scene.updates()).toHaveLength(1);
  },
  { on: { job: { name: 'deploy-prod', ref: 'main' } }, beside: true },
);

rehearsed('the same hook five times at once: one execution, one UpdateService', 'five-hooks', async (scene) => {
  const { sha } = await scene.commit(healthy);
  const pipeline = await gitlab.runPipeline({ project: scene.project, sha });
  const again = { project: scene.project, pipeline: pipeline.id };
  await Promise.all([1, 2, 3, 4].map(() => gitlab.sendHook(again)));
  const [execution = '', ...others] = await scene.begun();
  expect(others).toEqual([]);
  expect(await executionEnd(execution)).toMatchObject({ status: 'SUCCEEDED' });
  const said = (await scene.answers()).filter(({ body }) => 'started' in body);
  expect(said.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
  expect(await executions(execution.replace(/-\d+$/, ''))).toEqual([execution]);
  expect(await scene.updates()).toHaveLength(1);
});

rehearsed(
  "a never healthy image: ECS's own rollback is followed, and reasons are named",
  'breaker',
  async (scene) => {
    const before = (await scene.view()).rollouts[0]?.taskDefinitionArn;
    const { execution } = await scene.release(unhealthy);
    const end = await executionEnd(execution);
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutFailed' });
    expect(end.cause).toMatch(/health checks/i);
    expect((await journalled(execution))?.end).toMatchObject({ failure: 'RolloutFailed', undo: 'rolled back by ECS' });
    expect(await scene.updates()).toHaveLength(1);
    expect((await scene.view()).rollouts).toMatchObject([{ taskDefinitionArn: before, rolloutState: 'COMPLETED' }]);
  },
  { beside: true },
);

rehearsed(
  'a never healthy image and no circuit breaker: our deadline ends it, and we undo it',
  'deadline',
  async (scene) => {
    const before = (await scene.view()).rollouts[0]?.taskDefinitionArn;
    const { execution } = await scene.release(unhealthy);
    const end = await executionEnd(execution);
    expect(end).toMatchObject({ status: 'FAILED', error: 'RolloutTimedOut' });
    expect(end.cause).toMatch(/health checks/i);
    expect((await journalled(execution))?.end).toMatchObject({ undo: 'undone' });
    expect(await scene.updates()).toHaveLength(2);
    expect((await scene.view()).rollouts).toMatchObject([{ taskDefinitionArn: before, rolloutState: 'COMPLETED' }]);
  },
  { service: { circuitBreaker: { enable: false, rollback: false } }, timeoutMinutes: 5, beside: true },
);

rehearsed(
  'an older pipeline after a newer one is outdated',
  'outdated',
  async (scene) => {
    const { sha } = await scene.commit(healthy);
    const older = await gitlab.runPipeline({ project: scene.project, sha, status: 'running' });
    const newer = await scene.release(healthy);
    expect(await executionEnd(newer.execution)).toMatchObject({ status: 'SUCCEEDED' });
    await gitlab.finishPipeline({ project: scene.project, pipeline: older.id });
    const late = (await scene.begun()).find((one) => one !== newer.execution) ?? '';
    expect(await executionEnd(late)).toMatchObject({ status: 'SUCCEEDED', output: { end: { outcome: 'outdated' } } });
    expect((await scene.view()).rollouts[0]?.images).toEqual([`${registry}/${repository}@${newer.digest}`]);
    expect(await scene.updates()).toHaveLength(1);
  },
  { beside: true },
);

rehearsed(
  'two at once: one after the other, and the newer one stays',
  'two-at-once',
  async (scene) => {
    const first = await scene.release(healthy);
    await turnOf(scene, first.execution);
    const second = await scene.release(healthy);
    expect(await executionEnd(first.execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { end: { outcome: 'deployed' } },
    });
    expect(await executionEnd(second.execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { end: { outcome: 'deployed' } },
    });
    expect(await statesOf(second.execution)).toContain('Wait for turn');
    const records = await Promise.all([first, second].map(({ execution }) => journalled(execution)));
    const [one, two] = records;
    expect(two?.found?.before).toBe(one?.revision);
    expect((await scene.view()).rollouts[0]?.images).toEqual([`${registry}/${repository}@${second.digest}`]);
  },
  { beside: true },
);

rehearsed('the hook says success, GitLab says failed: nothing is written', 'lying-hook', async (scene) => {
  const { sha } = await scene.commit(healthy);
  const pipeline = await gitlab.runPipeline({ project: scene.project, sha, status: 'failed' });
  await gitlab.sendHook({ project: scene.project, pipeline: pipeline.id, changes: { status: 'success' } });
  const [execution = ''] = await scene.begun();
  expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'NotConfirmed' });
  expect(await journalled(execution)).toBeUndefined();
  const calls = await fleet.calls();
  expect(calls.filter(({ input }) => JSON.stringify(input).includes(scene.name))).toEqual([]);
});

rehearsed(
  'an image that is not in ECR: ImageMissing, and the resent hook deploys once it is',
  'missing',
  async (scene) => {
    const { sha } = await scene.commit('none');
    const pipeline = await gitlab.runPipeline({ project: scene.project, sha });
    const [execution = ''] = await scene.begun();
    expect(await executionEnd(execution)).toMatchObject({ status: 'FAILED', error: 'ImageMissing' });
    expect(await scene.updates()).toEqual([]);
    await fleet.putImage({ repository, tag: sha, behaviour: healthy });
    await gitlab.sendHook({ project: scene.project, pipeline: pipeline.id });
    const next = (await scene.begun()).find((one) => one !== execution) ?? '';
    expect(next).toBe(execution.replace(/-1$/, '-2'));
    expect(await executionEnd(next)).toMatchObject({ status: 'SUCCEEDED' });
  },
  { beside: true },
);

rehearsed(
  'an execution that somebody stops in the middle is recovered: undone, and the next hook gets through',
  'aborted',
  async (scene) => {
    const before = (await scene.view()).rollouts[0]?.taskDefinitionArn;
    const { execution } = await scene.release(unhealthy);
    await until('UpdateService', async () => ((await scene.updates()).length === 1 ? true : undefined));
    await until('the rollout to be followed', async () =>
      (await statesOf(execution)).includes('Check rollout') ? true : undefined,
    );
    await stopExecution(execution);
    expect((await executionEnd(execution)).status).toBe('ABORTED');
    const recovery = await until('the recovery to begin', async () =>
      (await executions(`${execution}-recover`)).find(Boolean),
    );
    expect(await executionEnd(recovery)).toMatchObject({ status: 'FAILED', error: 'ExecutionDied' });
    expect((await journalled(execution))?.end).toMatchObject({ failure: 'ExecutionDied', undo: 'undone' });
    expect((await scene.view()).rollouts).toMatchObject([{ taskDefinitionArn: before, rolloutState: 'COMPLETED' }]);
    const next = await scene.release(healthy);
    expect(await executionEnd(next.execution)).toMatchObject({
      status: 'SUCCEEDED',
      output: { end: { outcome: 'deployed' } },
    });
  },
  { service: { circuitBreaker: { enable: false, rollback: false } }, beside: true },
);
