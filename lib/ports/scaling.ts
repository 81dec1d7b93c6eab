import type { ServiceName } from '../domain/deployment.ts';
import type { ScalableTarget, ServiceScaling } from '../domain/scaling.ts';

/** Application Auto Scaling of services' desired counts. Every method may raise DeployFailure AwsUnavailable or AwsRefused. */
export interface Scaling {
  of: (service: ServiceName) => Promise<ServiceScaling>;
  /** Only the bounds and what rests; undefined when it knows no such service. */
  target: (service: ServiceName) => Promise<ScalableTarget | undefined>;
  /** Sets the bounds and what rests, all of it; policies and scheduled actions stay. */
  set: (service: ServiceName, target: ScalableTarget) => Promise<void>;
}
