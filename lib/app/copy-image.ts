import { nextCopyWait, type CopyWait } from '../domain/copy-wait.ts';
import type { DeploymentRecord } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { splitImageName } from '../domain/image-reference.ts';
import type { Journal } from '../ports/journal.ts';
import { recordOf } from './record-of.ts';
import { tellStep, type TellPorts } from './tell.ts';
import type { Transfer, TransferPorts, TransferResult } from './transfer/transfer.ts';
import { transferImage } from './transfer-image.ts';

export interface CopyImageInput {
  execution: string;
  deployment: string;
  digest: string;
  wait: CopyWait;
}

/** Bytes moved by this invocation; bytes that ECR had before. */
export type CopyImageOutput = { moved: number; present: number; because: string } & (
  { done: true } | { done: false; wait: CopyWait }
);

export interface CopyImagePorts extends TellPorts {
  registry: TransferPorts['registry'];
  store: TransferPorts['store'];
  copies: TransferPorts['journal'];
  journal: Journal;
  /** ms that are left of this invocation */
  remaining: () => number;
}

const gib = 2 ** 30;

const transferOf = (record: DeploymentRecord, digest: string): Transfer => {
  const name = splitImageName(record.image);
  if (record.copy === undefined || record.found === undefined || name === undefined)
    throw new DeployFailure('Unexpected', 'Copy image came before Look, or there is nothing to copy');
  const { from, alsoTag, signatures, maxImageGib, createRepository } = record.copy;
  return {
    copy: record.deployment,
    source: { repository: from.repository, digest },
    destination: { repository: name.repository, tags: [name.tag, ...alsoTag] },
    platform: record.found.platform,
    signatures,
    maxBytes: maxImageGib * gib,
    createRepository,
  };
};

const sentence = (result: TransferResult): string => {
  if (result.state === 'unavailable') return result.because;
  if (result.state === 'unsigned') return 'a signature is required, and there is none yet';
  if (result.state === 'out of time') return 'this invocation is through, the copy is not';
  return result.leftOut.length === 0
    ? 'the image is in ECR'
    : `the image is in ECR, without ${result.leftOut.join(', ')}`;
};

/** Noted once: what a repetition finds in ECR was moved before it. */
const finish = async (
  ports: Pick<CopyImagePorts, 'journal' | keyof TellPorts>,
  execution: string,
  { record, bytes }: { record: DeploymentRecord; bytes: number },
): Promise<void> => {
  const copied = record.copied ?? { bytes, at: ports.clock().toISOString() };
  if (record.copied === undefined) await ports.journal.note(record, execution, { copied });
  await tellStep(ports, record, { step: 'image copied', bytes: copied.bytes });
};

/**
 * One invocation's worth of the copy from GitLab's registry into ECR; the next one goes on where it ended. The tags come
 * last, and only while this execution holds the service's lock: another's must not be moved back. Raises what
 * transferImage and nextCopyWait raise, and LockLost.
 */
export const copyImage =
  (ports: CopyImagePorts) =>
  async ({ execution, deployment, digest, wait }: CopyImageInput): Promise<CopyImageOutput> => {
    const { registry, store, copies, journal, remaining } = ports;
    const record = await recordOf(journal, deployment);
    const transfer = transferOf(record, digest);
    const { tags } = transfer.destination;
    const beforeTags = () => journal.note(record, execution, { tagging: { tags } });
    const result = await transferImage({ registry, store, journal: copies })(transfer, { remaining, beforeTags });
    const { moved, present } = result;
    const said = { moved, present, because: sentence(result) };
    const bytes = (wait.moved ?? 0) + moved;
    if (result.state !== 'done') {
      const next = nextCopyWait(wait, { ...result, progressed: moved > 0 });
      return { done: false, wait: { ...next, moved: bytes }, ...said };
    }
    await finish(ports, execution, { record, bytes });
    return { done: true, ...said };
  };
