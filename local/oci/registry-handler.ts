import type { IncomingMessage, ServerResponse } from 'node:http';
import { getBlob } from './blob-routes.ts';
import { deleteManifest, getManifest, listReferrers, listTags, putManifest } from './manifest-routes.ts';
import { writeAnswer, type OciAnswer, type OciCall, type OciRegistry, type Scope } from './oci-call.ts';
import { errorBody, OciError } from './oci-error.ts';
import { cancelUpload, finishUpload, patchUpload, startUpload, uploadStatus } from './upload-routes.ts';
import { createUploads, type Uploads } from './uploads.ts';

type Answering = (call: OciCall) => OciAnswer | Promise<OciAnswer>;

interface Route {
  path: RegExp;
  methods: Record<string, Answering>;
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints; the first that fits counts. */
const routes: readonly Route[] = [
  { path: /^\/v2\/(.+)\/tags\/list()$/, methods: { GET: listTags } },
  { path: /^\/v2\/(.+)\/referrers\/([^/]+)$/, methods: { GET: listReferrers } },
  { path: /^\/v2\/(.+)\/blobs\/uploads\/?()$/, methods: { POST: startUpload } },
  {
    path: /^\/v2\/(.+)\/blobs\/uploads\/([^/]+)$/,
    methods: { GET: uploadStatus, PATCH: patchUpload, PUT: finishUpload, DELETE: cancelUpload },
  },
  { path: /^\/v2\/(.+)\/blobs\/([^/]+)$/, methods: { GET: getBlob, HEAD: getBlob } },
  {
    path: /^\/v2\/(.+)\/manifests\/([^/]+)$/,
    methods: { GET: getManifest, HEAD: getManifest, PUT: putManifest, DELETE: deleteManifest },
  },
];

const nameGrammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

const unknown = (status: 404 | 405): OciError =>
  new OciError({ status, code: 'UNSUPPORTED', message: 'The operation is unsupported.' });

const actionOf = (method: string, answering: Answering): Scope['action'] => {
  if (answering === deleteManifest) return 'delete';
  return method === 'GET' || method === 'HEAD' ? 'pull' : 'push';
};

interface Routed {
  answering: Answering;
  repository: string;
  reference: string;
}

const routed = (method: string, path: string): Routed => {
  for (const route of routes) {
    const [whole, repository = '', reference = ''] = route.path.exec(path) ?? [];
    if (whole === undefined) continue;
    if (!nameGrammar.test(repository)) {
      throw new OciError({ status: 400, code: 'NAME_INVALID', message: 'invalid repository name' });
    }
    const answering = route.methods[method];
    if (answering === undefined) throw unknown(405);
    return { answering, repository, reference: decodeURIComponent(reference) };
  }
  throw unknown(404);
};

const refuse = (error: OciError | undefined): void => {
  if (error !== undefined) throw error;
};

/** `cut`: ECR says nothing to a push into a repository that it does not have. */
export type Given = OciAnswer | 'cut';

const answer = async (registry: OciRegistry, uploads: Uploads, request: IncomingMessage): Promise<Given> => {
  const method = request.method ?? '';
  const url = new URL(request.url ?? '/', 'http://registry');
  if (/^\/v2\/?$/.test(url.pathname)) {
    refuse(registry.quirks.authenticate(request, undefined));
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' };
  }
  const { answering, repository, reference } = routed(method, url.pathname);
  const action = actionOf(method, answering);
  refuse(registry.quirks.authenticate(request, { repository, action }));
  if (!registry.content.hasRepository(repository)) {
    if (action === 'push' && registry.quirks.missingRepository === 'cut') return 'cut';
    throw new OciError({ status: 404, code: 'NAME_UNKNOWN', message: 'repository name not known to registry' });
  }
  return answering({ request, registry, uploads, url, repository, reference });
};

const asAnswer = (error: unknown): OciAnswer => {
  if (!(error instanceof OciError)) throw error;
  const headers = { 'Content-Type': 'application/json', ...error.headers };
  return { status: error.status, headers, body: errorBody(error) };
};

/**
 * What the routes of /v2 over this content answer to a request; whoever asks for it writes it. Raises what a
 * connection raises that breaks while a body arrives; what else it raises is a defect.
 */
export const registryAnswers = (registry: OciRegistry): ((request: IncomingMessage) => Promise<Given>) => {
  const uploads = createUploads();
  return (request) => answer(registry, uploads, request).catch(asAnswer);
};

/** The client has gone while its request arrived: nothing is left to do. */
export const hasGone = (request: IncomingMessage): boolean => request.destroyed && !request.complete;

/** Answers requests by the routes of /v2 over this content. Raises defects only. */
export const registryHandler = (registry: OciRegistry) => {
  const answers = registryAnswers(registry);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const given = await answers(request);
      if (given === 'cut') request.socket.destroy();
      else writeAnswer(request, response, given);
    } catch (error) {
      if (!hasGone(request)) throw error;
    }
  };
};
