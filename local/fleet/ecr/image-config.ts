import { z } from 'zod';
import type { Platform } from '../../../lib/domain/image-manifest.ts';
import type { ImageBehaviour } from '../seeds.ts';
import { imageBehaviour } from '../wire/control-schemas.ts';
import type { Layer } from './repository.ts';

/** What an image's config says, as far as it matters here: https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  readonly platform: Platform | undefined;
  readonly behaviour: ImageBehaviour;
}

/** The label under which a config says what the image does once it runs: an ImageBehaviour as JSON text. */
const LABEL = 'rehearsal.behaviour';

const HEALTHY: ImageBehaviour = { does: 'become healthy', after: 5 };

const config = z.object({
  os: z.string().optional(),
  architecture: z.string().optional(),
  config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** Without a label it becomes healthy after 5 s; with one that is no behaviour it fails to start and says why. */
export const imageConfig = (layer: Layer | undefined): ImageConfig => {
  const said = config.safeParse(jsonIn(layer?.content)).data;
  if (said === undefined) return { platform: undefined, behaviour: HEALTHY };
  const { os, architecture } = said;
  return {
    platform: os === undefined || architecture === undefined ? undefined : { os, architecture },
    behaviour: labelled(said.config?.Labels?.[LABEL]),
  };
};

const labelled = (label: string | undefined): ImageBehaviour => {
  if (label === undefined) return HEALTHY;
  const read = imageBehaviour.safeParse(jsonIn(label));
  if (read.success) return read.data;
  return { does: 'fail to start', reason: `the label ${LABEL} is no ImageBehaviour: ${z.prettifyError(read.error)}` };
};

const jsonIn = (text: Buffer | string | undefined): unknown => {
  try {
    return JSON.parse(text?.toString() ?? '') as unknown;
  } catch {
    return undefined;
  }
};
