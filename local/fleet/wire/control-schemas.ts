import { z } from 'zod';
import type { FaultRule, ImageSeed, ServiceSeed } from '../seeds.ts';

/** What people send to the control calls, checked strictly: a misspelt member must not silently change a rehearsal. */

const seconds = z.number().min(0);
const count = z.int().min(0);

export const imageSeed: z.ZodType<ImageSeed> = z.strictObject({
  repository: z.string().min(1),
  tag: z.string().exactOptional(),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .exactOptional(),
  behaviour: z.discriminatedUnion('does', [
    z.strictObject({ does: z.literal('become healthy'), after: seconds }),
    z.strictObject({ does: z.literal('never become healthy') }),
    z.strictObject({ does: z.literal('exit'), code: z.int(), after: seconds }),
    z.strictObject({ does: z.literal('fail to pull') }),
    z.strictObject({
      does: z.literal('become healthy, then crash'),
      after: seconds,
      crashAfter: seconds,
      code: z.int(),
    }),
    z.strictObject({ does: z.literal('drain slowly'), healthyAfter: seconds, drain: seconds }),
  ]),
});

export const serviceSeed: z.ZodType<ServiceSeed> = z.strictObject({
  cluster: z.string().min(1),
  service: z.string().min(1),
  family: z.string().min(1),
  containers: z.array(z.strictObject({ name: z.string().min(1), image: z.string().min(1) })).min(1),
  containerPort: z.int().min(1).max(65535).exactOptional(),
  desiredCount: count,
  minimumHealthyPercent: count.exactOptional(),
  maximumPercent: count.exactOptional(),
  circuitBreaker: z.strictObject({ enable: z.boolean(), rollback: z.boolean() }).exactOptional(),
  path: z.string().startsWith('/').exactOptional(),
  taskRoleArn: z.string().exactOptional(),
  executionRoleArn: z.string().exactOptional(),
});

export const faultRule: z.ZodType<FaultRule> = z.strictObject({
  service: z.string().exactOptional(),
  operation: z.string().min(1),
  caller: z.string().exactOptional(),
  times: count.exactOptional(),
  skip: count.exactOptional(),
  rate: z.number().min(0).max(1).exactOptional(),
  fault: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('throttle') }),
    z.strictObject({ kind: z.literal('server error') }),
    z.strictObject({ kind: z.literal('slow'), seconds }),
    z.strictObject({ kind: z.literal('reset') }),
    z.strictObject({ kind: z.literal('answer lost') }),
    z.strictObject({ kind: z.literal('refuse'), code: z.string().min(1), message: z.string() }),
  ]),
});

/** Which calls to tell of; `since` leaves out those up to and including that number. */
export interface CallFilter {
  caller?: string;
  service?: string;
  operation?: string;
  since?: number;
}

export const callFilter: z.ZodType<CallFilter> = z.strictObject({
  caller: z.string().exactOptional(),
  service: z.string().exactOptional(),
  operation: z.string().exactOptional(),
  since: count.exactOptional(),
});

export const serviceName = z.strictObject({ cluster: z.string().min(1), service: z.string().min(1) });

export const serviceTweak = z.strictObject({ ...serviceName.shape, change: z.record(z.string(), z.unknown()) });

export const nothing = z.strictObject({});
