/** The bounds that Application Auto Scaling keeps a service's desired count in, and what of it rests. */
export interface ScalableTarget {
  min: number;
  max: number;
  suspended: Suspended;
}

export interface Suspended {
  scaleIn: boolean;
  scaleOut: boolean;
  scheduled: boolean;
}

export interface ScalingPolicy {
  name: string;
  /** `targetgroup/<name>/<id>` of the group whose requests it counts, where it counts requests */
  targetGroup?: string;
}

/** All that Application Auto Scaling knows of a service. */
export interface ServiceScaling {
  target?: ScalableTarget;
  policies: readonly ScalingPolicy[];
  /** names */
  scheduledActions: readonly string[];
}

/** STUB until ground */
export const duringSwap = ({ min, max }: ScalableTarget): ScalableTarget => ({
  min,
  max,
  suspended: { scaleIn: true, scaleOut: false, scheduled: true },
});
export const retired = ({ max }: ScalableTarget): ScalableTarget => ({
  min: 0,
  max,
  suspended: { scaleIn: true, scaleOut: true, scheduled: true },
});
