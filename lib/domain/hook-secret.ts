/** What senders of hooks must know: one version of the hook secret. */
export interface HookSecret {
  /** sent in clear in X-Gitlab-Token; at least 32 characters */
  webhookToken: string;
  /** `whsec_` + base64 of 32 bytes; when there is one, only a signature counts */
  webhookSigningToken?: string;
  /** what the registry sends in `Authorization: Bearer`, now and after its next change; at least 32 characters */
  registryToken?: string;
  registryTokenNext?: string;
}
