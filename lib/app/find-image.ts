import { DeployFailure } from '../domain/failure.ts';
import type { SoughtImage } from '../domain/image-reference.ts';
import { nextTry, type UnreachableWait } from '../domain/unreachable.ts';
import type { Images } from '../ports/images.ts';
import type { Registry } from '../ports/registry.ts';
import { askRegistry } from './asked.ts';

export interface FindImageInput {
  deployment: string;
  image: SoughtImage;
  /** whether it can be copied into ECR */
  copy: boolean;
  wait: UnreachableWait;
}

/** `copy`: whether it is to be copied. */
export type FindImageOutput =
  { done: true; digest: string; copy: boolean } | { done: false; wait: UnreachableWait; because: string };

export interface FindImagePorts {
  images: Images;
  registry: Pick<Registry, 'digestOf'>;
  /** the host of this account's ECR; every other image is in GitLab's registry */
  ecr: string;
}

const missing = (where: string, { repository, tag }: SoughtImage): DeployFailure =>
  new DeployFailure('ImageMissing', `${where} has no image of this name`, { facts: { repository, tag } });

/** An image that was deployed before: it is copied only if ECR has lost it, so that going back needs no GitLab. */
const findAgain = async (
  images: Images,
  image: SoughtImage & { digest: string },
  copy: boolean,
): Promise<FindImageOutput> => {
  const { repository, digest } = image;
  const isThere = await images.has(repository, digest);
  if (!isThere && !copy) throw missing('ECR', image);
  return { done: true, digest, copy: !isThere };
};

/**
 * Tag → digest, once and before any waiting for others, because tags move: from here on everything is by digest. A pushed
 * image's is known since Confirm, and so is that of an image which was deployed before. Raises ImageMissing, RegistryRefused, and RegistryUnavailable after thirty minutes
 * without an answer.
 */
export const findImage =
  ({ images, registry, ecr }: FindImagePorts) =>
  async ({ image, copy, wait }: FindImageInput): Promise<FindImageOutput> => {
    const { host, repository, tag, digest } = image;
    if (digest !== undefined)
      return host === ecr ? findAgain(images, { ...image, digest }, copy) : { done: true, digest, copy };
    const holder = host === ecr ? images : registry;
    const answer = await askRegistry(() => holder.digestOf(repository, tag));
    if (answer.state === 'unavailable') {
      const { failure } = answer;
      return { done: false, wait: nextTry(wait.unreachable, failure), because: failure.because };
    }
    if (answer.value !== undefined) return { done: true, digest: answer.value, copy };
    throw missing(host === ecr ? 'ECR' : "GitLab's registry", image);
  };
