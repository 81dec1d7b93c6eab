import type { IncomingMessage, ServerResponse } from 'node:http';
import { byteRange, contentRange } from '../../oci/byte-range.ts';
import { OciError } from '../../oci/oci-error.ts';
import type { OciAnswer, Scope } from '../../oci/oci-call.ts';
import { writeAnswer } from '../../oci/oci-call.ts';
import { hasGone, registryAnswers } from '../../oci/registry-handler.ts';
import type { RegistryDoor } from '../ecr/registry-door.ts';
import type { Answer } from './protocol.ts';

/** Docker clients are let in with the user name AWS and what GetAuthorizationToken gave out. */
const authenticate = ({ host, isPassword }: RegistryDoor, { headers }: IncomingMessage): OciError | undefined => {
  const [, basic = ''] = /^Basic (.+)$/i.exec(headers.authorization ?? '') ?? [];
  const [, password = ''] = /^AWS:(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
  if (isPassword(password)) return undefined;
  const challenge = { 'WWW-Authenticate': `Basic realm="https://${host}/",service="ecr.amazonaws.com"` };
  return new OciError({ status: 401, code: 'UNAUTHORIZED', message: 'Not Authorized', headers: challenge });
};

/**
 * /v2 as ECR plays it, for docker clients: a PATCH is answered 201 and its Range never moves on
 * (https://github.com/aws/containers-roadmap/issues/2831), an upload's state cannot be asked for
 * (https://github.com/dotnet/sdk/pull/33019), a push to a repository that is not there is cut off. Raises defects only.
 */
export const registryRoutes = (
  door: RegistryDoor,
): ((incoming: IncomingMessage, response: ServerResponse) => Promise<void>) => {
  const answers = registryAnswers({
    content: door.content,
    quirks: {
      patchStatus: 201,
      stuckRange: true,
      statusGet: false,
      referrersApi: true,
      missingRepository: 'cut',
      authenticate: (request, scope) => notMounting(request, scope) ?? authenticate(door, request),
    },
  });
  return async (incoming, response) => {
    const { socket } = incoming;
    try {
      const given = await answers(incoming);
      if (given === 'cut') socket.destroy();
      else writeAnswer(incoming, response, unlocated(incoming, given));
    } catch (error) {
      if (!hasGone(incoming)) throw error;
    }
  };
};

/**
 * Another repository's blobs can be mounted only where the account says so, which it does not by default: a client that
 * asks for it gets an upload instead. https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
 */
const notMounting = ({ method }: IncomingMessage, scope: Scope | undefined): OciError | undefined =>
  method === 'POST' && scope?.action === 'pull'
    ? new OciError({ status: 403, code: 'DENIED', message: 'blob mounting is not enabled' })
    : undefined;

/** A manifest's answer has no Location: https://github.com/oras-project/rust-oci-client/pull/33 */
const unlocated = ({ method, url }: IncomingMessage, answer: OciAnswer): OciAnswer => {
  if (method !== 'PUT' || !/\/manifests\/[^/]+$/.test(url ?? '')) return answer;
  const headers = Object.entries(answer.headers ?? {}).filter(([name]) => name !== 'Location');
  return { ...answer, headers: Object.fromEntries(headers) };
};

/** Answers the URL that GetDownloadUrlForLayer gave out, as S3 would, ranges included. */
export const answerLayer = (door: RegistryDoor, { url, headers }: Pick<IncomingMessage, 'url' | 'headers'>): Answer => {
  const bytes = door.layer(new URL(url ?? '/', 'http://fleet'));
  if (bytes === undefined) return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Access denied\n' };
  const range = byteRange(headers.range, bytes.length);
  const binary = { 'content-type': 'application/octet-stream', 'accept-ranges': 'bytes' };
  if (range === undefined) return { status: 200, headers: binary, body: bytes };
  if (range === 'unsatisfiable') {
    return { status: 416, headers: { 'content-range': `bytes */${String(bytes.length)}` }, body: '' };
  }
  const body = bytes.subarray(range.start, range.end);
  return { status: 206, headers: { ...binary, 'content-range': contentRange(range, bytes.length) }, body };
};
