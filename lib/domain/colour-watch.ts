import type { FailureName } from './failure.ts';
import type { BegunSwap } from './swap.ts';
import { ourRollout, primary, whyStopped, type ServiceState, type StoppedTask } from './rollout.ts';

/** A change by somebody else to one of the colours, or a stale read of it. */
export interface Strangeness {
  name: FailureName;
  because: string;
}

const gone = (colour: string, service: ServiceState | undefined): Strangeness | undefined => {
  if (service?.status === 'ACTIVE') return undefined;
  return { name: 'ServiceTampered', because: `the service of ${colour} is ${service?.status ?? 'gone'}` };
};

/** While a swap runs, only scale-out moves a count: up, and only where Application Auto Scaling knows the service. */
const resized = (
  colour: string,
  { desired }: ServiceState,
  should: { be: number; max: number | undefined },
): Strangeness | undefined => {
  if (desired === should.be || (desired > should.be && should.max !== undefined && desired <= should.max))
    return undefined;
  const because = `the desired count of ${colour} is ${desired} instead of ${should.be}, and not by scale-out`;
  return { name: 'ServiceTampered', because };
};

/** What somebody else did to the live colour since Look; what its scale-out did is none of that. */
export const strangeLive = (record: BegunSwap, service: ServiceState | undefined): Strangeness | undefined => {
  const { live, liveRollout, scaling } = record.found.swap;
  const missing = gone(live.service, service);
  if (missing !== undefined || service === undefined) return missing;
  const front = primary(service)?.id;
  if (front !== liveRollout) {
    const because = `rollout ${front ?? ''}, which is not ours, was started on ${live.service}, the live colour`;
    return { name: 'ServiceTampered', because };
  }
  return resized(live.service, service, { be: record.starting.desired, max: scaling.live?.max });
};

/** Green has as many tasks as it was given, or as its scale-out made of them: its bounds are live's during the swap. */
export const resizedGreen = (record: BegunSwap, service: ServiceState): Strangeness | undefined => {
  const { idle, scaling } = record.found.swap;
  const max = scaling.idle === undefined ? undefined : scaling.live?.max;
  return resized(idle.service, service, { be: record.starting.desired, max });
};

/** What somebody else did to green since it was found healthy. */
export const strangeGreen = (record: BegunSwap, service: ServiceState | undefined): Strangeness | undefined => {
  const { idle } = record.found.swap;
  const missing = gone(idle.service, service);
  if (missing !== undefined || service === undefined) return missing;
  const front = primary(service);
  const mine = { revision: record.starting.revision, idsBefore: record.found.idsBefore };
  if (front === undefined || front.id !== ourRollout(service, mine)?.id) {
    const because = `another rollout, ${front?.id ?? ''}, is in the place of ours on ${idle.service}`;
    return { name: 'RolloutReplaced', because };
  }
  return resizedGreen(record, service);
};

/** How a colour with traffic stands: healthy targets, and how many there should be. */
export interface Strength {
  service: string;
  healthy: number;
  desired: number;
}

// A single missing task of several is being replaced: ECS takes about as long as these looks to start one.
const patience = { one: 8, more: 2 };

const enough = ({ healthy, desired }: Strength, atShift: number): boolean => healthy >= Math.min(desired, atShift);

/**
 * Whether a colour with traffic has had too few healthy targets for too many looks in a row: two, or as many as the
 * replacement of one task takes when just one of several is missing. Enough is the smaller of its desired count now
 * and at the shift: what scale-out adds has yet to start.
 */
export const isUnwell = (strength: Strength, atShift: number, looks: number): boolean => {
  if (enough(strength, atShift)) return false;
  const missing = Math.min(strength.desired, atShift) - strength.healthy;
  return looks >= (missing === 1 && strength.healthy > 0 ? patience.one : patience.more);
};

/** The colours that have fewer healthy targets than they should have, at this look. */
export const weakOf = (strengths: readonly Strength[], atShift: number): Strength[] =>
  strengths.filter((strength) => !enough(strength, atShift));

const failedHealthChecks = /^Task failed (ELB|container) health checks/;

/**
 * Whether the task was the cause of its own end: a container of it exited that it cannot do without, or ECS stopped it
 * for its bad health. Scale-in, retired hosts, spot interruptions and people stop tasks that are well.
 */
export const failedByItself = ({ code, reason }: StoppedTask): boolean =>
  code === 'EssentialContainerExited' || (code === 'ServiceSchedulerInitiated' && failedHealthChecks.test(reason));

const differentReasons = 3;

/**
 * Says so when a colour of so many tasks has had too many that failed by themselves: two, or more than a tenth if that
 * is more, for of many tasks some fail by chance.
 */
export const crashing = (
  { service, desired }: Omit<Strength, 'healthy'>,
  failed: readonly StoppedTask[],
): string | undefined => {
  if (failed.length < 2 || failed.length <= desired / 10) return undefined;
  const reasons = [...new Set(failed.map(whyStopped))].slice(0, differentReasons);
  return `${service}: ${failed.length} tasks failed by themselves: ${reasons.join(' / ')}`;
};
