/** What tests, the demo and people put into Application Auto Scaling, and ask of it: plain data, also over HTTP. */

/** The scalable target of a service, as if somebody had registered it long ago. */
export interface ScalingSeed {
  min: number;
  max: number;
  /** target tracking of the service's own CPU, or of the requests that each target of its first target group gets */
  policies?: { name: string; tracks: 'cpu' | 'requests' }[];
  /** `schedule` as AWS writes it, e.g. `cron(0 8 * * ? *)`; bounds that are not given stay */
  scheduledActions?: { name: string; schedule: string; min?: number; max?: number }[];
  /** what rests; nothing unless it is said */
  suspended?: { scaleIn?: boolean; scaleOut?: boolean; scheduled?: boolean };
}

/** What became of a policy's wish. */
export interface Autoscaled {
  /** whether the desired count changed */
  done: boolean;
  /** the desired count now */
  desired: number;
}
