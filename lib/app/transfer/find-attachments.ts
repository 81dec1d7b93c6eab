import { refused } from '../../domain/image-collection.ts';
import { manifestTypes, type Descriptor, type Manifest } from '../../domain/image-manifest.ts';
import { cosignTags, isSignature, maxAttachments, referrersTag } from '../../domain/image-signature.ts';
import { readChild } from './read-manifests.ts';
import { stopWhenLate, type Run } from './run.ts';

/** A signature, attestation, bill of materials or the list of them. */
export interface Attachment {
  digest: string;
  /** by which it is found */
  tag?: string;
  read: () => Promise<Manifest>;
}

export interface Attachments {
  /** those with a tag last: the list names those without */
  found: readonly Attachment[];
  signed: boolean;
  /** what cannot be copied, for it is no manifest */
  odd: readonly string[];
}

const isManifest = ({ mediaType }: Descriptor): boolean => (manifestTypes as readonly string[]).includes(mediaType);

const tagged = (tag: string, manifest: Manifest | undefined): Attachment[] =>
  manifest === undefined ? [] : [{ digest: manifest.digest, tag, read: () => Promise.resolve(manifest) }];

/** By the registry's referrers API; where there is none, by the list that clients keep under a tag. */
const listOf = async ({
  registry,
  transfer: { source },
}: Run): Promise<{ listed: readonly Descriptor[]; list?: Manifest }> => {
  const listed = await registry.referrers(source.repository, source.digest);
  if (listed !== undefined) return { listed };
  const list = await registry.manifest(source.repository, referrersTag(source.digest));
  return list === undefined ? { listed: [] } : { listed: list.manifests, list };
};

/** What is attached to the image as a whole. Raises ImageRefused when it is more than is copied. */
export const findAttachments = async (run: Run): Promise<Attachments> => {
  stopWhenLate(run);
  const { repository, digest } = run.transfer.source;
  const tags = cosignTags(digest);
  const cosign = [tags.signature, ...tags.others];
  const byTag = async (tag: string) => tagged(tag, await run.registry.manifest(repository, tag));
  const [{ listed, list }, ...byTags] = await Promise.all([listOf(run), ...cosign.map(byTag)]);
  const unique = [...new Map(listed.map((descriptor) => [descriptor.digest, descriptor])).values()];
  const all = byTags.flat();
  if (unique.length + all.length > maxAttachments)
    throw refused('too much is attached to the image', { attached: unique.length + all.length, limit: maxAttachments });
  const manifests = unique.filter(isManifest);
  const referrers = manifests.map((child) => ({ digest: child.digest, read: () => readChild(run, child) }));
  return {
    found: [...referrers, ...tagged(referrersTag(digest), list), ...all],
    signed: manifests.some(isSignature) || all.some(({ tag }) => tag === tags.signature),
    odd: unique.filter((descriptor) => !isManifest(descriptor)).map((descriptor) => descriptor.digest),
  };
};
