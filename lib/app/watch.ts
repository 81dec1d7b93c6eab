import {
  crashing,
  failedByItself,
  isUnwell,
  strangeGreen,
  strangeLive,
  weakOf,
  type Strangeness,
  type Strength,
} from '../domain/colour-watch.ts';
import { DeployFailure } from '../domain/failure.ts';
import { holdWait } from '../domain/hold-wait.ts';
import { maxStaleLooks, type Interval, type Wait } from '../domain/pacing.ts';
import { primary, type ServiceState } from '../domain/rollout.ts';
import { begunSwapOf, holdSeconds, isLastStep, isOurs, serviceOf, weightsAt, type BegunSwap } from '../domain/swap.ts';
import { healthyAmong, sameWeights, weightsOf, type Weights } from '../domain/traffic.ts';
import type { Alarm, Alarms } from '../ports/alarms.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Traffic } from '../ports/traffic.ts';
import { recordOf } from './record-of.ts';

/** How traffic is divided, and how both colours bear it. */
export interface TrafficView {
  /** `next`: this step (from 0) is to be written; `baked`: green has had everything for as long as it bakes */
  state: 'watching' | 'next' | 'baked';
  step: number;
  /** percent of traffic that green has */
  weight: number;
  /** looks in a row at which a colour with traffic had too few healthy targets */
  unwell: number;
  /** looks in a row that showed something not as we left it, which a stale read may be */
  strange: number;
  /** `phase`: seconds since this step's weights were written */
  wait: Wait;
}

export interface WatchInput {
  deployment: string;
  /** the view that Shift or the last look left */
  traffic: TrafficView;
  /** ids of green's tasks that had failed before the first shift; an execution of an older workflow does not say */
  failedBefore?: readonly string[];
}

export interface WatchPorts {
  fleet: Fleet;
  traffic: Traffic;
  alarms: Alarms;
  journal: Journal;
  interval: Interval;
}

interface Sight {
  weights: Weights | undefined;
  live: ServiceState | undefined;
  green: ServiceState | undefined;
  alarms: readonly Alarm[];
}

const see = async ({ fleet, traffic, alarms }: WatchPorts, record: BegunSwap): Promise<Sight> => {
  const { production, targetGroups, alarms: names } = record.blueGreen;
  const { live, idle } = record.found.swap;
  const [actions, liveNow, green, standing] = await Promise.all([
    traffic.actions(production),
    fleet.service(serviceOf(record, live)),
    fleet.service(serviceOf(record, idle)),
    names.length === 0 ? [] : alarms.named(names),
  ]);
  return { weights: weightsOf(actions ?? [], targetGroups), live: liveNow, green, alarms: standing };
};

/** An alarm that has gone off, or that is no longer there to do so. */
const mustBeQuiet = ({ blueGreen }: BegunSwap, { alarms }: Sight): void => {
  const lost = blueGreen.alarms.filter((name) => !alarms.some((alarm) => alarm.name === name));
  const raised = alarms.filter(({ state }) => state === 'ALARM').map(({ name }) => name);
  if (raised.length > 0)
    throw new DeployFailure('AlarmRaised', 'an alarm of the target went off', { facts: { alarms: raised } });
  if (lost.length > 0)
    throw new DeployFailure('AlarmRaised', 'an alarm of the target is gone', { facts: { alarms: lost } });
};

const strangeness = (record: BegunSwap, { weights, live, green }: Sight, step: number): Strangeness | undefined => {
  const tampered = { name: 'TrafficTampered', because: 'somebody else changed the weights' } as const;
  if (weights === undefined || !isOurs(record, weights, step)) throw new DeployFailure(tampered.name, tampered.because);
  if (!sameWeights(weights, weightsAt(record, step))) return tampered;
  return strangeGreen(record, green) ?? strangeLive(record, live);
};

/** The colours that have traffic, with their healthy targets. */
const strengths = async ({ traffic }: WatchPorts, record: BegunSwap, seen: Sight): Promise<Strength[]> => {
  const { live, idle } = record.found.swap;
  const colours = [
    { colour: live, state: seen.live },
    { colour: idle, state: seen.green },
  ].filter(({ colour }) => (seen.weights?.[colour.targetGroup] ?? 0) > 0);
  return Promise.all(
    colours.map(async ({ colour, state }) => {
      const healthy = healthyAmong(await traffic.targets(colour.targetGroup));
      return { service: colour.service, healthy, desired: state?.desired ?? 0 };
    }),
  );
};

/** What there is to say of the tasks that green lost by their own fault since users see it, once they are too many. */
const losses = async (
  { fleet }: WatchPorts,
  record: BegunSwap,
  { green, before }: { green: ServiceState; before: readonly string[] },
): Promise<string | undefined> => {
  const { idle } = record.found.swap;
  const stopped = await fleet.stopped(serviceOf(record, idle), primary(green)?.id ?? '');
  const failed = stopped.filter((task) => failedByItself(task) && !before.includes(task.id));
  return crashing({ service: idle.service, desired: green.desired }, failed);
};

const mustBeWell = (
  record: BegunSwap,
  { weak, looks, lost }: { weak: readonly Strength[]; looks: number; lost: string | undefined },
): void => {
  const unwell = weak.filter((strength) => isUnwell(strength, record.starting.desired, looks));
  const missing = unwell.map(({ service, healthy, desired }) => `${service}: ${healthy} healthy targets of ${desired}`);
  const reasons = [...missing, ...(lost === undefined ? [] : [lost])];
  if (reasons.length === 0) return;
  throw new DeployFailure('ColourUnwell', 'a colour with traffic is not well', { facts: { reasons } });
};

/** A service is gone, and a target group says so too: no stale read, and users have nobody to answer them. */
const isDeserted = ({ live, green }: Sight, strong: readonly Strength[]): boolean =>
  [live, green].some((service) => service?.status !== 'ACTIVE') && strong.some(({ healthy }) => healthy === 0);

const onward = (
  record: BegunSwap,
  last: TrafficView,
  { strange, unwell, interval }: { strange: number; unwell: number; interval: Interval },
): TrafficView => {
  const hold = holdSeconds(record, last.step);
  const over = strange === 0 && unwell === 0 && last.wait.phase >= hold;
  if (!over) return { ...last, state: 'watching', strange, unwell, wait: holdWait(last.wait, interval, hold) };
  const isBaked = isLastStep(record, last.step);
  return { ...last, strange, unwell, state: isBaked ? 'baked' : 'next', step: isBaked ? last.step : last.step + 1 };
};

/**
 * One look at a step, or at the bake: are the weights as written, the colours as we left them, those with traffic well,
 * the alarms quiet? Raises AlarmRaised at once; ColourUnwell after looks in a row with too few healthy targets, and when
 * too many of green's tasks failed by themselves between looks; TrafficTampered, ServiceTampered and RolloutReplaced for
 * what somebody else did, once it cannot be a stale read.
 */
export const watch =
  (ports: WatchPorts) =>
  async ({ deployment, traffic: last, failedBefore: before = [] }: WatchInput): Promise<TrafficView> => {
    const record = begunSwapOf(await recordOf(ports.journal, deployment));
    const seen = await see(ports, record);
    mustBeQuiet(record, seen);
    const found = strangeness(record, seen, last.step);
    const strong = await strengths(ports, record, seen);
    if (found !== undefined && (isDeserted(seen, strong) || last.strange >= maxStaleLooks))
      throw new DeployFailure(found.name, found.because);
    const weak = found === undefined ? weakOf(strong, record.starting.desired) : [];
    const unwell = found !== undefined ? last.unwell : weak.length > 0 ? last.unwell + 1 : 0;
    const { green } = seen;
    const lost = found === undefined && green ? await losses(ports, record, { green, before }) : undefined;
    mustBeWell(record, { weak, looks: unwell, lost });
    const strange = found === undefined ? 0 : last.strange + 1;
    return onward(record, last, { strange, unwell, interval: ports.interval });
  };
