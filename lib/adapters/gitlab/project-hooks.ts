import * as z from 'zod/mini';
import { RotationFailure } from '../../domain/failure.ts';
import type { HookEvents, HookValues, ProjectHook } from '../../domain/project-hook.ts';
import type { ProjectHooks } from '../../ports/project-hooks.ts';
import type { ManagerSource } from '../../ports/vault.ts';
import { asManager, everyPage, read } from './managing-call.ts';

// A status of another name must not keep the hooks from being listed: it is as unknown as none.
const alertStatus = z.catch(z.optional(z.enum(['executable', 'temporarily_disabled', 'disabled'])), undefined);

const shownHook = z.object({
  id: z.int(),
  url: z.string(),
  pipeline_events: z.boolean(),
  job_events: z.boolean(),
  enable_ssl_verification: z.boolean(),
  signing_token_present: z.nullish(z.boolean()),
  alert_status: alertStatus,
  disabled_until: z.nullish(z.string()),
});

const asOurs = (kept: z.output<typeof shownHook>): ProjectHook => ({
  id: kept.id,
  url: kept.url,
  pipeline: kept.pipeline_events,
  job: kept.job_events,
  signing: kept.signing_token_present ?? undefined,
  alertStatus: kept.alert_status,
  disabledUntil: kept.disabled_until ?? undefined,
  sslVerification: kept.enable_ssl_verification,
});

export const hooksOf = (project: number): string => `/api/v4/projects/${project}/hooks`;

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
      return all.flatMap((page) => read(page, z.array(shownHook), about).map(asOurs));
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
