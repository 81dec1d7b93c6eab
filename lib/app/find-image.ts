import { DeployFailure } from '../domain/failure.ts';
import type { SoughtImage } from '../domain/image-reference.ts';
import { nextTry, type UnreachableWait } from '../domain/unreachable.ts';
import type { Images } from '../ports/images.ts';
import type { Registry } from '../ports/registry.ts';
import { askRegistry } from './asked.ts';

export interface FindImageInput {
  deployment: string;
  image: SoughtImage;
  wait: UnreachableWait;
}

export type FindImageOutput = { done: true; digest: string } | { done: false; wait: UnreachableWait; because: string };

export interface FindImagePorts {
  images: Images;
  registry: Pick<Registry, 'digestOf'>;
  /** the host of this account's ECR; every other image is in GitLab's registry */
  ecr: string;
}

/**
 * Tag → digest, once and before any waiting for others, because tags move: from here on everything is by digest. A pushed
 * image's is known since Confirm. Raises ImageMissing, RegistryRefused, and RegistryUnavailable after thirty minutes
 * without an answer.
 */
export const findImage =
  ({ images, registry, ecr }: FindImagePorts) =>
  async ({ image, wait }: FindImageInput): Promise<FindImageOutput> => {
    const { host, repository, tag } = image;
    if (image.digest !== undefined) return { done: true, digest: image.digest };
    const holder = host === ecr ? images : registry;
    const answer = await askRegistry(() => holder.digestOf(repository, tag));
    if (answer.state === 'unavailable') {
      const { failure } = answer;
      return { done: false, wait: nextTry(wait.unreachable, failure), because: failure.because };
    }
    if (answer.value !== undefined) return { done: true, digest: answer.value };
    const where = host === ecr ? 'ECR' : "GitLab's registry";
    throw new DeployFailure('ImageMissing', `${where} has no image of this name`, { facts: { repository, tag } });
  };
