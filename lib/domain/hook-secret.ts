/** What the pipeline hook's sender must know: one version of the hook secret. */
export interface HookSecret {
  /** sent in clear in X-Gitlab-Token; at least 32 characters */
  webhookToken: string;
  /** `whsec_` + base64 of 32 bytes; when there is one, only a signature counts */
  webhookSigningToken?: string;
}
