import type { RuntimePlatform } from '@aws-sdk/client-ecs';
import type { Platform } from '../../../lib/domain/image-manifest.ts';
import type { ImageBehaviour } from '../seeds.ts';
import type { Child } from './read-manifest.ts';
import type { Found } from './registry.ts';
import type { Image, Repository } from './repository.ts';

/**
 * What the image does on this platform (default: Linux on amd64): of an index the image for it, as containerd chooses
 * it. Where there is none the pull fails; an image that stands alone is pulled unseen, and its program is none there.
 */
export const runsAs = ({ repository, image }: Found, wanted: RuntimePlatform | undefined): ImageBehaviour => {
  const platform = platformOf(wanted);
  const own = chosen(repository, image, platform);
  if (own === undefined) {
    const name = `${platform.os}/${platform.architecture}`;
    const reason = `CannotPullContainerError: pull image manifest has been retried 5 time(s): image Manifest does not contain descriptor matching platform '${name}'`;
    return { does: 'fail to start', reason };
  }
  return own.platform === undefined || isSame(own.platform, platform) ? own.behaviour : NO_PROGRAM;
};

/** `exec format error` */
const NO_PROGRAM: ImageBehaviour = { does: 'exit', code: 1, after: 1 };

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html */
const platformOf = (wanted: RuntimePlatform | undefined): Platform => ({
  os: wanted?.operatingSystemFamily?.startsWith('WINDOWS') === true ? 'windows' : 'linux',
  architecture: wanted?.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
});

const isSame = (one: Pick<Child, 'os' | 'architecture'>, other: Platform): boolean =>
  one.os === other.os && one.architecture === other.architecture;

/** The image itself, or the first one for the platform in the index and in those that it names. */
const chosen = (repository: Repository, image: Image, platform: Platform): Image | undefined => {
  if (image.parts.config !== undefined) return image;
  for (const child of image.parts.children) {
    const named = repository.images.get(child.digest);
    const isCandidate = isSame(child, platform) || isIndex(named);
    const found = named !== undefined && isCandidate ? chosen(repository, named, platform) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
};

const isIndex = (image: Image | undefined): boolean => (image?.parts.children.length ?? 0) > 0;
