import { retryJob, runPipeline } from '../../../local/gitlab/ci.ts';
import { buildJobHook } from '../../../local/gitlab/payloads/job-hook.ts';
import { buildPipelineHook } from '../../../local/gitlab/payloads/pipeline-hook.ts';
import { withoutAddresses } from '../../../local/gitlab/redaction.ts';
import { pushCommit } from '../../../local/gitlab/repository.ts';
import { jobCalled, newHistory } from './history.ts';

const forkRequest = { id: 8801, iid: 12, sourceBranch: 'main', sourceProject: 5922, targetBranch: 'main' };

test("a merge request's hook carries the fork's branch name, while the API says refs/merge-requests", () => {
  const { world, project } = newHistory();
  const pipeline = runPipeline(world, project, { ref: 'main', mergeRequest: forkRequest });
  const hook = buildPipelineHook(world.instance, pipeline);
  expect(hook.object_attributes).toMatchObject({
    ref: 'main',
    tag: false,
    source: 'merge_request_event',
    protected_ref: false,
  });
  expect(hook.merge_request).toMatchObject({ source_project_id: 5922, target_project_id: 4711 });
  expect(pipeline.ref).toBe('refs/merge-requests/12/head');
  expect(pipeline.sha).not.toBe(project.branches.get('main'));
  expect(buildJobHook(world.instance, jobCalled(pipeline, 'test')).ref).toBe('refs/merge-requests/12/head');
});

test('a child pipeline tells of itself, with the ref and sha of its parent', () => {
  const { world, project } = newHistory();
  const parent = runPipeline(world, project, { ref: 'main' });
  const child = buildPipelineHook(world.instance, runPipeline(world, project, { ref: 'main', parent }));
  expect(child.object_attributes).toMatchObject({ source: 'parent_pipeline', ref: 'main', sha: parent.sha });
  expect(child.source_pipeline).toMatchObject({ pipeline_id: parent.id, project: { id: 4711 } });
  expect(buildPipelineHook(world.instance, parent)).not.toHaveProperty('source_pipeline');
});

test('a branch and a tag of one name differ by the tag flag alone, each with its own protection', () => {
  const { world, project } = newHistory();
  pushCommit(world, project, { ref: 'v1', tag: true });
  pushCommit(world, project, { ref: 'v1', tag: false });
  const hooks = [true, false].map((tag) =>
    buildPipelineHook(world.instance, runPipeline(world, project, { ref: 'v1', tag })),
  );
  expect(hooks.map(({ object_attributes: { ref, tag, protected_ref } }) => ({ ref, tag, protected_ref }))).toEqual([
    { ref: 'v1', tag: true, protected_ref: true },
    { ref: 'v1', tag: false, protected_ref: false },
  ]);
});

test('a job hook is a "build", and its commit.id is the pipeline', () => {
  const { world, project } = newHistory();
  const pipeline = runPipeline(world, project, { ref: 'main' });
  const hook = buildJobHook(world.instance, jobCalled(pipeline, 'test'));
  expect(hook).toMatchObject({ object_kind: 'build', build_status: 'success', pipeline_id: pipeline.id });
  expect(hook.commit).toMatchObject({ id: pipeline.id, sha: pipeline.sha });
});

test('builds leave out what was retried', () => {
  const { world, project } = newHistory();
  const pipeline = runPipeline(world, project, { ref: 'main' });
  const again = retryJob(world, jobCalled(pipeline, 'test'));
  const { builds } = buildPipelineHook(world.instance, pipeline);
  expect(builds.map(({ id }) => id)).toEqual([jobCalled(pipeline, 'build').id, again.id]);
});

test.each([
  ['iso', '2026-01-01T00:00:00.000Z'],
  ['utc', '2026-01-01 00:00:00 UTC'],
] as const)('dates in the form %s', (hookDates, expected) => {
  const { world, project } = newHistory();
  const pipeline = runPipeline(world, project, { ref: 'main' });
  const instance = { ...world.instance, hookDates };
  expect(buildPipelineHook(instance, pipeline).object_attributes.finished_at).toBe(expected);
  expect(buildJobHook(instance, jobCalled(pipeline, 'test')).build_finished_at).toBe(expected);
});

test('an instance before 18.5 does not say whether the ref is protected', () => {
  const { world, project } = newHistory();
  const pipeline = runPipeline(world, project, { ref: 'main' });
  const attributes = (version: string) => buildPipelineHook({ ...world.instance, version }, pipeline).object_attributes;
  expect(attributes('18.4.6-ee')).not.toHaveProperty('protected_ref');
  expect(attributes('18.5.0-ee')).toHaveProperty('protected_ref', true);
});

test('the hook log hides addresses, whole texts only', () => {
  const payload = {
    commit: { author: { email: 'ops-bot@example.com' } },
    builds: ['git@gitlab.example.com:acme/web.git', 7, null],
  };
  expect(withoutAddresses(payload)).toEqual({
    commit: { author: { email: '[REDACTED]' } },
    builds: ['git@gitlab.example.com:acme/web.git', 7, null],
  });
});
