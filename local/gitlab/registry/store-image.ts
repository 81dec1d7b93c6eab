import { isDigest, type RawManifest } from '../../../lib/domain/image-manifest.ts';
import { cosignSignature, fallbackIndex, referrerOf, type Attached } from '../../oci/attached-artifacts.ts';
import { buildImage, type BuiltBlob, type ImageSpec } from '../../oci/build-image.ts';
import type { Happening } from '../../oci/oci-call.ts';
import type { GitlabWorld } from '../world.ts';
import type { ContainerRegistry } from './container-registry.ts';
import { projectOfRepository } from './registry-users.ts';

/** What is written to, and who hears of it. */
export interface Storing {
  world: GitlabWorld;
  registry: Pick<ContainerRegistry, 'content' | 'settings' | 'tell'>;
}

/** An image that is to be there at once, as if CI had pushed it. */
export interface StoredSpec extends ImageSpec {
  repository: string;
  tag?: string | undefined;
  signature?: boolean | undefined;
  referrer?: boolean | undefined;
}

export interface StoredImage {
  /** of the image or index that the tag names */
  digest: string;
  mediaType: string;
  /** its children, then itself, then signature and artifact: digests in the order of their push */
  manifests: string[];
  /** every blob of it */
  blobs: { digest: string; size: number }[];
}

/** Told as if a job had pushed it by docker. */
const tell = ({ world, registry }: Storing, happening: Happening): void => {
  const method = happening.action === 'delete' ? 'DELETE' : 'PUT';
  const host = world.instance.registryHost;
  const request = { id: world.ids.uuid(), addr: '127.0.0.1:40000', host, method, useragent: 'docker/28.5.1' };
  registry.tell(happening, {
    request,
    actor: { name: 'gitlab-ci-token', user_type: 'build', user: 'eyJhbGciOiJIUzI1NiJ9' },
  });
};

/** What is there already is not pushed again, as no client does. */
const putBlobs = (storing: Storing, repository: string, blobs: readonly BuiltBlob[]): void => {
  const { content } = storing.registry;
  for (const { digest, size, bytes } of blobs) {
    if (content.blob(repository, digest) !== undefined) continue;
    content.putBlob(repository, digest, Buffer.concat([...bytes()], size));
    tell(storing, { action: 'push', repository, mediaType: 'application/octet-stream', digest, size });
  }
};

/** A manifest, and its event. */
export const putManifest = (
  storing: Storing,
  repository: string,
  { manifest, tag }: { manifest: RawManifest; tag?: string | undefined },
): void => {
  const { mediaType, digest, bytes } = manifest;
  storing.registry.content.putManifest(repository, manifest, tag);
  const tagged = tag === undefined ? {} : { tag };
  tell(storing, { action: 'push', repository, mediaType, digest, size: bytes.length, ...tagged });
};

const attachedTo = (main: RawManifest, spec: StoredSpec, referrersApi: boolean): Attached[] => {
  const referrer = referrerOf(main);
  return [
    ...(spec.signature === true ? [cosignSignature(main)] : []),
    ...(spec.referrer === true ? [referrer] : []),
    ...(spec.referrer === true && !referrersApi ? [fallbackIndex(main, referrer)] : []),
  ];
};

/** Puts an image into the registry's content, with the events of its push. Fails when no project has the repository. */
export const storeImage = (storing: Storing, spec: StoredSpec): StoredImage => {
  const { repository, tag } = spec;
  if (projectOfRepository(storing.world, repository) === undefined) {
    throw new Error(`no project has the repository ${repository}`);
  }
  const { main, children, blobs } = buildImage(spec);
  const attached = attachedTo(main, spec, storing.registry.settings.referrersApi);
  putBlobs(storing, repository, blobs);
  for (const manifest of children) putManifest(storing, repository, { manifest });
  putManifest(storing, repository, { manifest: main, tag });
  for (const one of attached) {
    putBlobs(storing, repository, one.blobs);
    putManifest(storing, repository, one);
  }
  const all = [...children, main, ...attached.map(({ manifest }) => manifest)];
  return {
    digest: main.digest,
    mediaType: main.mediaType,
    manifests: all.map(({ digest }) => digest),
    blobs: [...blobs, ...attached.flatMap((one) => one.blobs)].map(({ digest, size }) => ({ digest, size })),
  };
};

/** Deletes an image by digest, or a tag, with the events of it. */
export const deleteImage = (storing: Storing, repository: string, reference: string): void => {
  const { content } = storing.registry;
  const tags = [...content.tags(repository)].filter(([tag, digest]) => [tag, digest].includes(reference));
  if (!content.deleteManifest(repository, reference)) throw new Error(`there is no ${repository} ${reference}`);
  if (isDigest(reference)) tell(storing, { action: 'delete', repository, digest: reference });
  for (const [tag] of tags) tell(storing, { action: 'delete', repository, tag });
};
