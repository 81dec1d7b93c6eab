import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DeployFailure } from '../../domain/failure.ts';
import { isDigest, manifestTypes, type Manifest } from '../../domain/image-manifest.ts';
import { isTag } from '../../domain/image-reference.ts';
import type { Registry } from '../../ports/registry.ts';
import { discard, wholeBody } from './exchange.ts';
import { readManifest } from './manifest-document.ts';
import { withTries, type Pace } from './pace.ts';
import type { RegistrySession } from './registry-session.ts';

// bytes; as much as every registry takes: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
const manifestLimit = 4 * 1024 * 1024;

const accept = manifestTypes.join(', ');
const isManifestType = (type: string): boolean => manifestTypes.some((known) => known === type);

const refused = (because: string): DeployFailure => new DeployFailure('ImageRefused', because);

/** Raises ImageRefused for what is none. */
export const checkDigest = (digest: string): void => {
  if (!isDigest(digest)) throw refused("a digest is not one by OCI's grammar");
};

/** `Docker-Content-Digest`, if the registry sends one. Raises ImageRefused for what is no digest. */
const statedDigest = ({ headers }: IncomingMessage): string | undefined => {
  const stated = headers['docker-content-digest'];
  if (stated === undefined) return undefined;
  if (typeof stated !== 'string' || !isDigest(stated)) throw refused('the registry sends a digest that is none');
  return stated;
};

/** The body, with what the registry said it is. Raises ImageRefused when it is longer than a manifest may be. */
export const manifestBody = async (
  answer: IncomingMessage,
  { host, repository, pace }: { host: string; repository: string; pace: Pace },
): Promise<{ mediaType: string; bytes: Buffer }> => {
  const watch = { quiet: pace.quiet.answer, facts: { host, repository } };
  const bytes = await wholeBody(answer, { limit: manifestLimit, ...watch });
  if (bytes === undefined) throw refused('a manifest has more than 4 MiB');
  const [mediaType = ''] = (answer.headers['content-type'] ?? '').split(';');
  return { mediaType: mediaType.trim(), bytes };
};

/** The bytes held against the digest that was asked for, and against the one that was sent with them. */
const verified = (reference: string, stated: string | undefined, bytes: Buffer): string => {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (isDigest(reference) && digest !== reference) throw refused('a manifest has another digest than was asked for');
  if (stated !== undefined && stated !== digest) throw refused('a manifest has another digest than the registry says');
  return digest;
};

/** Whether there is one. Raises RegistryRefused for a part of it, which nobody asked for. */
const isThere = (answer: IncomingMessage, repository: string): boolean => {
  const status = answer.statusCode ?? 0;
  if (status === 200) return true;
  discard(answer);
  if (status === 404) return false;
  throw new DeployFailure('RegistryRefused', 'the registry answers what it was not asked', {
    facts: { repository, status },
  });
};

type Found = { found: false } | { found: true; digest: string | undefined };

/** The registry's manifests; what each method means: lib/ports/registry.ts. */
export const manifests = (session: RegistrySession, pace: Pace): Pick<Registry, 'manifest' | 'digestOf'> => {
  const ask = async (method: 'GET' | 'HEAD', repository: string, reference: string): Promise<IncomingMessage> => {
    if (!isDigest(reference) && !isTag(reference)) throw refused("a tag or digest is not one by OCI's grammar");
    const url = await session.urlOf(repository, `manifests/${reference}`);
    return session.ask({ repository, method, url, headers: { accept }, quiet: pace.quiet.answer, redirects: 0 });
  };
  const manifest = (repository: string, reference: string): Promise<Manifest | undefined> =>
    withTries(pace, async () => {
      const answer = await ask('GET', repository, reference);
      if (!isThere(answer, repository)) return undefined;
      const { mediaType, bytes } = await manifestBody(answer, { host: await session.host(), repository, pace });
      const digest = verified(reference, statedDigest(answer), bytes);
      if (!isManifestType(mediaType)) throw refused('a manifest has a media type that is not copied');
      return readManifest({ mediaType, digest, bytes });
    });
  const head = (repository: string, tag: string): Promise<Found> =>
    withTries(pace, async () => {
      const answer = await ask('HEAD', repository, tag);
      if (!isThere(answer, repository)) return { found: false };
      discard(answer);
      return { found: true, digest: statedDigest(answer) };
    });

  return {
    manifest,
    digestOf: async (repository, tag) => {
      const told = await head(repository, tag);
      return told.found ? (told.digest ?? (await manifest(repository, tag))?.digest) : undefined;
    },
  };
};
