import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  type ECRClient,
  type ImageIdentifier,
  type InvalidLayerPartException,
} from '@aws-sdk/client-ecr';
import { DeployFailure } from '../../domain/failure.ts';
import { manifestTypes, type RawManifest } from '../../domain/image-manifest.ts';
import type { ImageStore, PartAnswer, Stored, Upload } from '../../ports/image-store.ts';
import { awsCall, isAwsError } from './aws-call.ts';
import { layerPartUpload } from './layer-part-upload.ts';

// What ECR takes in one call: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_BatchCheckLayerAvailability.html
const mostAtOnce = 100;
/** The part size that ECR asks for; a blob of no more is one part, mostly. */
const onePart = 10 * 1024 * 1024;

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / mostAtOnce) }, (_, index) =>
    items.slice(index * mostAtOnce, (index + 1) * mostAtOnce),
  );

/** Runs one call; the errors named in `meanings` are answers. */
const call = async <T, M = never>(
  operation: string,
  act: () => Promise<T>,
  meanings: Record<string, (error: unknown) => M> = {},
): Promise<T | M> => {
  try {
    return await awsCall(operation, act, ['RepositoryNotFoundException', ...Object.keys(meanings)]);
  } catch (error) {
    const name = (error as { name?: string }).name ?? '';
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined;
    if (meaning !== undefined) return meaning(error);
    if (!isAwsError(error, 'RepositoryNotFoundException')) throw error;
    throw new DeployFailure('RepositoryMissing', 'ECR has no such repository');
  }
};

const available = async (client: ECRClient, repositoryName: string, digests: readonly string[]) => {
  const there = new Set<string>();
  for (const layerDigests of chunksOf(digests)) {
    const command = new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests });
    const { layers = [] } = await call('BatchCheckLayerAvailability', () => client.send(command));
    for (const { layerDigest, layerAvailability } of layers)
      if (layerAvailability === 'AVAILABLE' && layerDigest !== undefined) there.add(layerDigest);
  }
  return there;
};

const startUpload = async (client: ECRClient, repositoryName: string): Promise<Upload> => {
  const command = new InitiateLayerUploadCommand({ repositoryName });
  const { uploadId = '', partSize = onePart } = await call('InitiateLayerUpload', () => client.send(command));
  return { uploadId, partSize };
};

type SendPart = ReturnType<typeof layerPartUpload>;

/** An offset that ECR does not expect is answered with the last byte that it has: the way to resume. */
const uploadPart = (
  send: SendPart,
  { repositoryName, uploadId }: { repositoryName: string; uploadId: string },
  { first, bytes }: { first: number; bytes: Buffer },
): Promise<PartAnswer> => {
  const partLastByte = first + bytes.length - 1;
  const head = { repositoryName, uploadId, partFirstByte: first, partLastByte };
  const taken = (): PartAnswer => ({ state: 'taken' });
  return call<PartAnswer, PartAnswer>('UploadLayerPart', () => send(head, bytes).then(taken), {
    InvalidLayerPartException: (error) => {
      const { lastValidByteReceived = -1 } = error as InvalidLayerPartException;
      return { state: 'expected', next: lastValidByteReceived + 1 };
    },
    UploadNotFoundException: () => ({ state: 'gone' }),
  });
};

const completeUpload = (
  client: ECRClient,
  { repositoryName, uploadId }: { repositoryName: string; uploadId: string },
  digest: string,
): Promise<'complete' | 'gone' | 'mismatch'> => {
  const command = new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] });
  return call('CompleteLayerUpload', () => client.send(command).then(() => 'complete' as const), {
    LayerAlreadyExistsException: () => 'complete' as const,
    UploadNotFoundException: () => 'gone' as const,
    InvalidLayerException: () => 'mismatch' as const,
  });
};

const stored = async (client: ECRClient, repositoryName: string, imageIds: ImageIdentifier[]): Promise<Stored> => {
  const found = { digests: new Set<string>(), tags: new Map<string, string>() };
  for (const some of chunksOf(imageIds)) {
    const input = { repositoryName, imageIds: some, acceptedMediaTypes: [...manifestTypes] };
    const { images = [] } = await call('BatchGetImage', () => client.send(new BatchGetImageCommand(input)));
    for (const { imageId: { imageDigest, imageTag } = {} } of images) {
      if (imageDigest === undefined) continue;
      found.digests.add(imageDigest);
      if (imageTag !== undefined) found.tags.set(imageTag, imageDigest);
    }
  }
  return found;
};

type Put = Awaited<ReturnType<ImageStore['putManifest']>>;

const putManifest = (
  client: ECRClient,
  repositoryName: string,
  { manifest, tag }: { manifest: RawManifest; tag: string | undefined },
): Promise<Put | 'tag exists'> => {
  const command = new PutImageCommand({
    repositoryName,
    imageManifest: manifest.bytes.toString(),
    imageManifestMediaType: manifest.mediaType,
    // ECR holds the bytes against it
    imageDigest: manifest.digest,
    ...(tag === undefined ? {} : { imageTag: tag }),
  });
  return call<Put | 'tag exists', Put | 'tag exists'>('PutImage', () => client.send(command).then(() => 'put'), {
    ImageAlreadyExistsException: () => 'put',
    ImageTagAlreadyExistsException: () => 'tag exists',
    LayersNotFoundException: () => 'incomplete',
    ReferencedImagesNotFoundException: () => 'incomplete',
  });
};

const createRepository = async (client: ECRClient, repositoryName: string): Promise<void> => {
  const settings = { imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } } as const;
  const command = new CreateRepositoryCommand({ repositoryName, ...settings });
  await call('CreateRepository', () => client.send(command), { RepositoryAlreadyExistsException: () => undefined });
};

const collected = async (size: number, chunks: AsyncIterable<Buffer>): Promise<Buffer> => {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  for await (const chunk of chunks) length += chunk.copy(bytes, length);
  return bytes.subarray(0, length);
};

/** One upload from its start to its end, in parts of the size that ECR asks for. */
const uploadBlob = async (
  { client, send }: { client: ECRClient; send: SendPart },
  repositoryName: string,
  { digest, bytes }: { digest: string; bytes: Buffer },
): Promise<'complete' | 'gone' | 'mismatch'> => {
  const { uploadId, partSize } = await startUpload(client, repositoryName);
  for (let first = 0; first < bytes.length; first += partSize) {
    const part = { first, bytes: bytes.subarray(first, first + partSize) };
    const { state } = await uploadPart(send, { repositoryName, uploadId }, part);
    if (state === 'gone') return state;
  }
  return completeUpload(client, { repositoryName, uploadId }, digest);
};

/**
 * This account's ECR, by its own API: unlike `/v2` it tells, in any later process, the byte that it has come to.
 * `oneGo`: a blob of so many bytes is sent by one call of putBlob.
 * https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UploadLayerPart.html
 */
export const ecrImageStore = (
  client: ECRClient,
  oneGo = onePart,
  send: SendPart = layerPartUpload(client),
): ImageStore => ({
  oneGo,
  available: (repository, digests) => available(client, repository, digests),
  putBlob: async (repositoryName, { digest, size }, chunks) => {
    const bytes = await collected(size, chunks);
    const done = await uploadBlob({ client, send }, repositoryName, { digest, bytes });
    // Gone also when the answer to a first try was lost: then the blob is there.
    if (done === 'complete' || (await available(client, repositoryName, [digest])).has(digest)) return;
    throw new DeployFailure('AwsUnavailable', 'ECR lost an upload under way');
  },
  startUpload: (repository) => startUpload(client, repository),
  uploadPart: (repositoryName, { uploadId }, part) => uploadPart(send, { repositoryName, uploadId }, part),
  completeUpload: (repositoryName, { uploadId }, digest) =>
    completeUpload(client, { repositoryName, uploadId }, digest),
  stored: (repository, { digests, tags }) =>
    stored(client, repository, [
      ...digests.map((imageDigest) => ({ imageDigest })),
      ...tags.map((imageTag) => ({ imageTag })),
    ]),
  putManifest: async (repository, manifest, tag) => {
    const put = await putManifest(client, repository, { manifest, tag });
    if (put !== 'tag exists' || tag === undefined) return put === 'tag exists' ? 'put' : put;
    const { tags } = await stored(client, repository, [{ imageTag: tag }]);
    return tags.get(tag) === manifest.digest ? 'put' : 'tag taken';
  },
  createRepository: (repository) => createRepository(client, repository),
});
