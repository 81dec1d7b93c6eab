import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { byteRange, contentRange } from '../../oci/byte-range.ts';
import type { OciAnswer } from '../../oci/oci-call.ts';
import type { GitlabWorld } from '../world.ts';
import type { RegistrySettings } from './registry-settings.ts';

/** Where the registry keeps its blobs: another origin, which wants a signed link and no credentials. */
export interface ObjectStorage {
  /** A link that is good for one method, for a while. */
  link: (digest: string, method: string) => string;
  answer: (request: IncomingMessage) => OciAnswer;
}

const refusal = (status: number, code: string, message: string): OciAnswer => ({
  status,
  headers: { 'Content-Type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

export const expiredLink = refusal(403, 'AccessDenied', 'Request has expired');

// As S3: whoever sends the registry's token here has given it away.
const givenAway = refusal(400, 'InvalidArgument', 'Only one auth mechanism allowed');

const pathOf = (digest: string): string => {
  const hex = digest.slice('sha256:'.length);
  return `/docker/registry/v2/blobs/sha256/${hex.slice(0, 2)}/${hex}/data`;
};

const digestOf = (path: string): string | undefined => {
  const hex = /^\/docker\/registry\/v2\/blobs\/sha256\/[0-9a-f]{2}\/([0-9a-f]{64})\/data$/.exec(path)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
};

const partOf = (bytes: Buffer, range: string | undefined): OciAnswer => {
  const headers = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes' };
  const asked = byteRange(range, bytes.length);
  if (asked === undefined) return { status: 200, headers, body: bytes };
  if (asked === 'unsatisfiable') return refusal(416, 'InvalidRange', 'The requested range is not satisfiable');
  const part = { ...headers, 'Content-Range': contentRange(asked, bytes.length) };
  return { status: 206, headers: part, body: bytes.subarray(asked.start, asked.end) };
};

export interface StorageParts {
  world: GitlabWorld;
  settings: RegistrySettings;
  url: string;
  stored: (digest: string) => Buffer | undefined;
}

export const objectStorage = ({ world, settings, url, stored }: StorageParts): ObjectStorage => {
  const secret = world.ids.secret(40);
  const sign = (method: string, path: string, expires: string): string =>
    createHmac('sha256', secret).update([method, path, expires].join('\n')).digest('hex');
  return {
    link: (digest, method) => {
      const path = pathOf(digest);
      const expires = String(Math.floor(world.clock.now() / 1000) + settings.linkSeconds);
      return `${url}${path}?X-Amz-Expires=${expires}&X-Amz-Signature=${sign(method, path, expires)}`;
    },
    answer: ({ method = '', url: target = '/', headers }) => {
      if (headers.authorization !== undefined) return givenAway;
      const { pathname, searchParams } = new URL(target, url);
      const expires = searchParams.get('X-Amz-Expires') ?? '';
      if (searchParams.get('X-Amz-Signature') !== sign(method, pathname, expires)) {
        return refusal(403, 'SignatureDoesNotMatch', 'The request signature does not match');
      }
      if (Number(expires) * 1000 <= world.clock.now()) return expiredLink;
      const bytes = stored(digestOf(pathname) ?? '');
      return bytes === undefined ? refusal(404, 'NoSuchKey', 'The key does not exist') : partOf(bytes, headers.range);
    },
  };
};
