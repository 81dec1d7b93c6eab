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
