import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { Announcement } from '../domain/announcement.ts';
import type { End } from '../domain/deployment.ts';
import { RotationFailure, type DeployFailure } from '../domain/failure.ts';
import type { Measures } from '../domain/measures.ts';

/** Structured lines. Nothing here may hold a token, a header, a body or a container's values. */
export const logger = /* @__PURE__ */ new Logger();

/** What the stack counts: CloudWatch metrics, in the namespace and under the service name that the stack's environment sets. */
export const counters = [
  'HookRefused',
  'HookIgnored',
  'HookUnreadable',
  'DeploymentStarted',
  'DeploymentReconciled',
  'ReconcileBehind',
  'TargetBroken',
  'UndoFailed',
  'QueueTimedOut',
  'RecoveryDied',
  'RetireIncomplete',
  'AnnouncementLost',
  'TokenExpiring',
  'TokenLost',
  'HookMissing',
  'FeedbackRefused',
  'FeedbackDelayed',
  'FeedbackWithoutCommit',
] as const;
export type Counter = (typeof counters)[number];

export const count = (name: Counter, by = 1): void => {
  const metrics = new Metrics();
  metrics.addMetric(name, 'Count', by);
  metrics.publishStoredMetrics();
};

/** An event of a deployment that EventBridge did not take. */
export const announcementLost = ({ type, detail: { deployment } }: Announcement, { name }: DeployFailure): void => {
  logger.warn('announcement-lost', { deployment, event: type, failure: name });
  count('AnnouncementLost');
};

/** What the stack counts of ends, one dimension beside the service: the outcome. */
export const outcomeCounter = 'Outcome';

/** What the stack measures of deployments, one dimension beside the service: the strategy. Per target it would cost for each. */
export const measureUnits = {
  WaitSeconds: 'Seconds',
  CopySeconds: 'Seconds',
  RolloutSeconds: 'Seconds',
  DeploymentSeconds: 'Seconds',
  CopiedBytes: 'Bytes',
} as const satisfies Record<keyof Omit<Measures, 'strategy'>, string>;

const measure = ({ strategy, ...measures }: Measures): void => {
  const metrics = new Metrics();
  metrics.addDimension('strategy', strategy);
  for (const [name, value] of Object.entries(measures))
    metrics.addMetric(name, measureUnits[name as keyof typeof measureUnits], value);
  metrics.publishStoredMetrics();
};

const countOutcome = (outcome: End['outcome']): void => {
  const metrics = new Metrics();
  metrics.addDimension('outcome', outcome);
  metrics.addMetric(outcomeCounter, 'Count', 1);
  metrics.publishStoredMetrics();
};

/** Counts and measures a deployment's end, and counts apart what a person must look at. */
export const measureEnd = ({ outcome, failure, warning, measures }: End & { measures?: Measures }): void => {
  countOutcome(outcome);
  if (measures !== undefined) measure(measures);
  if (failure === 'UndoFailed' || failure === 'QueueTimedOut') count(failure);
  if (warning !== undefined) count(warning);
};

/** Counts what only a person can repair when a step of a rotation has failed. */
export const countRotationFailure = (error: unknown): void => {
  if (error instanceof RotationFailure && error.name === 'TokenLost') count('TokenLost');
};

/** Counts what kept GitLab from being told of a deployment: for good, or for now. */
export const countTold = (result: string): void => {
  if (result === 'refused') count('FeedbackRefused');
  if (result === 'unknown commit') count('FeedbackWithoutCommit');
};

/** What the stack measures: the days that a credential has left until GitLab ends it. */
export const daysLeftGauge = 'CredentialDaysLeft';

export const gaugeDaysLeft = (credential: string, days: number): void => {
  const metrics = new Metrics();
  metrics.addDimension('credential', credential);
  metrics.addMetric(daysLeftGauge, 'None', days);
  metrics.publishStoredMetrics();
};

/** What the stack measures: how many of our hooks GitLab has disabled, and a test has not brought back. */
export const disabledHooksGauge = 'HooksNotExecutable';

/** What tend-hooks shows. */
export const showHooks = {
  notExecutable: (hooks: number): void => {
    const metrics = new Metrics();
    metrics.addMetric(disabledHooksGauge, 'Count', hooks);
    metrics.publishStoredMetrics();
  },
  missing: (projects: number): void => {
    count('HookMissing', projects);
  },
};
