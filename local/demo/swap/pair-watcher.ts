import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchAlarm } from './cloudwatch.ts';
import { alarmStateFor, errorAlarm } from './error-alarm.ts';
import { eventsBetween, usersGoneFrom, type SwapEvent } from './events.ts';
import { inSeconds } from '../words.ts';
import type { AlarmState, ColourName, Sight } from './sight.ts';

export interface PairWatcher {
  /** what was seen so far, oldest first */
  history: () => readonly Sight[];
  events: () => readonly SwapEvent[];
  /** From now on users are to go to this colour; `mark`: what the timeline says of it. */
  expect: (coming: ColourName, mark: string) => void;
  /** The first sight from now on of which this holds. Raises after a while, and why it could not look. */
  until: (what: string, holds: (sight: Sight) => boolean) => Promise<Sight>;
  /** Looks no more. Raises why it could not look. */
  stop: () => Promise<void>;
}

export interface Watching {
  look: (alarm: AlarmState) => Sight;
  alarm: CloudWatchAlarm;
  /** how much faster world time runs */
  speed: number;
  told: (event: SwapEvent) => void;
}

const lookEvery = 100; // ms of real time
const patience = 20_000; // ms of real time

/**
 * Looks at the colours again and again, tells what happens, and is the alarm's metric: it sets its state by the errors
 * that users got, where CloudWatch would.
 */
export const watchPair = ({ look, alarm, speed, told }: Watching): PairWatcher => {
  const history: Sight[] = [];
  const events: SwapEvent[] = [];
  let state: AlarmState = 'OK';
  let coming: ColourName = 'green';
  let raised: number | undefined;
  let stopped = false;
  let broken = false;

  const tell = (event: SwapEvent): void => {
    events.push(event);
    told(event);
  };
  const tellWhenUsersAreBack = (): void => {
    const at = raised === undefined ? undefined : usersGoneFrom(coming, history);
    if (raised === undefined || at === undefined) return;
    const after = inSeconds(Math.max(0, at - raised) / 1_000);
    tell({ at, text: `all users back ${after} after the alarm`, mark: true });
    raised = undefined;
  };
  const update = async (): Promise<void> => {
    const before = history.at(-1);
    const now = look(state);
    history.push(now);
    if (before !== undefined) eventsBetween(before, now, { coming, alarmName: errorAlarm.name }).forEach(tell);
    tellWhenUsersAreBack();
    const next = alarmStateFor(history, speed);
    if (next === state) return;
    await alarm.set(next, 'by the errors that users got');
    state = next;
    if (state === 'ALARM') raised = Date.now();
  };
  const watch = async (): Promise<void> => {
    while (!stopped) {
      await update();
      await sleep(lookEvery);
    }
  };
  const watching = watch();
  // Raised to whoever waits for something, or stops it.
  watching.catch(() => {
    broken = true;
  });
  const until: PairWatcher['until'] = async (what, holds) => {
    const from = Date.now();
    for (;;) {
      if (broken) await watching;
      const now = history.at(-1);
      if (now !== undefined && now.at >= from && holds(now)) return now;
      if (Date.now() - from > patience) throw new Error(`after ${patience / 1_000} s it is still not so: ${what}`);
      await sleep(lookEvery);
    }
  };

  return {
    history: () => history,
    events: () => events,
    expect: (colour, mark) => {
      coming = colour;
      events.push({ at: Date.now(), text: mark, mark: true });
    },
    until,
    stop: async () => {
      stopped = true;
      await watching;
    },
  };
};
