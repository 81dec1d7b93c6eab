import type { ImageCause } from './cause.ts';
import type { PlannedDeployment } from './plan-deployments.ts';
import { matchesPattern, type Target, type Trigger } from './target.ts';

/** An image that was pushed with a tag, as the registry told of it. */
export type ImagePush = Omit<ImageCause, 'kind' | 'project'>;

/** What a registry's hook says. `unreadable`: for each event that could not be read, why. */
export interface PushedImages {
  pushes: readonly ImagePush[];
  unreadable: readonly string[];
}

// cosign's tags, and the tag by which referrers are found where the registry has no API for them
const besideAnImage = /^sha256-[0-9a-f]{64}(\.\w+)?$/;

/** Why this image does not fit the target's trigger, or undefined when it does. */
export const imageMisfit = (
  trigger: Trigger,
  { repository, tag }: { repository: string; tag: string },
): string | undefined => {
  if (trigger.kind !== 'image') return 'the target waits for no image';
  if (trigger.repository !== repository) return "the image is another repository's";
  if (besideAnImage.test(tag)) return 'it is no image, but tells of one';
  return matchesPattern(trigger.tag, tag) ? undefined : 'its tag is another';
};

/** Which targets these pushes ask to deploy. Confirm asks the registry and GitLab, by the same rules. */
export const planImages = (pushes: readonly ImagePush[], targets: readonly Target[]): PlannedDeployment<ImageCause>[] =>
  pushes.flatMap((push) =>
    targets
      .filter(({ on }) => imageMisfit(on, push) === undefined)
      .map((target) => ({ target, cause: { kind: 'image', project: target.project, ...push } })),
  );
