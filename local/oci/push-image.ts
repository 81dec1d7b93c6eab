import type { ImageStore } from '../../lib/ports/image-store.ts';
import type { Attached } from './attached-artifacts.ts';
import type { BuiltBlob, BuiltImage } from './build-image.ts';

async function* streamed(blob: BuiltBlob): AsyncGenerator<Buffer> {
  // One turn of the loop each: others get theirs while a large layer is made.
  for (const chunk of blob.bytes()) yield await Promise.resolve(chunk);
}

const pushBlobs = async (store: ImageStore, repository: string, blobs: readonly BuiltBlob[]): Promise<void> => {
  const there = await store.available(
    repository,
    blobs.map(({ digest }) => digest),
  );
  const missing = blobs.filter(({ digest }) => !there.has(digest));
  await Promise.all(missing.map((blob) => store.putBlob(repository, blob, streamed(blob))));
};

type Put = Parameters<ImageStore['putManifest']>;

const putOrFail = async (store: ImageStore, ...put: Put): Promise<void> => {
  const came = await store.putManifest(...put);
  if (came !== 'put') throw new Error(`push to ${put[0]}: ${came}`);
};

/** Pushes an image over HTTP as CI does: blobs that are missing, children, then the image by its tag, then what is about it. */
export const pushImage = async (
  store: ImageStore,
  to: { repository: string; tag?: string },
  { image, attached = [] }: { image: BuiltImage; attached?: readonly Attached[] },
): Promise<void> => {
  const { repository, tag } = to;
  await pushBlobs(store, repository, image.blobs);
  await Promise.all(image.children.map((child) => putOrFail(store, repository, child)));
  await putOrFail(store, repository, image.main, tag);
  for (const one of attached) {
    await pushBlobs(store, repository, one.blobs);
    await putOrFail(store, repository, one.manifest, one.tag);
  }
};
