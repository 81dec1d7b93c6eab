import { z } from 'zod';

/** The members of ColourSeed. */
export const colourSeed = {
  colourOf: z.string().min(1).exactOptional(),
  weight: z.int().min(0).max(999).exactOptional(),
  spareTargetGroup: z.boolean().exactOptional(),
  ownListener: z.boolean().exactOptional(),
  testListener: z.boolean().exactOptional(),
};
