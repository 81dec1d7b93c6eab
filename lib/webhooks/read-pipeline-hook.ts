import * as z from 'zod/mini';
import { Rejection } from '../domain/failure.ts';
import { wholeSeconds } from '../domain/gitlab-date.ts';
import type { HookFacts } from '../domain/plan-deployments.ts';

const id = z.int().check(z.positive());

// Only what we use; GitLab adds fields, and leaves optional ones out.
const pipelineHook = z.object({
  object_kind: z.literal('pipeline'),
  object_attributes: z.object({
    id,
    ref: z.string(),
    tag: z.boolean(),
    source: z.string(),
    status: z.string(),
    finished_at: z.nullish(z.string()),
  }),
  merge_request: z.nullish(z.looseObject({})),
  project: z.object({ id }),
});

// A job's hook is called `build`, its fields are flat.
const jobHook = z.object({
  object_kind: z.literal('build'),
  ref: z.string(),
  tag: z.boolean(),
  build_id: id,
  build_name: z.string(),
  build_status: z.string(),
  build_finished_at: z.nullish(z.string()),
  pipeline_id: id,
  project_id: id,
});

const finish = (date: string | null | undefined): { finishedAt?: string } => {
  const finishedAt = wholeSeconds(date);
  return finishedAt === undefined ? {} : { finishedAt };
};

const parse = <T extends z.ZodMiniType>(schema: T, body: unknown): z.output<T> => {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path }) => path.join('.')).slice(0, 5);
  throw new Rejection('unreadable', `the hook has another shape than expected at ${fields.join(', ')}`);
};

const readPipeline = (body: unknown): HookFacts => {
  const { object_attributes: pipeline, merge_request, project } = parse(pipelineHook, body);
  const { ref, tag, source, status, finished_at } = pipeline;
  const mergeRequest = merge_request !== null && merge_request !== undefined;
  const facts = { project: project.id, pipeline: pipeline.id, ref, tag, source, status, mergeRequest };
  return { kind: 'pipeline', ...facts, ...finish(finished_at) };
};

const readJob = (body: unknown): HookFacts => {
  const job = parse(jobHook, body);
  return {
    kind: 'job',
    project: job.project_id,
    pipeline: job.pipeline_id,
    job: job.build_id,
    name: job.build_name,
    status: job.build_status,
    ref: job.ref,
    tag: job.tag,
    ...finish(job.build_finished_at),
  };
};

/**
 * What a pipeline or job hook says, in our words. Raises Rejection: `expiring` for GitLab's warning that an access token ends
 * soon, `ignored` for other kinds, `unreadable` for other shapes. The warning is only counted: who knows the hook's token
 * could send it, and must not have rotations begin. When a token ends, GitLab itself is asked every hour.
 */
export const readPipelineHook = (body: unknown): HookFacts => {
  const { object_kind: kind } = parse(z.object({ object_kind: z.string() }), body);
  if (kind === 'pipeline') return readPipeline(body);
  if (kind === 'build') return readJob(body);
  if (kind === 'access_token') throw new Rejection('expiring', 'a warning is only counted');
  throw new Rejection('ignored', 'hooks of this kind start nothing');
};
