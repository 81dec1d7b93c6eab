import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudWatchAlarm } from './cloudwatch.ts';
import { alarmStateFor, errorAlarm } from './error-alarm.ts';
import { eventsBetween, usersGoneFrom, type SwapEvent } from './events.ts';
import { inSeconds } from '../../../cli/words.ts';
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

/** What is known so far. */
interface Memory {
  history: Sight[];
  events: SwapEvent[];
  coming: ColourName;
  alarm: AlarmState;
  /** when the alarm went off, until users are back */
  raisedAt?: number | undefined;
}

const usersBack = ({ history, coming, raisedAt }: Memory): SwapEvent | undefined => {
  const at = usersGoneFrom(coming, history);
  if (raisedAt === undefined || at === undefined) return undefined;
  const after = inSeconds(Math.max(0, at - raisedAt) / 1_000);
  return { at, text: `all users back ${after} after the alarm`, mark: true };
};

/** What this sight brings to light. */
const newEvents = (memory: Memory, now: Sight): SwapEvent[] => {
  const before = memory.history.at(-1);
  memory.history.push(now);
  const { coming } = memory;
  const events = before === undefined ? [] : eventsBetween(before, now, { coming, alarmName: errorAlarm.name });
  const back = usersBack(memory);
  if (back !== undefined) memory.raisedAt = undefined;
  return back === undefined ? events : [...events, back];
};

const setAlarm = async ({ alarm, speed }: Watching, memory: Memory): Promise<void> => {
  const state = alarmStateFor(memory.history, speed);
  if (state === memory.alarm) return;
  await alarm.set(state, 'by the errors that users got');
  memory.alarm = state;
  if (state === 'ALARM') memory.raisedAt = Date.now();
};

const update = async (watching: Watching, memory: Memory): Promise<void> => {
  for (const event of newEvents(memory, watching.look(memory.alarm))) {
    memory.events.push(event);
    watching.told(event);
  }
  await setAlarm(watching, memory);
};

/** `fails`: rejects when nobody looks any more. */
const waitFor =
  (history: readonly Sight[], fails: Promise<never>): PairWatcher['until'] =>
  async (what, holds) => {
    const from = Date.now();
    for (;;) {
      const now = history.at(-1);
      if (now !== undefined && now.at >= from && holds(now)) return now;
      if (Date.now() - from > patience) throw new Error(`after ${patience / 1_000} s it is still not so: ${what}`);
      await Promise.race([sleep(lookEvery), fails]);
    }
  };

/**
 * Looks at the colours again and again, tells what happens, and is the alarm's metric: it sets its state by the errors
 * that users got, where CloudWatch would.
 */
export const watchPair = (watching: Watching): PairWatcher => {
  const memory: Memory = { history: [], events: [], coming: 'green', alarm: 'OK' };
  const { history, events } = memory;
  let stopped = false;
  const watch = async (): Promise<void> => {
    while (!stopped) {
      await update(watching, memory);
      await sleep(lookEvery);
    }
  };
  const watched = watch();
  const fails = watched.then(() => Promise.reject(new Error('nobody looks any more')));
  // Raised to whoever waits for something, or stops it.
  fails.catch(() => undefined);
  return {
    history: () => history,
    events: () => events,
    expect: (coming, text) => {
      memory.coming = coming;
      events.push({ at: Date.now(), text, mark: true });
    },
    until: waitFor(history, fails),
    stop: () => {
      stopped = true;
      return watched;
    },
  };
};
