import type { FailureName } from '../../../lib/domain/failure.ts';
import type { RegistryFault } from '../../../local/gitlab/registry/registry-faults.ts';
import { below } from '../cuts/random-image.ts';
import { destination, source, type WireWorld } from './wire-world.ts';

/** What is wrong for good in a run's world, and the name that its copy must end by therefore. */
export interface Trouble {
  name: FailureName;
  plant: (world: WireWorld) => unknown;
}

const biggest = ({ content }: WireWorld): string => content.layers[0]?.slice('sha256:'.length) ?? '';

/** Each answer for the biggest layer, wherever it lies. */
const spoilLayer = (world: WireWorld, fault: RegistryFault): Promise<null> => {
  const route = world.layersAtStorage ? `GET /docker/**${biggest(world)}/data` : `GET /v2/**${biggest(world)}`;
  return world.gitlab.control.setRegistryFault({ route, rate: 1, fault });
};

const spoilRegistry = ({ gitlab }: WireWorld, fault: RegistryFault): Promise<null> =>
  gitlab.control.setRegistryFault({ route: 'GET /v2/**', rate: 1, fault });

const refuse = ({ ecr }: WireWorld, operation: string): Promise<void> =>
  ecr.addFault({ operation, rate: 1, fault: { kind: 'refuse', code: 'AccessDeniedException', message: 'no' } });

const takeTag = ({ world }: WireWorld): void => {
  world.putRepository({ name: destination, imageTagMutability: 'IMMUTABLE' });
  world.putImage({ repository: destination, tag: 'v1', behaviour: { does: 'never become healthy' } });
};

/** All of them are there before the copy begins, and come before whatever passes. */
const troubles: readonly Trouble[] = [
  {
    name: 'ImageMissing',
    plant: ({ gitlab, content }) => gitlab.control.deleteImage({ repository: source, reference: content.root }),
  },
  { name: 'ImageRefused', plant: (world) => spoilLayer(world, { kind: 'wrong bytes' }) },
  { name: 'ImageRefused', plant: (world) => spoilLayer(world, { kind: 'other length', by: 1, undeclared: true }) },
  { name: 'ImageRefused', plant: (world) => spoilLayer(world, { kind: 'other length', by: -1 }) },
  {
    name: 'RegistryRefused',
    plant: (world) => spoilRegistry(world, { kind: 'challenge', realm: `${world.elsewhere.url}/jwt/auth` }),
  },
  {
    name: 'RegistryRefused',
    plant: ({ login }) => {
      login.password = `not-${login.password}`;
    },
  },
  { name: 'RegistryUnavailable', plant: (world) => spoilRegistry(world, { kind: 'error', status: 502 }) },
  {
    name: 'PlatformMissing',
    plant: (world) => {
      world.transfer.platform = { os: 'windows', architecture: 'amd64' };
    },
  },
  {
    name: 'RepositoryMissing',
    plant: (world) => {
      world.transfer.destination.repository = 'nowhere';
      world.transfer.createRepository = false;
    },
  },
  { name: 'TagTaken', plant: takeTag },
  { name: 'AwsRefused', plant: (world) => refuse(world, 'UploadLayerPart') },
  { name: 'AwsRefused', plant: (world) => refuse(world, 'PutImage') },
  {
    name: 'AwsUnavailable',
    plant: ({ ecr }) => ecr.addFault({ operation: 'PutImage', rate: 1, fault: { kind: 'server error' } }),
  },
];

/** One run in eight has one. */
export const randomTrouble = async (world: WireWorld): Promise<Trouble | undefined> => {
  const trouble = troubles[below(world.random, 8 * troubles.length)];
  await trouble?.plant(world);
  return trouble;
};
