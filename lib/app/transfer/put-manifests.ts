import { DeployFailure } from '../../domain/failure.ts';
import { blobsNamed } from '../../domain/image-collection.ts';
import type { Manifest } from '../../domain/image-manifest.ts';
import type { Stored } from '../../ports/image-store.ts';
import type { Bundle, TransferPlan } from './plan-transfer.ts';
import { stopWhenLate, type Run } from './run.ts';

type Put = 'put' | 'incomplete' | 'tag taken';

export const tagTaken = (tag: string): DeployFailure =>
  new DeployFailure('TagTaken', 'the tag is immutable in ECR, and names another image', { facts: { tag } });

const put = async (run: Run, manifest: Manifest, tag?: string): Promise<Put> => {
  stopWhenLate(run);
  return run.store.putManifest(run.transfer.destination.repository, manifest, tag);
};

interface There {
  digests: Set<string>;
  tags: Stored['tags'];
}

const putBundle = async (run: Run, { manifests, tag }: Bundle, there: There): Promise<Put> => {
  for (const manifest of manifests) {
    const { digest } = manifest;
    const own = manifest === manifests.at(-1) ? tag : undefined;
    if (there.digests.has(digest) && (own === undefined || there.tags.get(own) === digest)) continue;
    const answer = await put(run, manifest, own);
    if (answer !== 'put') return answer;
    there.digests.add(digest);
  }
  return 'put';
};

/**
 * Puts the image by its digest, then what is attached to it, but for what names a missing blob. The answer is what had to be left
 * out, or `incomplete` when ECR has lost something of it. Raises TagTaken when a signature is required.
 */
export const putManifests = async (
  run: Run,
  { image, attachments }: TransferPlan,
  { stored, missing }: { stored: Stored; missing: ReadonlySet<string> },
): Promise<'incomplete' | string[]> => {
  const there = { digests: new Set(stored.digests), tags: stored.tags };
  if ((await putBundle(run, image, there)) === 'incomplete') return 'incomplete';
  const leftOut: string[] = [];
  for (const attachment of attachments) {
    const lacks = [...blobsNamed(attachment.manifests)].some((digest) => missing.has(digest));
    const answer = lacks ? 'lacks a blob' : await putBundle(run, attachment, there);
    if (answer === 'incomplete') return answer;
    const name = attachment.tag ?? attachment.manifests.at(-1)?.digest ?? '';
    if (answer === 'tag taken' && run.transfer.signatures === 'required') throw tagTaken(name);
    if (answer !== 'put') leftOut.push(name);
  }
  return leftOut;
};

/** Gives the image its tags, in order. Raises TagTaken. */
export const putTags = async (run: Run, root: Manifest, tags: readonly string[]): Promise<void> => {
  for (const tag of tags) {
    const answer = await put(run, root, tag);
    if (answer === 'tag taken') throw tagTaken(tag);
    if (answer === 'incomplete') throw new DeployFailure('AwsUnavailable', 'ECR has lost something of the image');
  }
};
