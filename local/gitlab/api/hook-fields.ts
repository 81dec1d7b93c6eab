import { apiDate, apiDateOrNull } from '../dates.ts';
import { alertStatus } from '../hook-health.ts';
import { knowsSigning, type GitlabWorld, type Hook } from '../world.ts';
import { ApiError } from './call.ts';

/** The switches of a hook, with what GitLab sets when a new one does not say. Push events are on. */
export const eventDefaults: Record<string, boolean> = {
  push_events: true,
  tag_push_events: false,
  issues_events: false,
  confidential_issues_events: false,
  merge_requests_events: false,
  note_events: false,
  confidential_note_events: false,
  job_events: false,
  pipeline_events: false,
  wiki_page_events: false,
  deployment_events: false,
  releases_events: false,
  feature_flag_events: false,
  milestone_events: false,
  emoji_events: false,
  repository_update_events: false,
  resource_access_token_events: false,
};

/** Tokens are never shown; from 19.0 it is said whether there are any (merge request 231325). */
export const hookView = (world: GitlabWorld, hook: Hook) => ({
  id: hook.id,
  url: hook.url,
  name: hook.name,
  description: hook.description,
  created_at: apiDate(hook.createdAt),
  project_id: hook.project,
  ...Object.fromEntries(hook.events),
  push_events_branch_filter: null,
  branch_filter_strategy: 'wildcard',
  enable_ssl_verification: hook.enableSslVerification,
  alert_status: alertStatus(hook, world.clock),
  disabled_until: apiDateOrNull(hook.disabledUntil),
  url_variables: [],
  custom_webhook_template: null,
  custom_headers: [...hook.customHeaders.keys()].map((key) => ({ key })),
  ...(knowsSigning(world.instance)
    ? { token_present: hook.token !== undefined, signing_token_present: hook.signingToken !== undefined }
    : {}),
});

const isUrl = (text: string): boolean => {
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  return protocol === 'http:' || protocol === 'https:';
};

const textField = (fields: Record<string, unknown>, name: string): string | undefined => {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw new ApiError(400, { error: `${name} is invalid` });
  return value;
};

const switchField = (value: unknown, name: string): boolean => {
  if (value === true || value === 'true' || value === '1' || value === 1) return true;
  if (value === false || value === 'false' || value === '0' || value === 0) return false;
  throw new ApiError(400, { error: `${name} is invalid` });
};

const setUrl = (hook: Hook, url: string): void => {
  if (!isUrl(url)) throw new ApiError(422, { error: 'Invalid url given' });
  if (url === hook.url) return;
  hook.url = url;
  // A new receiver must not get what was agreed with the old one.
  hook.token = undefined;
  hook.signingToken = undefined;
  hook.customHeaders.clear();
};

/** A signing token is `whsec_` and the base64 of 32 bytes. Before 19.0 the field is ignored without a word. */
const setSigningToken = (world: GitlabWorld, hook: Hook, token: string): void => {
  if (!knowsSigning(world.instance)) return;
  const key = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(token)?.[1];
  if (key === undefined || Buffer.from(key, 'base64').length !== 32) {
    const message = { signing_token: ['must be whsec_ followed by a Base64-encoded 32-byte key'] };
    throw new ApiError(422, { message });
  }
  hook.signingToken = token;
};

const setCustomHeaders = (hook: Hook, headers: unknown): void => {
  if (!Array.isArray(headers)) throw new ApiError(400, { error: 'custom_headers is invalid' });
  for (const header of headers as Record<string, unknown>[]) {
    const [key, value] = [textField(header, 'key'), textField(header, 'value')];
    if (key === undefined || value === undefined) throw new ApiError(400, { error: 'custom_headers is invalid' });
    hook.customHeaders.set(key, value);
  }
  if (hook.customHeaders.size > 20) throw new ApiError(422, { error: 'Custom headers validation failed' });
};

/** Sets what the request names, checked as a whole first: a refused request changes nothing. */
export const assignHook = (world: GitlabWorld, hook: Hook, fields: Record<string, unknown>): void => {
  const draft: Hook = { ...hook, events: new Map(hook.events), customHeaders: new Map(hook.customHeaders) };
  const url = textField(fields, 'url');
  if (url !== undefined) setUrl(draft, url);
  for (const name of Object.keys(eventDefaults)) {
    if (fields[name] !== undefined) draft.events.set(name, switchField(fields[name], name));
  }
  const ssl = fields['enable_ssl_verification'];
  if (ssl !== undefined) draft.enableSslVerification = switchField(ssl, 'enable_ssl_verification');
  if (fields['name'] !== undefined) draft.name = textField(fields, 'name') ?? null;
  if (fields['description'] !== undefined) draft.description = textField(fields, 'description') ?? null;
  if (fields['token'] !== undefined) draft.token = textField(fields, 'token');
  const signingToken = textField(fields, 'signing_token');
  if (signingToken !== undefined) setSigningToken(world, draft, signingToken);
  if (fields['custom_headers'] !== undefined) setCustomHeaders(draft, fields['custom_headers']);
  Object.assign(hook, draft);
};
