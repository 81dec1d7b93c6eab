import { planTransfer } from '../lib/app/transfer/plan-transfer.ts';
import type { Run } from '../lib/app/transfer/run.ts';
import type { Transfer } from '../lib/app/transfer/transfer.ts';
import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { DeployFailure } from '../lib/domain/failure.ts';
import { bytesOf } from '../lib/domain/image-collection.ts';
import { splitImageName } from '../lib/domain/image-reference.ts';
import type { ImageStore } from '../lib/ports/image-store.ts';
import type { Registry } from '../lib/ports/registry.ts';

/** What copying the image would take. */
export interface PlannedCopy {
  /** the ECR repository */
  repository: string;
  tags: readonly string[];
  /** bytes of layers and configs that ECR does not have yet; 0 when only tags are missing, or nothing */
  bytes: number;
  /** whether the repository would be made */
  createsRepository: boolean;
  signed: boolean;
}

const gib = 2 ** 30;

/** As Copy image asks for it. */
const transferOf = (
  record: DeploymentRecord,
  copy: NonNullable<DeploymentRecord['copy']>,
  digest: string,
): Transfer => ({
  copy: record.deployment,
  source: { repository: copy.from.repository, digest },
  destination: {
    repository: copy.repository,
    tags: [splitImageName(record.image)?.tag ?? '', ...copy.alsoTag],
  },
  ...(record.found === undefined ? {} : { platform: record.found.platform }),
  signatures: copy.signatures,
  maxBytes: copy.maxImageGib * gib,
  createRepository: copy.createRepository,
});

const missingBytes = async (run: Run, blobs: Awaited<ReturnType<typeof planTransfer>>['collection']['blobs']) => {
  if (blobs.size === 0) return 0;
  const there = await run.store.available(run.transfer.destination.repository, [...blobs.keys()]);
  return bytesOf([...blobs.values()].filter(({ digest }) => !there.has(digest)));
};

/** Raises what Copy image would raise before its first write, SignatureMissing included. */
export const planCopy = async (
  { registry, store }: { registry: Registry; store: ImageStore },
  record: DeploymentRecord,
  digest: string,
): Promise<PlannedCopy | undefined> => {
  const { copy } = record;
  if (copy === undefined) return undefined;
  const transfer = transferOf(record, copy, digest);
  const never = () => Promise.reject(new Error('a plan writes nothing'));
  const journal = { begin: never, layers: never, uploads: never, save: never, forget: never };
  const run: Run = { registry, store, journal, transfer, late: () => false, count: { moved: 0, present: 0 } };
  const plan = await planTransfer(run);
  if (copy.signatures === 'required' && !plan.signed)
    throw new DeployFailure('SignatureMissing', 'a signature is required, and there is none');
  const { blobs } = plan.collection;
  const bytes = plan.repositoryMissing ? bytesOf(blobs.values()) : await missingBytes(run, blobs);
  const { tags } = transfer.destination;
  return { repository: copy.repository, tags, bytes, createsRepository: plan.repositoryMissing, signed: plan.signed };
};
