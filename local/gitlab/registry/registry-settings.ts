/** The container registry as its administrators set it up, and as it misbehaves. Read anew for each request. */
export interface RegistrySettings {
  /** world seconds that a login token lives: GitLab's `container_registry_token_expire_delay`, 5 minutes unless it is set */
  tokenSeconds: number;
  /** world seconds that a link to object storage is good for; distribution signs them for 20 minutes */
  linkSeconds: number;
  /** whether blobs lie in object storage and GET /v2/…/blobs answers 307, or come from the registry itself */
  redirect: boolean;
  /** whether there is a referrers API */
  referrersApi: boolean;
}

export const defaultSettings = (): RegistrySettings => ({
  tokenSeconds: 300,
  linkSeconds: 1200,
  redirect: true,
  referrersApi: true,
});
