import type { RepositoryView } from '../registry-seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import { findRepository } from './find-repository.ts';
import type { Layer, Repository } from './repository.ts';
import type { Upload } from './upload.ts';
import { beginsAlike, isOpen } from './uploads.ts';

/** The repository as tests and people read it. Raises RepositoryNotFoundException. */
export const repositoryView = (fleet: Fleet, repositoryName: string): RepositoryView => {
  const repository = findRepository(fleet, { repositoryName });
  const { name, settings, images, layers, uploads, bytesReceived } = repository;
  return {
    name,
    imageTagMutability: settings.imageTagMutability,
    images: [...images.values()].map(({ digest, mediaType, tags }) => ({ digest, mediaType, tags: [...tags] })),
    layers: [...layers.values()].map((layer) => ({
      digest: layer.digest,
      size: layer.size,
      bytesReceived: receivedFor(repository, layer),
    })),
    uploads: [...uploads.values()].filter((upload) => isOpen(fleet, upload)).map(uploadView),
    bytesReceived,
  };
};

/** An upload says only at its end what it was of; how it begins tells it of those that never came to theirs, too. */
const receivedFor = ({ uploads }: Repository, { content }: Layer): number =>
  [...uploads.values()]
    .filter(({ head }) => content !== undefined && beginsAlike(head, content))
    .reduce((total, { bytesReceived }) => total + bytesReceived, 0);

const uploadView = ({ id, startedAt, parts, size, bytesReceived }: Upload): RepositoryView['uploads'][number] => ({
  uploadId: id,
  startedAt: new Date(startedAt).toISOString(),
  parts: parts.length,
  size,
  bytesReceived,
});
