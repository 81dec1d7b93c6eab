import { z } from 'zod';
import type { ScalingSeed } from '../scaling-seeds.ts';

const count = z.int().min(0);

export const scalingSeed: z.ZodType<ScalingSeed> = z.strictObject({
  min: count,
  max: count,
  policies: z.array(z.strictObject({ name: z.string().min(1), tracks: z.enum(['cpu', 'requests']) })).exactOptional(),
  scheduledActions: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        schedule: z.string().min(1),
        min: count.exactOptional(),
        max: count.exactOptional(),
      }),
    )
    .exactOptional(),
  suspended: z
    .strictObject({
      scaleIn: z.boolean().exactOptional(),
      scaleOut: z.boolean().exactOptional(),
      scheduled: z.boolean().exactOptional(),
    })
    .exactOptional(),
});

export const scalingWish = z.strictObject({
  cluster: z.string().min(1),
  service: z.string().min(1),
  desired: count,
});
