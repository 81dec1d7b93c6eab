import { virtualClock, type VirtualClock } from '../clock.ts';
import { finishJob, playJob, runPipeline, type JobSeed, type PipelineSeed } from './ci.ts';
import { httpApiEvent } from './http-api-event.ts';
import { addAccessToken, dateIn, projectOwner, roles } from './access-tokens.ts';
import { buildAccessTokenHook } from './payloads/access-token-hook.ts';
import { buildDeploymentHook } from './payloads/deployment-hook.ts';
import { buildJobHook } from './payloads/job-hook.ts';
import { buildPipelineHook } from './payloads/pipeline-hook.ts';
import { addProject } from './projects.ts';
import { pushCommit } from './repository.ts';
import { sampleRegistryEvents } from './registry/sample-registry-events.ts';
import { signHeaders } from './sign-headers.ts';
import { createWorld, type GitlabWorld, type Instance, type Job, type Pipeline, type Project } from './world.ts';

/** What events/*.json hold: payloads of one small history of acme/web on https://gitlab.example.com, always the same. */

/** X-Gitlab-Token of the samples; no one's secret. */
export const sampleWebhookToken = 'sample-webhook-token-0123456789abcdef';

const jobs: readonly JobSeed[] = [
  { name: 'build', stage: 'build' },
  { name: 'test', stage: 'test' },
  { name: 'deploy-prod', stage: 'deploy', manual: true, environment: 'production' },
];

interface History {
  clock: VirtualClock;
  world: GitlabWorld;
  project: Project;
}

const begin = (): History => {
  const clock = virtualClock(Date.parse('2026-01-05T09:30:00.123Z'));
  const world = createWorld({ clock, seed: 4711, url: 'https://gitlab.example.com' });
  const project = addProject(world, { id: 4711, path: 'acme/web', protectedTags: ['v*'] });
  return { clock, world, project };
};

/** The next pipeline, ten minutes after the last. */
const next = ({ clock, world, project }: History, seed: Partial<PipelineSeed> = {}): Pipeline => {
  clock.advance(600_000);
  return runPipeline(world, project, { ref: project.defaultBranch, jobs, ...seed });
};

/** As an instance before 18.5 writes it: other dates, no protected_ref. */
const oldInstance = (instance: Instance): Instance => ({ ...instance, version: '18.0.1-ee', hookDates: 'utc' });

const jobCalled = (pipeline: Pipeline, name: string): Job => {
  const job = pipeline.jobs.find((other) => other.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
};

const played = ({ clock, world }: History, pipeline: Pipeline): Job => {
  const job = jobCalled(pipeline, 'deploy-prod');
  clock.advance(600_000);
  playJob(world, job);
  clock.advance(45_000);
  finishJob(world, job, 'success');
  return job;
};

const failedJobs: readonly JobSeed[] = [
  { name: 'build', stage: 'build' },
  { name: 'test', stage: 'test', status: 'failed' },
];

const asHttpApi = (world: GitlabWorld, payload: unknown): unknown => {
  const body = JSON.stringify(payload);
  const id = world.ids.uuid();
  const at = world.clock.now();
  const headers = signHeaders({
    body,
    token: sampleWebhookToken,
    id,
    timestamp: Math.floor(at / 1000),
    version: world.instance.version,
    instance: world.instance.url,
    uuid: () => world.ids.uuid(),
  });
  return httpApiEvent({ path: '/webhooks/pipeline', headers, body, at, requestId: 'JKJaXmPLvHcESHA=' });
};

const expiring = ({ world, project }: History): unknown => {
  const more = { scopes: ['read_api'], accessLevel: roles.reporter, expiresAt: dateIn(world, 7) };
  const token = addAccessToken(world, { name: 'drawbridge/prod/gitlab/1', owner: projectOwner(project), ...more });
  return buildAccessTokenHook(world.instance, project, token);
};

/** Payloads by file name, without `.json`. */
export const sampleEvents = (): Record<string, unknown> => {
  const history = begin();
  const { world, project } = history;
  const { instance } = world;
  const hook = (pipeline: Pipeline) => buildPipelineHook(instance, pipeline);

  const success = next(history);
  const samples: Record<string, unknown> = {
    'pipeline-success': hook(success),
    'pipeline-success-old-dates': buildPipelineHook(oldInstance(instance), success),
    'pipeline-success.http-api': asHttpApi(world, hook(success)),
  };
  const failed = next(history, { jobs: failedJobs });
  samples['pipeline-failed'] = hook(failed);
  samples['job-failed'] = buildJobHook(instance, jobCalled(failed, 'test'));
  const mergeRequest = { id: 8801, iid: 12, sourceBranch: 'main', sourceProject: 5922, targetBranch: 'main' };
  samples['pipeline-merge-request-from-fork'] = hook(
    next(history, { ref: 'main', mergeRequest, jobs: failedJobs.slice(0, 1) }),
  );
  samples['pipeline-child'] = hook(next(history, { parent: success, jobs: [{ name: 'child-build', stage: 'build' }] }));
  pushCommit(world, project, { ref: 'v1.4.0', tag: true, sha: project.branches.get('main') });
  samples['pipeline-tag'] = hook(next(history, { ref: 'v1.4.0', tag: true, jobs: jobs.slice(0, 2) }));
  const deployed = played(history, success);
  samples['job-success-manual'] = buildJobHook(instance, deployed);
  samples['deployment-success'] = buildDeploymentHook(instance, deployed, { id: 615, environment: 'production' });
  samples['access-token-expiring'] = expiring(history);
  return { ...samples, ...sampleRegistryEvents(history.clock) };
};
