import type { BlueGreen } from './blue-green.ts';
import { minutes } from './pacing.ts';

/** An alarm that exists. `judges`: seconds of measurements it judges by. */
interface SeenAlarm {
  name: string;
  state: string;
  judges: number;
}

/** The shortest step, in seconds, and the field of the target that says so. The last step is the bake. */
const shortestOf = (steps: BlueGreen['steps']): { field: string; seconds: number } => {
  const fields = steps.map((step, index) => ({
    field: index === steps.length - 1 ? 'strategy.bake_minutes' : `strategy.steps.${index}.minutes`,
    seconds: minutes(step.minutes),
  }));
  return fields.reduce((least, one) => (one.seconds < least.seconds ? one : least));
};

/**
 * Why an alarm of the target cannot judge the swap; a sentence, or undefined when all can: it is not there, it is in ALARM
 * already, or it judges by more time than a step lasts, so that the step would be over before it knew.
 */
export const alarmNotReady = (
  { alarms, steps }: Pick<BlueGreen, 'alarms' | 'steps'>,
  seen: readonly SeenAlarm[],
): string | undefined => {
  const absent = alarms.find((name) => !seen.some((alarm) => alarm.name === name));
  if (absent !== undefined) return `there is no alarm ${absent}`;
  const raised = seen.find(({ state }) => state === 'ALARM');
  if (raised !== undefined) return `alarm ${raised.name} is in ALARM already`;
  const shortest = shortestOf(steps);
  const slow = seen.find(({ judges }) => judges > shortest.seconds);
  if (slow === undefined) return undefined;
  return `${shortest.field}: ${shortest.seconds} s are less than the ${slow.judges} s that alarm ${slow.name} judges by`;
};
