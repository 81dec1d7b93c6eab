import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { setting } from './config.ts';

/** Structured lines. Nothing here may hold a token, a header, a body or a container's values. */
export const logger = /* @__PURE__ */ new Logger({ serviceName: 'drawbridge' });

/** What the stack counts: CloudWatch metrics in namespace Drawbridge, by stage. */
export type Counter =
  'HookRefused' | 'HookIgnored' | 'HookUnreadable' | 'DeploymentStarted' | 'TargetBroken' | 'UndoFailed';

export const count = (name: Counter, by = 1): void => {
  const metrics = new Metrics({ namespace: 'Drawbridge', serviceName: setting('STAGE') });
  metrics.addMetric(name, 'Count', by);
  metrics.publishStoredMetrics();
};
