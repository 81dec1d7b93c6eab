import { addHook } from './api/hooks.ts';
import { pipelineVerbs } from './control-ci.ts';
import { deploymentVerbs } from './control-deployments.ts';
import type { ControlInput } from './control-inputs.ts';
import { tokenVerbs } from './control-tokens.ts';
import type { ControlOutputs } from './control.ts';
import type { ControlVerbs, Double } from './double.ts';
import { buildJobHook } from './payloads/job-hook.ts';
import { buildPipelineHook } from './payloads/pipeline-hook.ts';
import { buildPushHook } from './payloads/push-hook.ts';
import { addProject, findHook, findJob, findPipeline, findProject } from './projects.ts';
import { registryVerbs } from './registry/control-registry.ts';
import { pushCommit, refs } from './repository.ts';
import type { Project } from './world.ts';

const sendAgain = ({ world, sender }: Double, input: ControlInput<'sendHook'>): null => {
  const project = findProject(world, input.project);
  if ('job' in input) {
    const job = findJob(project, input.job);
    sender.fire(project, 'job_events', () => ({ ...buildJobHook(world.instance, job), ...input.changes }));
    return null;
  }
  const pipeline = findPipeline(project, input.pipeline);
  sender.fire(project, 'pipeline_events', () => {
    const payload = buildPipelineHook(world.instance, pipeline);
    return { ...payload, object_attributes: { ...payload.object_attributes, ...input.changes } };
  });
  return null;
};

const hookVerbs = (double: Double) => {
  const { world, sender, registry } = double;
  return {
    sendHook: (input) => sendAgain(double, input),
    sendRaw: ({ hook, body, trigger = 'pipeline_events', idempotencyKey = world.ids.uuid(), headers }) =>
      sender.send(findHook(world, hook), { trigger, body, idempotencyKey, headers }),
    installHook: ({ project, url, token, signingToken, headers = {}, ...events }) => {
      const fields = {
        url,
        token,
        signing_token: signingToken,
        custom_headers: Object.entries(headers).map(([key, value]) => ({ key, value })),
        pipeline_events: events.pipelineEvents ?? true,
        job_events: events.jobEvents ?? true,
        push_events: events.pushEvents ?? false,
        tag_push_events: events.pushEvents ?? false,
        resource_access_token_events: events.tokenEvents ?? false,
        deployment_events: events.deploymentEvents ?? false,
      };
      return { id: addHook(world, findProject(world, project), fields).id };
    },
    deliveries: ({ project }) => {
      const of = project === undefined ? undefined : findProject(world, project).id;
      return sender.deliveries.filter((delivery) => of === undefined || delivery.project === of);
    },
    idle: async () => {
      await Promise.all([sender.idle(), registry.notifications.idle()]);
      return null;
    },
  } satisfies Partial<ControlVerbs>;
};

const pushVerb = ({ world, sender }: Double, input: ControlInput<'push'>): ControlOutputs['push'] => {
  const project = findProject(world, input.project);
  const pushed = { ref: input.ref, tag: input.tag ?? false, sha: input.sha };
  const commit = pushCommit(world, project, pushed);
  const trigger = pushed.tag ? 'tag_push_events' : 'push_events';
  sender.fire(project, trigger, () => buildPushHook(world.instance, project, { ...pushed, commit }));
  return { sha: commit.sha };
};

const protections = (project: Project, tag: boolean | undefined) =>
  tag === true ? project.protectedTags : project.protectedBranches;

/** The list with the name in it, or without. */
const withName = (names: readonly string[], name: string, there = true): string[] => [
  ...names.filter((other) => other !== name),
  ...(there ? [name] : []),
];

const projectVerbs = (double: Double) => {
  const { world } = double;
  return {
    createProject: (input) => {
      const { id, path, defaultBranch } = addProject(world, input);
      return { id, path, defaultBranch };
    },
    push: (input) => pushVerb(double, input),
    protect: ({ project, ref, tag }) => {
      protections(findProject(world, project), tag).push({ id: world.ids.next('protection'), name: ref });
      return null;
    },
    unprotect: ({ project, ref, tag }) => {
      const list = protections(findProject(world, project), tag);
      list.splice(0, list.length, ...list.filter(({ name }) => name !== ref));
      return null;
    },
    setVariable: ({ project, key, there }) => {
      const found = findProject(world, project);
      found.variables = withName(found.variables, key, there);
      return null;
    },
    protectEnvironment: ({ project, name, there }) => {
      const found = findProject(world, project);
      found.protectedEnvironments = withName(found.protectedEnvironments, name, there);
      return null;
    },
    deleteBranch: ({ project, ref }) => {
      refs(findProject(world, project), false).delete(ref);
      return null;
    },
  } satisfies Partial<ControlVerbs>;
};

const instanceVerbs = ({ world, faults, api }: Double) =>
  ({
    setInstance: (input) => {
      Object.assign(world.instance, input);
      return null;
    },
    setFault: (rule) => {
      faults.set(rule);
      return null;
    },
    clearFaults: () => {
      faults.clear();
      return null;
    },
    requests: () => [...api.requests],
  }) satisfies Partial<ControlVerbs>;

/** What people, tests and the demo may do with this GitLab. */
export const controlVerbs = (double: Double): ControlVerbs => ({
  ...projectVerbs(double),
  ...pipelineVerbs(double),
  ...hookVerbs(double),
  ...instanceVerbs(double),
  ...deploymentVerbs(double),
  ...tokenVerbs(double),
  ...registryVerbs(double),
});
