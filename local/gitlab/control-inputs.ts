import { z } from 'zod';
import { deploymentInputs } from './control-deployments.ts';
import { tokenInputs } from './control-token-inputs.ts';
import { registryInputs } from './registry/control-registry-inputs.ts';

/** What the control's verbs take. Strict: a misspelt field is an error, not a world that silently differs. */

/** by id or path */
const project = z.union([z.int(), z.string()]);

const job = z.strictObject({
  name: z.string(),
  stage: z.string().optional(),
  manual: z.boolean().optional(),
  allowFailure: z.boolean().optional(),
  status: z.string().optional(),
  environment: z.string().optional(),
});

const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('error'),
    status: z.int().min(400).max(599),
    message: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('rate limit'), retryAfter: z.number() }),
  z.strictObject({ kind: z.literal('slow'), seconds: z.number() }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('answer lost') }),
]);

const trigger = z.enum([
  'pipeline_events',
  'job_events',
  'push_events',
  'tag_push_events',
  'deployment_events',
  'resource_access_token_events',
]);

const aRef = z.strictObject({ project, ref: z.string(), tag: z.boolean().optional() });

export const controlInputs = {
  createProject: z.strictObject({
    id: z.int().optional(),
    path: z.string(),
    defaultBranch: z.string().optional(),
    /** names or patterns; default: the default branch */
    protectedBranches: z.array(z.string()).optional(),
    protectedTags: z.array(z.string()).optional(),
  }),
  push: aRef.extend({ sha: z.string().optional() }),
  runPipeline: z.strictObject({
    project,
    /** default: the default branch. Of a merge request: the *source* branch's bare name */
    ref: z.string().optional(),
    tag: z.boolean().optional(),
    sha: z.string().optional(),
    /** default: push, merge_request_event or parent_pipeline */
    source: z.string().optional(),
    /** default: what follows from the jobs, `success` when they say nothing */
    status: z.string().optional(),
    jobs: z.array(job).optional(),
    /** a merge request pipeline; `sourceProject` is the fork's id */
    mergeRequest: z
      .strictObject({ iid: z.int().optional(), sourceProject: z.int().optional(), targetBranch: z.string().optional() })
      .optional(),
    /** id of the pipeline whose child this is */
    parent: z.int().optional(),
    /** world seconds in which the API answers 404 for it */
    apiLag: z.number().optional(),
  }),
  finishPipeline: z.strictObject({
    project,
    pipeline: z.int(),
    status: z.enum(['success', 'failed', 'canceled']).optional(),
  }),
  /** `status`: how it ends; `running` leaves it running */
  playJob: z.strictObject({ project, job: z.int(), status: z.enum(['success', 'failed', 'running']).optional() }),
  retryJob: z.strictObject({ project, job: z.int(), status: z.enum(['success', 'failed', 'running']).optional() }),
  /** `changes` make it a lie: fields put over `object_attributes` (pipeline) or the payload itself (job) */
  sendHook: z.union([
    z.strictObject({ project, pipeline: z.int(), changes: z.record(z.string(), z.unknown()).optional() }),
    z.strictObject({ project, job: z.int(), changes: z.record(z.string(), z.unknown()).optional() }),
  ]),
  /** any body, with GitLab's true headers for it unless `headers` replaces them or, with null, takes them away */
  sendRaw: z.strictObject({
    hook: z.int(),
    body: z.string(),
    trigger: trigger.optional(),
    idempotencyKey: z.string().optional(),
    headers: z.record(z.string(), z.string().nullable()).optional(),
  }),
  installHook: z.strictObject({
    project,
    url: z.string(),
    /** sent along with each delivery, e.g. the Host by which an emulated API Gateway knows its API */
    headers: z.record(z.string(), z.string()).optional(),
    token: z.string().optional(),
    signingToken: z.string().optional(),
    pipelineEvents: z.boolean().optional(),
    jobEvents: z.boolean().optional(),
    pushEvents: z.boolean().optional(),
    tokenEvents: z.boolean().optional(),
    deploymentEvents: z.boolean().optional(),
  }),
  protect: aRef,
  unprotect: aRef,
  /** a CI variable of the project, or an environment that it protects; `there: false` takes it away */
  setVariable: z.strictObject({ project, key: z.string(), there: z.boolean().optional() }),
  protectEnvironment: z.strictObject({ project, name: z.string(), there: z.boolean().optional() }),
  deleteBranch: z.strictObject({ project, ref: z.string() }),
  setInstance: z.strictObject({
    version: z.string().optional(),
    hookDates: z.enum(['iso', 'utc']).optional(),
    hookDelay: z.number().optional(),
    webhookTimeout: z.number().optional(),
    tokenDays: z.int().optional(),
  }),
  setFault: z.strictObject({
    route: z.string(),
    times: z.int().optional(),
    forSeconds: z.number().optional(),
    fault,
  }),
  clearFaults: z.strictObject({}),
  deliveries: z.strictObject({ project: project.optional() }),
  requests: z.strictObject({}),
  idle: z.strictObject({}),
  ...deploymentInputs,
  ...tokenInputs,
  ...registryInputs,
} as const;

export type ControlVerb = keyof typeof controlInputs;
export type ControlInput<V extends ControlVerb> = z.input<(typeof controlInputs)[V]>;
