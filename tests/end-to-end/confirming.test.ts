import { deployed, executionEnd, gitlab, healthy, rehearsed, type Scene } from '../support/deployed.ts';
import { hookAbout, startedBy } from '../support/deployed-hooks.ts';
import { expectUntouched, refusal, refusedAs, springAll, type Trap } from '../support/deployed-traps.ts';

/** Nothing that GitLab itself does not confirm touches anything. */

const aFork = 77;

/** Another project that sends its hooks here too. */
const elsewhere = async (): Promise<number> => {
  const { id: project } = await gitlab.createProject({ path: 'acme/elsewhere' });
  const { hookUrl: url, hookHeaders: headers, webhookToken: token } = deployed;
  await gitlab.installHook({ project, url, headers, token });
  return project;
};

const childOf = async ({ project }: Scene) => ({
  parent: (await gitlab.runPipeline({ project, status: 'failed', jobs: [] })).id,
});

const main = { ref: 'main' };

rehearsed(
  'a pipeline that is no push of the branch: the sieve ignores its hook, and Confirm a lie about it',
  'no-push',
  async (scene) => {
    const { project } = scene;
    await gitlab.protect({ project, ref: 'main', tag: true });
    await gitlab.protect({ project, ref: 'topic' });
    const otherSources = ['schedule', 'web', 'api', 'trigger', 'pipeline'].map((source): Trap => {
      return { what: source, run: { source }, said: main, because: `its source is ${source}` };
    });
    const otherEnds = (['failed', 'canceled', 'running'] as const).map((status): Trap => {
      return { what: status, run: { status }, said: main, because: `GitLab says the pipeline is ${status}` };
    });
    const child = await childOf(scene);
    const mergeRequest = { sourceProject: aFork };
    const traps: Trap[] = [
      { what: 'fork', run: { mergeRequest }, said: main, because: 'it is a merge request pipeline' },
      { what: 'child', run: child, said: main, because: 'its source is parent_pipeline' },
      { what: 'tag', run: { ref: 'main', tag: true }, said: main, because: 'its branch or tag is another' },
      { what: 'branch', run: { ref: 'topic' }, said: main, because: 'its branch or tag is another' },
      { what: 'project', run: { project: await elsewhere() }, said: main, because: 'GitLab knows no such pipeline' },
    ];
    await springAll(scene, [...traps, ...otherSources, ...otherEnds], 'pipeline');
  },
  { beside: true },
);

rehearsed(
  "a job of such a pipeline, and another job: a job's hook tells less, so that Confirm has to refuse more",
  'no-job',
  async (scene) => {
    const { id: good } = await gitlab.runPipeline({ project: scene.project });
    const jobs = [{ name: 'deploy-prod' }];
    const mergeRequest = { sourceProject: aFork };
    const traps: Trap[] = [
      { what: 'schedule', run: { jobs, source: 'schedule' }, because: 'its source is schedule' },
      { what: 'child', run: { jobs, ...(await childOf(scene)) }, because: 'its source is parent_pipeline' },
      { what: 'fork', run: { jobs, mergeRequest }, said: main, because: 'its branch or tag is another' },
      {
        what: 'pipeline',
        run: { jobs, mergeRequest },
        said: { ...main, pipeline_id: good },
        because: 'the job belongs to another pipeline',
      },
      {
        what: 'name',
        run: { jobs: [{ name: 'build' }] },
        said: { build_name: 'deploy-prod' },
        because: 'the job is another',
      },
      {
        what: 'failed',
        run: { jobs: [{ name: 'deploy-prod', status: 'failed' }] },
        said: { build_status: 'success' },
        because: 'GitLab says the job is failed',
      },
    ];
    await springAll(scene, traps, 'job');
  },
  { on: { job: { name: 'deploy-prod', ref: 'main' } }, beside: true },
);

rehearsed(
  'a branch with the name of a tag is not the tag; and the tag, once it is protected, deploys',
  'tag-or-branch',
  async (scene) => {
    const { project } = scene;
    await gitlab.protect({ project, ref: 'v1.0' });
    const said = { ref: 'v1.0', tag: true };
    const branch = { what: 'branch', run: { ref: 'v1.0' }, said, because: 'its branch or tag is another' };
    const tag = { what: 'open', run: { ref: 'v1.0', tag: true }, because: 'the tag is not protected' };
    await springAll(scene, [branch, tag], 'pipeline');
    await gitlab.protect({ project, ref: 'v*', tag: true });
    const { id } = await gitlab.runPipeline({ project, ref: 'v1.0', tag: true });
    const execution = startedBy(await hookAbout(project, { kind: 'pipeline', id }));
    expect(await executionEnd(execution)).toMatchObject({ output: { end: { outcome: 'deployed' } } });
  },
  { on: { tag: { pattern: 'v*' } }, beside: true },
);

rehearsed(
  'a branch that is not protected, and one that is gone when Confirm asks: only Confirm can tell',
  'unprotected',
  async (scene) => {
    const { project } = scene;
    await gitlab.unprotect({ project, ref: 'main' });
    const open = await scene.release(healthy);
    expect(await refusal(open.execution)).toBe(refusedAs('the branch is not protected'));
    await gitlab.protect({ project, ref: 'main' });
    const { sha } = await scene.commit(healthy);
    const { id } = await gitlab.runPipeline({ project, sha, status: 'running' });
    await gitlab.deleteBranch({ project, ref: 'main' });
    await gitlab.finishPipeline({ project, pipeline: id });
    const gone = startedBy(await hookAbout(project, { kind: 'pipeline', id }));
    expect(await refusal(gone)).toBe(refusedAs('the branch is gone'));
    await expectUntouched(scene, [open.execution, gone]);
  },
  { beside: true },
);
