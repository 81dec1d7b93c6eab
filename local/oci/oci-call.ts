import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OciError } from './oci-error.ts';
import type { RegistryContent } from './registry-content.ts';
import type { Uploads } from './uploads.ts';

/** What a request needs the right to: as a token's scope says it. */
export interface Scope {
  repository: string;
  action: 'pull' | 'push' | 'delete';
}

/** Ways in which registries differ, as data. */
export interface RegistryQuirks {
  /** what a PATCH is answered: 202 by the specification, 201 by ECR */
  patchStatus: 201 | 202;
  /** the Range of a PATCH's answer never moves past the first chunk, as ECR's */
  stuckRange: boolean;
  /** whether an upload's state can be asked for; 404 otherwise, as ECR answers */
  statusGet: boolean;
  /** whether there is a referrers API; without it clients keep the tag `sha256-<hex>` */
  referrersApi: boolean;
  /** what becomes of a push to a repository that is not there: an error, or ECR's cut connection */
  missingRepository: 'error' | 'cut';
  /** The refusal (a challenge, a denial) that the request gets; undefined lets it pass. Without scope: GET /v2/. */
  authenticate: (request: IncomingMessage, scope: Scope | undefined) => OciError | undefined;
  /** Where a blob lies instead, as a registry with object storage answers (307); undefined: here. */
  blobRedirect?: (digest: string, method: string) => string | undefined;
}

/** Something that happened to the content, as notifications tell it. */
export interface Happening {
  action: 'push' | 'pull' | 'mount' | 'delete';
  repository: string;
  mediaType?: string;
  digest?: string;
  /** bytes */
  size?: number;
  tag?: string;
  /** the repository that a blob was mounted from */
  from?: string;
}

export interface OciRegistry {
  content: RegistryContent;
  /** read anew for each request: tests change them */
  quirks: RegistryQuirks;
  happened?: (happening: Happening, request: IncomingMessage) => void;
}

/** One request, routed and let in. */
export interface OciCall {
  registry: OciRegistry;
  uploads: Uploads;
  request: IncomingMessage;
  url: URL;
  repository: string;
  /** a tag, a digest or an upload's id: what the path ends with */
  reference: string;
}

export interface OciAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: Buffer | string;
}

/** Whoever asked, by the name they use: https where a proxy says so. Distribution builds absolute Locations from it. */
export const originOf = ({ headers }: IncomingMessage): string =>
  `${String(headers['x-forwarded-proto'] ?? 'http')}://${headers.host ?? 'localhost'}`;

/** The body, without copying what are bytes already. */
export const bytesOf = ({ body = '' }: OciAnswer): Buffer => (typeof body === 'string' ? Buffer.from(body) : body);

/** Every answer of /v2 says so. */
export const versionHeaders = { 'Docker-Distribution-Api-Version': 'registry/2.0' };

/** Writes an answer, without its body for HEAD. */
export const writeAnswer = (request: IncomingMessage, response: ServerResponse, answer: OciAnswer): void => {
  const body = answer.body ?? '';
  const { status, headers = {} } = answer;
  const length = status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(status, { ...versionHeaders, ...length, ...headers });
  response.end(request.method === 'HEAD' ? undefined : body);
};
