import * as z from 'zod/mini';
import type { SentHook } from '../../domain/sent-hook.ts';
import type { HookLog } from '../../ports/hook-log.ts';
import type { ManagerSource } from '../../ports/vault.ts';
import { asManager, read, type Reply } from './managing-call.ts';
import { hooksOf } from './project-hooks.ts';

// GitLab takes no larger page of a hook's events.
const pageSize = 20;
const mostPages = 3;

const event = z.object({
  id: z.int(),
  request_headers: z.nullish(z.object({ 'Idempotency-Key': z.optional(z.string()) })),
  request_data: z.unknown(),
  // `internal error` when there was no answer
  response_status: z.string(),
});

const asOurs = (kept: z.output<typeof event>): SentHook => ({
  event: kept.id,
  key: kept.request_headers?.['Idempotency-Key'],
  arrived: /^[23]\d\d$/.test(kept.response_status),
  body: kept.request_data,
});

const resent = z.object({ response_status: z.nullish(z.union([z.int(), z.string()])) });

/** GitLab's REST API of a webhook's events. https://docs.gitlab.com/api/project_webhooks/#list-all-events-for-a-project-webhook */
export const hookLog = (manager: ManagerSource): HookLog => {
  const run = asManager(manager);
  const eventsOf = (project: number, hook: number): string => `${hooksOf(project)}/${hook}/events`;
  const aboutLog = (project: number, hook: number): string => `the events of hook ${hook} of project ${project}`;

  // The hook was listed a moment ago: a 404 is the log's.
  const page = (project: number, hook: number, query: string): Promise<Reply> => {
    const path = `${eventsOf(project, hook)}?per_page=${pageSize}${query}`;
    return run({ method: 'GET', path, about: aboutLog(project, hook), expected: [404] });
  };

  const told = (reply: Reply, about: string): SentHook[] =>
    reply.status === 404 ? [] : read(reply, z.array(event), about).map(asOurs);

  return {
    newest: async (project, hook) => told(await page(project, hook, ''), aboutLog(project, hook)),
    failed: async (project, hook) => {
      const found: SentHook[] = [];
      for (let next = 1; next <= mostPages;) {
        const reply = await page(project, hook, `&status=server_failure&page=${next}`);
        found.push(...told(reply, aboutLog(project, hook)));
        if (Number(reply.nextPage) <= next) break;
        next = Number(reply.nextPage);
      }
      return found;
    },
    resend: async (project, hook, sent) => {
      const about = `event ${sent} of hook ${hook} of project ${project}`;
      const path = `${eventsOf(project, hook)}/${sent}/resend`;
      const reply = await run({ method: 'POST', path, about, expected: [404, 422] });
      if (reply.status === 404 || reply.status === 422) return false;
      return /^2\d\d$/.test(String(read(reply, resent, about).response_status));
    },
  };
};
