import { latestJobs } from '../ci.ts';
import type { Delivery } from '../delivery.ts';
import { alertStatus } from '../hook-health.ts';
import type { HookSender } from '../hook-sender.ts';
import { buildAccessTokenHook } from '../payloads/access-token-hook.ts';
import { buildJobHook } from '../payloads/job-hook.ts';
import { buildPipelineHook } from '../payloads/pipeline-hook.ts';
import { buildPushHook } from '../payloads/push-hook.ts';
import { isTrigger, triggers, type Trigger } from '../triggers.ts';
import { isAtLeast, type GitlabWorld, type Project } from '../world.ts';
import { ApiError, integerParam, notFound, param, projectOf, type ApiCall, type ApiHandler } from './call.ts';
import { hookOf } from './hooks.ts';
import { paged } from './paging.ts';

const logDays = 7;

const eventView = (delivery: Delivery) => ({
  id: delivery.id,
  url: delivery.url,
  trigger: triggers[delivery.trigger].log,
  request_headers: delivery.requestHeaders,
  request_data: delivery.requestData,
  response_headers: delivery.responseHeaders,
  response_body: delivery.responseBody,
  execution_duration: delivery.seconds,
  response_status: String(delivery.responseStatus),
});

const classes: Record<string, string> = { successful: '2', client_failure: '4', server_failure: '5' };

/** A lost or late answer is stored as `internal error` and counts as a server failure. */
const statusFits = ({ responseStatus }: Delivery, filter: string): boolean => {
  if (filter === 'server_failure' && responseStatus === 'internal error') return true;
  const first = classes[filter];
  return first === undefined ? String(responseStatus) === filter : String(responseStatus).startsWith(first);
};

const statusFilters = ({ query }: ApiCall): string[] => {
  const wanted = query.get('status')?.split(',') ?? [];
  if (!wanted.every((status) => Object.hasOwn(classes, status) || /^[1-5]\d\d$/.test(status))) {
    throw new ApiError(400, { error: 'status does not have a valid value' });
  }
  return wanted;
};

const needs = (world: GitlabWorld, major: number, minor: number): void => {
  if (!isAtLeast(world.instance, major, minor)) throw new ApiError(404, { error: '404 Not Found' });
};

/** The hook's log of the last 7 days, newest first. Needs GitLab 17.3. */
export const listHookEvents =
  (world: GitlabWorld, sender: HookSender): ApiHandler =>
  (call) => {
    needs(world, 17, 3);
    const hook = hookOf(world, call);
    const wanted = statusFilters(call);
    if (Number(call.query.get('per_page') ?? 20) > 20) {
      throw new ApiError(400, { error: 'per_page does not have a valid value' });
    }
    const since = world.clock.now() - logDays * 24 * 60 * 60_000;
    const events = sender.deliveries
      .filter((delivery) => delivery.hook === hook.id && Date.parse(delivery.at) >= since)
      .filter((delivery) => wanted.length === 0 || wanted.some((status) => statusFits(delivery, status)))
      .toReversed();
    return paged(call, events, eventView);
  };

/** Sends what the log holds once more: the same Idempotency-Key, but a body without e-mail addresses. Needs GitLab 17.4. */
export const resendHookEvent =
  (world: GitlabWorld, sender: HookSender, checkRate: (key: string) => void): ApiHandler =>
  async (call) => {
    needs(world, 17, 4);
    const hook = hookOf(world, call);
    checkRate(`resend/${hook.project}`);
    const id = integerParam(call, 'hook_event_id');
    const event = sender.deliveries.find((delivery) => delivery.id === id && delivery.hook === hook.id);
    if (event === undefined) throw notFound();
    if (event.url !== hook.url) {
      throw new ApiError(422, { message: 'The hook URL has changed, and this log entry cannot be retried' });
    }
    if (alertStatus(hook, world.clock) !== 'executable') throw new ApiError(422, { message: 'Hook disabled' });
    const { trigger, idempotencyKey } = event;
    const again = await sender.send(hook, { trigger, idempotencyKey, body: JSON.stringify(event.requestData) });
    if (again.responseStatus === 'internal error') throw new ApiError(422, { message: again.error });
    return { status: 201, body: { response_status: again.responseStatus } };
  };

/** A test sends the project's real, latest data: of a finished pipeline it looks exactly like the genuine event. */
const testPayload = (world: GitlabWorld, project: Project, trigger: Trigger): unknown => {
  const pipeline = project.pipelines.at(-1);
  if (trigger === 'resource_access_token_events') return tokenPayload(world, project);
  if (trigger === 'push_events' || trigger === 'tag_push_events') return pushPayload(world, project, trigger);
  if (pipeline === undefined) return undefined;
  if (trigger === 'pipeline_events') return buildPipelineHook(world.instance, pipeline);
  const job = latestJobs(pipeline).at(-1);
  return job === undefined ? undefined : buildJobHook(world.instance, job);
};

const tokenPayload = (world: GitlabWorld, project: Project): unknown => {
  const token = world.accessTokens.findLast(({ owner }) => owner.type === 'project' && owner.id === project.id);
  return token === undefined ? undefined : buildAccessTokenHook(world.instance, project, token);
};

const pushPayload = (world: GitlabWorld, project: Project, trigger: Trigger): unknown => {
  const tag = trigger === 'tag_push_events';
  const [ref, sha] = [...(tag ? project.tags : project.branches)].at(-1) ?? [];
  const commit = sha === undefined ? undefined : project.commits.get(sha);
  if (ref === undefined || commit === undefined) return undefined;
  return buildPushHook(world.instance, project, { ref, tag, commit });
};

/** Sent at once, also to a disabled hook: a success enables it again. Needs GitLab 16.11. */
export const testHook =
  (world: GitlabWorld, sender: HookSender, checkRate: (key: string) => void): ApiHandler =>
  async (call) => {
    needs(world, 16, 11);
    const hook = hookOf(world, call);
    const name = param(call, 'trigger');
    // https://docs.gitlab.com/api/project_webhooks/#trigger-a-test-project-webhook: of deployments there is no test
    if (!hook.events.has(name) || name === 'deployment_events')
      throw new ApiError(400, { error: 'trigger does not have a valid value' });
    checkRate(`test/${hook.project}`);
    const payload = isTrigger(name) ? testPayload(world, projectOf(world, call), name) : undefined;
    if (!isTrigger(name) || payload === undefined) {
      throw new ApiError(422, { message: `Ensure the project has data for ${name}.` });
    }
    const idempotencyKey = world.ids.uuid();
    const sent = await sender.send(hook, { trigger: name, body: JSON.stringify(payload), idempotencyKey });
    const { responseStatus } = sent;
    if (responseStatus === 'internal error') throw new ApiError(422, { message: sent.error });
    if (responseStatus < 200 || responseStatus > 299) throw new ApiError(422, { message: sent.responseBody });
    return { status: 201, body: { message: '201 Created' } };
  };
