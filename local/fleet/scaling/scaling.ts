import type {
  ScalableTarget,
  ScalingPolicy,
  ScheduledAction,
  SuspendedState,
} from '@aws-sdk/client-application-auto-scaling';

/** What Application Auto Scaling knows of ECS services. A record is replaced, never changed. */
export interface Scaling {
  /** by resource ID, `service/CLUSTER/SERVICE` */
  readonly targets: Map<string, TargetRecord>;
  /** by resource ID and name */
  readonly policies: Map<string, ScalingPolicy>;
  readonly actions: Map<string, ScheduledAction>;
}

/** As DescribeScalableTargets tells it. */
export interface TargetRecord extends ScalableTarget {
  readonly ResourceId: string;
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly SuspendedState: SuspendedState;
  readonly ScalableTargetARN: string;
}

export const emptyScaling = (): Scaling => ({ targets: new Map(), policies: new Map(), actions: new Map() });

export const NAMESPACE = 'ecs';
export const DIMENSION = 'ecs:service:DesiredCount';

export const resourceIdOf = (cluster: string, service: string): string => `service/${cluster}/${service}`;

/** The key of a policy or a scheduled action: names are of their resource only. */
export const keyOf = (resourceId: string, name: string): string => `${resourceId} ${name}`;
