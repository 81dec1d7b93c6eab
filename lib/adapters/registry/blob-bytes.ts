import type { IncomingMessage } from 'node:http';
import { DeployFailure } from '../../domain/failure.ts';
import type { Descriptor } from '../../domain/image-manifest.ts';
import { bytesToSkip } from './blob-answer.ts';
import { chunksOf, discard } from './exchange.ts';
import { checkDigest } from './manifests.ts';
import { beforeNextTry, type Pace } from './pace.ts';
import type { RegistrySession } from './registry-session.ts';

const redirects = 5;

interface Wanted {
  repository: string;
  blob: Descriptor;
  /** the byte that comes next */
  next: number;
}

/** Asks for the blob, from `next` on. Its redirect is followed anew each time: links to storage expire. */
const ask = async (
  session: RegistrySession,
  pace: Pace,
  { repository, blob, next }: Wanted,
): Promise<IncomingMessage> => {
  const url = await session.urlOf(repository, `blobs/${blob.digest}`);
  const headers = next === 0 ? {} : { range: `bytes=${next}-` };
  return session.ask({ repository, method: 'GET', url, headers, quiet: pace.quiet.blob, redirects });
};

/** The bytes of one answer that are wanted. */
async function* wantedBytes(answer: IncomingMessage, pace: Pace, { repository, blob, next }: Wanted) {
  let skip = 0;
  try {
    skip = bytesToSkip({ status: answer.statusCode ?? 0, headers: answer.headers }, blob, next);
  } catch (error) {
    discard(answer);
    throw error;
  }
  let left = blob.size - next;
  for await (const chunk of chunksOf(answer, { quiet: pace.quiet.blob, facts: { repository, digest: blob.digest } })) {
    const wanted = skip === 0 ? chunk : chunk.subarray(skip);
    skip -= chunk.length - wanted.length;
    left -= wanted.length;
    if (left < 0) throw tooLong(blob);
    if (wanted.length > 0) yield wanted;
  }
}

const tooLong = ({ digest }: Descriptor): DeployFailure =>
  new DeployFailure('ImageRefused', 'a blob is longer than its descriptor says', { facts: { digest } });

const endedEarly = (repository: string, { digest }: Descriptor): DeployFailure =>
  new DeployFailure('RegistryUnavailable', 'the blob ended early', { facts: { repository, digest } });

/** A blob's bytes from `from` on, across what breaks: each byte that comes gives all tries back. */
export const blobBytes = (session: RegistrySession, pace: Pace) =>
  async function* (repository: string, blob: Descriptor, from: number): AsyncGenerator<Buffer, void, undefined> {
    checkDigest(blob.digest);
    let next = from;
    let failed = 0;
    while (next < blob.size) {
      const wanted = { repository, blob, next };
      try {
        for await (const chunk of wantedBytes(await ask(session, pace, wanted), pace, wanted)) {
          next += chunk.length;
          yield chunk;
        }
        if (next < blob.size) throw endedEarly(repository, blob);
      } catch (error) {
        failed = next > wanted.next ? 0 : failed + 1;
        await beforeNextTry(pace, error, failed);
      }
    }
  };
