import { putSeededImage } from '../ecr/put-seeded-image.ts';
import { findImage, imageName, putRepository, repositoryNamed } from '../ecr/registry.ts';
import type { RepositorySeed } from '../registry-seeds.ts';
import type { ImageSeed } from '../seeds.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';

export const seedImage = (fleet: Fleet, seed: ImageSeed): { digest: string } => {
  const repository = repositoryNamed(fleet.registry, seed.repository, { place: fleet, at: dateOf(fleet) });
  return { digest: putSeededImage(repository, seed, dateOf(fleet)).digest };
};

export const seedRepository = (fleet: Fleet, seed: RepositorySeed): { repositoryArn: string } => ({
  repositoryArn: putRepository(fleet.registry, seed, { place: fleet, at: dateOf(fleet) }).arn,
});

/** An image that the seed of a service names and nobody put in becomes healthy after 5 s. */
export const ensureImage = (fleet: Fleet, image: string): void => {
  const name = imageName(fleet.registry, image);
  if (name === undefined) throw new Error(`The image ${image} is not of this world's registry, ${fleet.registry.host}`);
  if (findImage(fleet.registry, image) === undefined) {
    seedImage(fleet, { ...name, behaviour: { does: 'become healthy', after: 5 } });
  }
};
