import { createHash, randomUUID, type Hash } from 'node:crypto';
import { OciError } from './oci-error.ts';

/** A blob that is being uploaded. */
export interface UploadSession {
  id: string;
  repository: string;
  chunks: Buffer[];
  /** bytes so far */
  size: number;
  hash: Hash;
  /** bytes after the first PATCH; undefined before */
  firstChunk: number | undefined;
}

export interface Uploads {
  start(repository: string): UploadSession;
  /** Raises BLOB_UPLOAD_UNKNOWN. */
  find(repository: string, id: string): UploadSession;
  end(session: UploadSession): void;
}

export const createUploads = (): Uploads => {
  const sessions = new Map<string, UploadSession>();
  return {
    start: (repository) => {
      const hash = createHash('sha256');
      const session = { id: randomUUID(), repository, chunks: [], size: 0, hash, firstChunk: undefined };
      sessions.set(session.id, session);
      return session;
    },
    find: (repository, id) => {
      const session = sessions.get(id);
      if (session?.repository === repository) return session;
      throw new OciError({ status: 404, code: 'BLOB_UPLOAD_UNKNOWN', message: 'blob upload unknown to registry' });
    },
    end: ({ id }) => {
      sessions.delete(id);
    },
  };
};

/** Adds what comes, as it comes: what arrived before a connection broke stays. */
export const append = async (session: UploadSession, body: AsyncIterable<Buffer>): Promise<void> => {
  for await (const chunk of body) {
    session.chunks.push(chunk);
    session.size += chunk.length;
    session.hash.update(chunk);
  }
};

/** The whole blob. Raises DIGEST_INVALID when it is not the one it was said to be. */
export const assembled = (session: UploadSession, digest: string): Buffer => {
  if (`sha256:${session.hash.digest('hex')}` !== digest) {
    const message = 'provided digest did not match uploaded content';
    throw new OciError({ status: 400, code: 'DIGEST_INVALID', message });
  }
  return Buffer.concat(session.chunks, session.size);
};
