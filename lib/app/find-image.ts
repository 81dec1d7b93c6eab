import { DeployFailure } from '../domain/failure.ts';
import type { TaggedImage } from '../domain/image-reference.ts';
import type { Images } from '../ports/images.ts';

/**
 * Tag → digest, once and before any waiting, because tags move: from here on everything is by digest.
 * Raises ImageMissing.
 */
export const findImage =
  ({ images }: { images: Images }) =>
  async ({ image }: { deployment: string; image: TaggedImage }): Promise<{ digest: string }> => {
    const digest = await images.digestOf(image.repository, image.tag);
    if (digest !== undefined) return { digest };
    throw new DeployFailure('ImageMissing', 'ECR has no image of this name', {
      facts: { repository: image.repository, tag: image.tag },
    });
  };
