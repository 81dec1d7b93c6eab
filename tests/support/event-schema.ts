import { z } from 'zod';
import { failureNames } from '../../lib/domain/failure.ts';

/**
 * The form of what the stack tells EventBridge, as listeners may rely on it: every event of every test is held against
 * it, and `docs/events.schema.json` is made of it. Here a field that is not named is an error; published it is not, for
 * new ones may come in the same version.
 */

const at = z.iso.datetime({ precision: 3 });

const told = {
  version: z.literal(1),
  deployment: z
    .string()
    .regex(/^[\w-]{1,80}$/)
    .describe('the name of its execution'),
  target: z
    .string()
    .regex(/^\d+\/[a-z0-9-]{1,40}$/)
    .describe('<project id>/<name>'),
  project: z.int().positive().describe('the id of the project in GitLab'),
  environment: z.string().optional().describe("the target's GitLab environment"),
  service: z
    .string()
    .regex(/^[^/]+\/[^/]+$/)
    .optional()
    .describe('<cluster>/<service>; absent when never confirmed'),
  cause: z.enum(['pipeline', 'job', 'image', 'operator']).optional().describe('what asked for it'),
  sha: z.string().optional().describe('the commit; absent for a pushed image'),
  ref: z.string().optional().describe('the branch or tag in GitLab'),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/)
    .optional()
    .describe('of the image, once the service was looked at'),
  revision: z.string().startsWith('arn:').optional().describe('ARN of the task-definition revision, once registered'),
  at: at.describe('when it happened'),
  text: z.string().min(1).max(400).describe('a sentence for people'),
};

const because = z.string().describe('why, with all facts; may be long');

const started = z.strictObject(told);
const step = z.union([
  z.strictObject({ ...told, step: z.literal('image copied'), bytes: z.number().nonnegative() }),
  z.strictObject({ ...told, step: z.enum(['revision registered', 'rollout started', 'undo begun']) }),
  z.strictObject({
    ...told,
    step: z.literal('traffic shifted'),
    weight: z.number().min(0).max(100).describe('percent of traffic on the new colour'),
  }),
]);
const succeeded = z.strictObject({
  ...told,
  outcome: z.enum(['deployed', 'already deployed']),
  because,
  warning: z.literal('RetireIncomplete').optional().describe('deployed, and yet a person must look'),
});
const failed = z.strictObject({
  ...told,
  outcome: z.literal('failed'),
  failure: z.enum(failureNames).describe('a heading of the runbook; new ones may come'),
  because,
  undo: z
    .enum(['nothing written', 'undone', 'rolled back by ECS', 'left alone', 'no way back'])
    .optional()
    .describe('how the service was left'),
});
const superseded = z.strictObject({ ...told, outcome: z.enum(['superseded', 'outdated', 'held']), because });

const event = <Type extends string, Detail extends z.ZodType>(type: Type, detail: Detail) =>
  z.object({ source: z.literal('drawbridge'), 'detail-type': z.literal(type), detail });

export const eventSchema = z.discriminatedUnion('detail-type', [
  event('Deployment started', started),
  event('Deployment step', step),
  event('Deployment succeeded', succeeded),
  event('Deployment failed', failed),
  event('Deployment superseded', superseded),
]);

export type EventOf = z.infer<typeof eventSchema>;

/** What docs/events.schema.json holds. */
export const publishedSchema = (): object => {
  const { $schema, ...schema } = z.toJSONSchema(eventSchema, {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  const title = 'What Drawbridge tells EventBridge';
  return { $schema, title, ...schema };
};
