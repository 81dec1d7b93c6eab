import { alarmNotReady } from '../domain/alarm-readiness.ts';
import type { BlueGreen } from '../domain/blue-green.ts';
import type { Colours } from '../domain/colours.ts';
import type { FoundSwap, ServiceName } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { ownBounds } from '../domain/scaling-bounds.ts';
import { scalingGap, type ScalableTarget, type ServiceScaling } from '../domain/scaling.ts';
import { cannotCopy } from '../domain/service-copy.ts';
import type { Alarms } from '../ports/alarms.ts';
import type { Scaling } from '../ports/scaling.ts';
import type { ServiceCopies } from '../ports/service-copies.ts';

export interface SurroundingPorts {
  scaling: Scaling;
  alarms: Alarms;
  copies: ServiceCopies;
}

const refuseCopy = async ({ copies }: SurroundingPorts, live: ServiceName, idle: string): Promise<void> => {
  const described = await copies.describe(live);
  if (described === undefined) throw new DeployFailure('ServiceMissing', `service ${live.service} is gone`);
  const fields = cannotCopy(described).join(', ');
  if (fields === '') return;
  const because = `service ${idle} is to be made like ${live.service}, which cannot be copied faithfully: ${fields}`;
  throw new DeployFailure('CannotCopy', because);
};

const refuseAlarms = async ({ alarms }: SurroundingPorts, swap: BlueGreen): Promise<void> => {
  if (swap.alarms.length === 0) return;
  const because = alarmNotReady(swap, await alarms.named(swap.alarms));
  if (because !== undefined) throw new DeployFailure('AlarmNotReady', because);
};

const none: ServiceScaling = { policies: [], scheduledActions: [] };

const originals = (
  live: ServiceScaling,
  idle: ServiceScaling,
  held: ScalableTarget | undefined,
): FoundSwap['scaling'] => ({
  ...(live.target === undefined ? {} : { live: ownBounds(live.target, { colour: 'live', held }) }),
  ...(idle.target === undefined ? {} : { idle: ownBounds(idle.target, { colour: 'idle', held }) }),
});

/**
 * What surrounds the colours: their scaling, the target's alarms, and whether idle, if it is missing, can be made like live.
 * Answers either colour's original scalable target. Raises CannotCopy, ScalingMissing, AlarmNotReady.
 */
export const refuseSurroundings = async (
  ports: SurroundingPorts,
  { live, idle }: Colours,
  { cluster, swap, held }: { cluster: string; swap: BlueGreen; held: ScalableTarget | undefined },
): Promise<FoundSwap['scaling']> => {
  const exists = idle.state !== undefined;
  const nameOf = ({ service }: { service: string }): ServiceName => ({ cluster, service });
  const [ofLive, ofIdle] = await Promise.all([
    ports.scaling.of(nameOf(live)),
    exists ? ports.scaling.of(nameOf(idle)) : none,
    exists ? undefined : refuseCopy(ports, nameOf(live), idle.service),
    refuseAlarms(ports, swap),
  ]);
  const gap = scalingGap({ colour: live, scaling: ofLive }, { colour: idle, scaling: ofIdle, exists });
  if (gap !== undefined) throw new DeployFailure('ScalingMissing', gap);
  return originals(ofLive, ofIdle, held);
};
