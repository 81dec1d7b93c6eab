import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { RotationFailure } from '../domain/failure.ts';

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
] as const;
export type Counter = (typeof counters)[number];

export const count = (name: Counter, by = 1): void => {
  const metrics = new Metrics();
  metrics.addMetric(name, 'Count', by);
  metrics.publishStoredMetrics();
};

/** Counts what a person must look at when a deployment has ended. */
export const countEnd = ({
  failure,
  warning,
  announced,
}: {
  failure?: string;
  warning?: 'RetireIncomplete';
  announced: boolean;
}): void => {
  if (failure === 'UndoFailed' || failure === 'QueueTimedOut') count(failure);
  if (warning !== undefined) count(warning);
  if (!announced) count('AnnouncementLost');
};

/** Counts what only a person can repair when a step of a rotation has failed. */
export const countRotationFailure = (error: unknown): void => {
  if (error instanceof RotationFailure && error.name === 'TokenLost') count('TokenLost');
};

/** What the stack measures: the days that a credential has left until GitLab ends it. */
export const daysLeftGauge = 'CredentialDaysLeft';

export const gaugeDaysLeft = (credential: string, days: number): void => {
  const metrics = new Metrics();
  metrics.addDimension('credential', credential);
  metrics.addMetric(daysLeftGauge, 'None', days);
  metrics.publishStoredMetrics();
};
