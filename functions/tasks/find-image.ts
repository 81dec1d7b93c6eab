import { findImage } from '../../lib/app/find-image.ts';
import { imageRegistry } from '../../lib/runtime/config.ts';
import { task } from '../../lib/runtime/task.ts';
import { images } from '../../lib/runtime/wiring/images.ts';
import { registryAskedOnce } from '../../lib/runtime/wiring/registry.ts';

/** Which digest does the tag name now? */
export const handler = task(
  'find-image',
  findImage({ images: images(), registry: registryAskedOnce(), ecr: imageRegistry() }),
);
