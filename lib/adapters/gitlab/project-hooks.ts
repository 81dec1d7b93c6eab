import * as z from 'zod/mini';
import { RotationFailure } from '../../domain/failure.ts';
import type { HookEvents, HookValues, ProjectHook } from '../../domain/project-hook.ts';
import type { ProjectHooks } from '../../ports/project-hooks.ts';
import type { ManagerSource } from '../../ports/vault.ts';
import { asManager, everyPage, read } from './managing-call.ts';

const hookAnswer = z.object({
  id: z.int(),
  url: z.string(),
  signing_token_present: z.nullish(z.boolean()),
  pipeline_events: z.boolean(),
  job_events: z.boolean(),
  enable_ssl_verification: z.boolean(),
  alert_status: z.nullish(z.enum(['executable', 'temporarily_disabled', 'disabled'])),
});
const hooks = z.array(hookAnswer);

const hookOf = (answer: z.output<typeof hookAnswer>): ProjectHook => ({
  id: answer.id,
  url: answer.url,
  signing: answer.signing_token_present ?? undefined,
  pipeline: answer.pipeline_events,
  job: answer.job_events,
  sslVerification: answer.enable_ssl_verification,
  ...(typeof answer.alert_status === 'string' ? { alertStatus: answer.alert_status } : {}),
});

const hooksOf = (project: number): string => `/api/v4/projects/${project}/hooks`;

// An older GitLab ignores a signing token without a word: reading back tells.
const fieldsOf = ({ url, token, signingToken }: HookValues) => ({
  url,
  token,
  ...(signingToken === undefined ? {} : { signing_token: signingToken }),
});

const eventsOf = ({ pipeline, job }: HookEvents) => ({
  pipeline_events: pipeline,
  job_events: job,
  enable_ssl_verification: true,
});

/** GitLab's REST API of project webhooks. https://docs.gitlab.com/api/project_webhooks/ */
export const projectHooks = (manager: ManagerSource): ProjectHooks => {
  const run = asManager(manager);
  return {
    list: async (project) => {
      const about = `the hooks of project ${project}`;
      const { all } = await everyPage(run, { path: hooksOf(project), about });
      return all.flatMap((page) => read(page, hooks, about)).map(hookOf);
    },
    create: async (project, values, events) => {
      // GitLab's own default for a new hook's push events is on.
      const body = { name: 'Drawbridge', ...fieldsOf(values), push_events: false, ...eventsOf(events) };
      await run({ method: 'POST', path: hooksOf(project), body, about: `a new hook of project ${project}` });
    },
    set: async (project, hook, values, events) => {
      const about = `hook ${hook} of project ${project}`;
      const body = { ...fieldsOf(values), ...(events === undefined ? {} : eventsOf(events)) };
      await run({ method: 'PUT', path: `${hooksOf(project)}/${hook}`, body, about });
    },
    test: async (project, hook) => {
      const about = `the test of hook ${hook} of project ${project}`;
      const path = `${hooksOf(project)}/${hook}/test/push_events`;
      const { status } = await run({ method: 'POST', path, about, expected: [422] });
      const because = 'the receiver did not take it, or the project has no push to send';
      if (status === 422) throw new RotationFailure('NotProven', `${about}: ${because}`, { facts: { status } });
    },
  };
};
