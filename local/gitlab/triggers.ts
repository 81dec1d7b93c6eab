/** What a hook can ask for, under the hooks API's names: what its log and its X-Gitlab-Event header call it. */
export const triggers = {
  pipeline_events: { log: 'pipeline_hooks', header: 'Pipeline Hook' },
  job_events: { log: 'job_hooks', header: 'Job Hook' },
  push_events: { log: 'push_hooks', header: 'Push Hook' },
  tag_push_events: { log: 'tag_push_hooks', header: 'Tag Push Hook' },
  deployment_events: { log: 'deployment_hooks', header: 'Deployment Hook' },
  resource_access_token_events: { log: 'resource_access_token_hooks', header: 'Resource Access Token Hook' },
} as const;

export type Trigger = keyof typeof triggers;

export const isTrigger = (name: string): name is Trigger => Object.hasOwn(triggers, name);
