import { DeployFailure } from './failure.ts';
import type { Descriptor, Platform } from './image-manifest.ts';

const text = ({ os, architecture }: Platform): string => `${os}/${architecture}`;

/** The platforms that an index names. BuildKit's attestations say `unknown/unknown`. */
export const platformsOf = (children: readonly Descriptor[]): Platform[] =>
  children.flatMap(({ platform }) => (platform === undefined ? [] : [platform]));

/** The platform that an image's config names; undefined when it is no image's. https://github.com/opencontainers/image-spec/blob/main/config.md */
export const platformIn = (config: Buffer): Platform | undefined => {
  try {
    const { os, architecture } = JSON.parse(config.toString()) as Partial<Record<keyof Platform, unknown>>;
    return typeof os === 'string' && typeof architecture === 'string' ? { os, architecture } : undefined;
  } catch {
    return undefined;
  }
};

/** Variants are not told apart: ECS has none. Raises PlatformMissing. */
export const mustRunOn = (needed: Platform, found: readonly Platform[]): void => {
  const platforms = [...new Set(found.map(text))];
  if (platforms.includes(text(needed))) return;
  throw new DeployFailure('PlatformMissing', 'the image has no variant for what the tasks run on', {
    facts: { needed: text(needed), platforms: platforms.filter((name) => name !== 'unknown/unknown').slice(0, 20) },
  });
};
