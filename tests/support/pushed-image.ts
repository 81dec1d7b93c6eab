import type { ImageCause } from '../../lib/domain/cause.ts';
import type { Clock } from '../../local/clock.ts';
import type { ImageBehaviour } from '../../local/fleet/seeds.ts';
import type { ControlInput } from '../../local/gitlab/control-inputs.ts';
import type { Gitlab } from '../../local/gitlab/server.ts';
import { project } from './samples.ts';

/** An image to be pushed, with a tag. */
export type PushedImage = Omit<ControlInput<'pushImage'>, 'behaviour'> & { tag: string };

let pushes = 0;

/** Pushes to the repository that `imageTarget()` waits for; the cause that the registry's notification would be. */
export const pushImage = async (
  { gitlab, clock }: { gitlab: Gitlab; clock: Clock },
  behaviour: ImageBehaviour,
  more: Partial<PushedImage>,
): Promise<ImageCause> => {
  const image = { repository: 'acme/web/app', tag: 'v1', ...more };
  const { digest } = await gitlab.control.pushImage({ ...image, behaviour });
  const pushedAt = new Date(clock.now()).toISOString();
  pushes += 1;
  const event = `push-${pushes}`;
  return { kind: 'image', project, repository: image.repository, tag: image.tag, digest, event, pushedAt };
};
