import { failuresOf, sightBefore, type AlarmState, type Sight } from './sight.ts';

/** What the demo's CloudWatch alarm judges: the errors of both colours together, so that it means the same for each. */
export const errorAlarm = { name: 'ml-errors', threshold: 5, period: 60 } as const;

/** The state that these errors give the alarm. `speed`: how much faster world time runs. */
export const alarmStateFor = (history: readonly Sight[], speed: number): AlarmState => {
  const [before, now] = [sightBefore(history, (errorAlarm.period * 1_000) / speed), history.at(-1)];
  if (before === undefined || now === undefined) return 'OK';
  return failuresOf(now) - failuresOf(before) >= errorAlarm.threshold ? 'ALARM' : 'OK';
};
