/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
export type OciErrorCode =
  | 'BLOB_UNKNOWN'
  | 'BLOB_UPLOAD_INVALID'
  | 'BLOB_UPLOAD_UNKNOWN'
  | 'DENIED'
  | 'DIGEST_INVALID'
  | 'MANIFEST_BLOB_UNKNOWN'
  | 'MANIFEST_INVALID'
  | 'MANIFEST_UNKNOWN'
  | 'NAME_INVALID'
  | 'NAME_UNKNOWN'
  | 'SIZE_INVALID'
  | 'TAG_INVALID'
  | 'TOOMANYREQUESTS'
  | 'UNAUTHORIZED'
  | 'UNSUPPORTED';

export interface OciRefusal {
  status: number;
  code: OciErrorCode;
  message: string;
  headers?: Record<string, string>;
}

/** What a registry answers in the JSON form of OCI's errors instead of what was asked for. */
export class OciError extends Error {
  override readonly name = 'OciError';
  readonly status: number;
  readonly code: OciErrorCode;
  readonly headers: Record<string, string>;

  constructor({ status, code, message, headers = {} }: OciRefusal) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const errorBody = ({ code, message }: { code: string; message: string }): string =>
  JSON.stringify({ errors: [{ code, message, detail: null }] });

export const manifestUnknown = (reference: string): OciError =>
  new OciError({ status: 404, code: 'MANIFEST_UNKNOWN', message: `manifest unknown: ${reference}` });

export const blobUnknown = (digest: string): OciError =>
  new OciError({ status: 404, code: 'BLOB_UNKNOWN', message: `blob unknown to registry: ${digest}` });
