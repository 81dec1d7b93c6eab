import { DeployFailure } from './failure.ts';
import type { Descriptor } from './image-manifest.ts';

const mib = 2 ** 20;

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html
const maxLayer = 52_000 * mib;
const maxParts = 4_200;

const tooLarge = ({ digest, size }: Descriptor, limit: number): DeployFailure =>
  new DeployFailure('LayerTooLarge', 'a layer is larger than ECR takes', {
    facts: { layer: digest, mib: Math.ceil(size / mib), limit: limit / mib },
  });

/** Raises LayerTooLarge for a layer that ECR takes in no way. */
export const refuseTooLarge = (layer: Descriptor): void => {
  if (layer.size > maxLayer) throw tooLarge(layer, maxLayer);
};

/** Raises LayerTooLarge for a layer that has more parts of this size than ECR takes of one upload: over 42,000 MiB in parts of 10. */
export const refuseTooManyParts = (layer: Descriptor, partSize: number): void => {
  if (layer.size > maxParts * partSize) throw tooLarge(layer, maxParts * partSize);
};
