import type { Colour } from './blue-green.ts';

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

/** A colour and what Application Auto Scaling knows of its service. */
export interface ColourScaling {
  colour: Colour;
  scaling: ServiceScaling;
}

// The label says `app/<name>/<id>/targetgroup/<name>/<id>`; a target group's ARN ends the same way.
const countsOthers = ({ colour }: ColourScaling, { targetGroup }: ScalingPolicy): boolean =>
  targetGroup !== undefined && !colour.targetGroup.endsWith(`:${targetGroup}`);

const miscounting = (one: ColourScaling): string | undefined => {
  const policy = one.scaling.policies.find((each) => countsOthers(one, each));
  if (policy === undefined) return undefined;
  const { service, targetGroup } = one.colour;
  return `scaling policy ${policy.name} of service ${service} counts the requests of another target group than ${targetGroup}`;
};

/** What a service has of each kind. Names say nothing: those of policies mostly carry their service's own. */
const kindsOf = ({ target, policies, scheduledActions }: ServiceScaling): [kind: string, count: number][] => [
  ['scalable target', target === undefined ? 0 : 1],
  ['scaling policy that counts requests', policies.filter(({ targetGroup }) => targetGroup !== undefined).length],
  ['other scaling policy', policies.filter(({ targetGroup }) => targetGroup === undefined).length],
  ['scheduled action', scheduledActions.length],
];

/**
 * What idle lacks of live's scaling, or which policy counts the wrong colour's requests; a sentence, or undefined. Once
 * live, idle must scale as live did, and policies and scheduled actions are never made for it: they are ops' own, and
 * no copy of them would follow the original. It may have more policies and actions, but no scalable target where live
 * has none.
 */
export const scalingGap = (live: ColourScaling, idle: ColourScaling & { exists: boolean }): string | undefined => {
  if (live.scaling.target !== undefined && !idle.exists) {
    const { service } = idle.colour;
    return `service ${live.colour.service} has a scalable target: make service ${service} and its scaling first`;
  }
  // Live would have nothing to give it for the swap: idle's own policies might shrink green before it has users.
  if (idle.scaling.target !== undefined && live.scaling.target === undefined)
    return `service ${idle.colour.service} has a scalable target, service ${live.colour.service} none`;
  const had = new Map(kindsOf(idle.scaling));
  const lacked = kindsOf(live.scaling).find(([kind, count]) => count > (had.get(kind) ?? 0));
  if (lacked === undefined) return miscounting(live) ?? miscounting(idle);
  const [kind, count] = lacked;
  return `service ${live.colour.service} has ${count} × ${kind}, service ${idle.colour.service} ${had.get(kind) ?? 0}`;
};

/**
 * What either colour has during a swap: live's bounds. Nothing shrinks a colour that is to carry all traffic, but a burst
 * is met, unless ops themselves had suspended that.
 */
export const duringSwap = ({ min, max, suspended }: ScalableTarget): ScalableTarget => ({
  min,
  max,
  suspended: { scaleIn: true, scaleOut: suspended.scaleOut, scheduled: true },
});

/** What the old colour has once it is out of use: nothing brings it back to life. */
export const retired = ({ max }: ScalableTarget): ScalableTarget => ({
  min: 0,
  max,
  suspended: { scaleIn: true, scaleOut: true, scheduled: true },
});
