import * as z from 'zod/mini';
import { DeployFailure } from '../domain/failure.ts';
import { ecrHost } from '../domain/image-reference.ts';
import type { Interval } from '../domain/pacing.ts';
import type { StackBounds } from '../domain/stack-bounds.ts';

const text = z.string().check(z.minLength(1));
const seconds = z.coerce.number().check(z.gt(0));
const list = z.pipe(
  text,
  z.transform((joined: string) => joined.split(',').map((item) => item.trim())),
);
/** Host names, possibly none. */
const hosts = z.pipe(
  z.string().check(z.regex(/^\s*([a-z0-9.-]+\s*(,\s*[a-z0-9.-]+\s*)*)?$/)),
  z.transform((joined: string) => joined.split(',').flatMap((item) => item.trim() || [])),
);

const schema = {
  STAGE: text,
  AWS_REGION: text,
  AWS_SDK_UA_APP_ID: text,
  ACCOUNT_ID: text,
  PARTITION: text,
  TABLE_NAME: text,
  HOOK_SECRET: text,
  GITLAB_SECRET: text,
  MANAGER_SECRET: text,
  HOOK_URL: z.string().check(z.regex(/^https:\/\/[^\s?#@]+$/)),
  ROTATION_SETTLE_SECONDS: seconds,
  ROTATION_DRAIN_SECONDS: seconds,
  ROTATION_OVERLAP_SECONDS: seconds,
  FEEDBACK_SETTLE_SECONDS: seconds,
  RUNBOOK_URL: z.string().check(z.regex(/^(https:\/\/[^\s#()<>]+)?$/)),
  ROTATION_DAYS: z.coerce.number().check(z.int(), z.positive()),
  TARGETS_PATH: text,
  REPOSITORIES_PATH: text,
  STATE_MACHINE_ARN: text,
  MAY_TOUCH_SERVICES: list,
  MAY_TOUCH_REPOSITORIES: list,
  MAY_TOUCH_LISTENER_RULES: list,
  MAY_DELETE_SERVICES: z.enum(['true', 'false']),
  PRIVATE_HOSTS: hosts,
  SECRET_CACHE_SECONDS: seconds,
  LOOK_SECONDS: seconds,
  SLOW_LOOK_SECONDS: seconds,
};
type Schema = typeof schema;
type Key = keyof Schema;

/** One variable of the function's environment. Raises Misconfigured, naming the variable and never its value. */
export const setting = <K extends Key>(key: K): z.output<Schema[K]> => {
  const result = (schema[key] as z.ZodMiniType).safeParse(process.env[key]);
  if (!result.success)
    throw new DeployFailure('Misconfigured', `environment variable ${key} is missing or of the wrong form`);
  return result.data as z.output<Schema[K]>;
};

/** The local stage is the rehearsal: everything on loopback, over plain http. */
export const isLocal = (): boolean => setting('STAGE') === 'local';

/** The function's name, by which CloudTrail knows its calls; Powertools adds its own to the variable when it is loaded. */
export const callerName = (): string => setting('AWS_SDK_UA_APP_ID').replace(/\/.*$/, '');

export const stackBounds = (): StackBounds => ({
  partition: setting('PARTITION'),
  region: setting('AWS_REGION'),
  account: setting('ACCOUNT_ID'),
  services: setting('MAY_TOUCH_SERVICES'),
  repositories: setting('MAY_TOUCH_REPOSITORIES'),
  listenerRules: setting('MAY_TOUCH_LISTENER_RULES'),
  mayDelete: setting('MAY_DELETE_SERVICES') === 'true',
});

/** Where images may come from: this account's ECR. */
export const imageRegistry = (): string => ecrHost(setting('ACCOUNT_ID'), setting('AWS_REGION'));

/** How often a rollout is looked at: fast for the first ten minutes after admission, then slow. */
export const lookInterval = (): Interval => ({
  fast: setting('LOOK_SECONDS'),
  slow: setting('SLOW_LOOK_SECONDS'),
  fastFor: 600,
});

/** ms. How long a rotation lets the doors learn of a new value, and deliveries under way with the old one arrive. */
export const rotationWaits = (): { settle: number; drain: number } => ({
  settle: setting('ROTATION_SETTLE_SECONDS') * 1_000,
  drain: setting('ROTATION_DRAIN_SECONDS') * 1_000,
});

/** ms. When an attempt to have GitLab make a deployment, whose answer was lost, is over for certain. */
export const feedbackSettle = (): number => setting('FEEDBACK_SETTLE_SECONDS') * 1_000;

/** ms. How long a replaced token of GitLab's lives on beside its successor. */
export const rotationOverlap = (): number => setting('ROTATION_OVERLAP_SECONDS') * 1_000;
