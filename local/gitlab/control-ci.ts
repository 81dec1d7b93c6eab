import { finishJob, finishPipeline, latestJobs, playJob, retryJob, runPipeline } from './ci.ts';
import type { ControlInput } from './control-inputs.ts';
import type { PipelineView } from './control.ts';
import { apiDateOrNull } from './dates.ts';
import type { ControlVerbs, Double } from './double.ts';
import { buildJobHook } from './payloads/job-hook.ts';
import { buildPipelineHook } from './payloads/pipeline-hook.ts';
import { findJob, findPipeline, findProject } from './projects.ts';
import type { Job, MergeRequest, Pipeline, Project } from './world.ts';

const view = (pipeline: Pipeline): PipelineView => ({
  id: pipeline.id,
  iid: pipeline.iid,
  project: pipeline.project.id,
  ref: pipeline.ref,
  sha: pipeline.sha,
  tag: pipeline.tag,
  source: pipeline.source,
  status: pipeline.status,
  finishedAt: apiDateOrNull(pipeline.finishedAt),
  jobs: latestJobs(pipeline).map(({ id, name, status, finishedAt }) => ({
    id,
    name,
    status,
    finishedAt: apiDateOrNull(finishedAt),
  })),
});

const fire = ({ world, sender }: Double, pipeline: Pipeline, jobs: readonly Job[]): void => {
  for (const job of jobs) sender.fire(pipeline.project, 'job_events', () => buildJobHook(world.instance, job));
  sender.fire(pipeline.project, 'pipeline_events', () => buildPipelineHook(world.instance, pipeline));
};

type MergeRequestInput = NonNullable<ControlInput<'runPipeline'>['mergeRequest']>;

const mergeRequestOf = (double: Double, project: Project, ref: string, input: MergeRequestInput): MergeRequest => {
  const id = double.world.ids.next('merge request');
  const { iid = id, sourceProject = project.id, targetBranch = project.defaultBranch } = input;
  return { id, iid, sourceBranch: ref, sourceProject, targetBranch };
};

const run = (double: Double, input: ControlInput<'runPipeline'>): PipelineView => {
  const project = findProject(double.world, input.project);
  const { ref = project.defaultBranch, mergeRequest, parent, ...rest } = input;
  const request = mergeRequest === undefined ? undefined : mergeRequestOf(double, project, ref, mergeRequest);
  const above = parent === undefined ? undefined : findPipeline(project, parent);
  const pipeline = runPipeline(double.world, project, { ...rest, ref, mergeRequest: request, parent: above });
  fire(
    double,
    pipeline,
    latestJobs(pipeline).filter(({ status }) => status !== 'created'),
  );
  return view(pipeline);
};

/** A job that was started: its hooks, then, unless it is left running, its end and the hooks of that. */
const seeThrough = (double: Double, job: Job, status: string): PipelineView => {
  fire(double, job.pipeline, [job]);
  if (status !== 'running') {
    finishJob(double.world, job, status);
    fire(double, job.pipeline, [job]);
  }
  return view(job.pipeline);
};

/** Verbs that make pipelines and jobs happen, and send the hooks of it. */
export const pipelineVerbs = (double: Double) =>
  ({
    runPipeline: (input) => run(double, input),
    finishPipeline: ({ project, pipeline, status = 'success' }) => {
      const found = findPipeline(findProject(double.world, project), pipeline);
      fire(double, found, finishPipeline(double.world, found, status));
      return view(found);
    },
    playJob: ({ project, job, status = 'success' }) => {
      const found = findJob(findProject(double.world, project), job);
      playJob(double.world, found);
      return seeThrough(double, found, status);
    },
    retryJob: ({ project, job, status = 'success' }) => {
      const found = findJob(findProject(double.world, project), job);
      return seeThrough(double, retryJob(double.world, found), status);
    },
  }) satisfies Partial<ControlVerbs>;
