/**
 * World time: what the rehearsal's AWS and GitLab live by, in milliseconds since the epoch.
 * The deployed rehearsal runs it faster than real time, the workflow tests move it by hand.
 */
export interface Clock {
  now(): number;
  /** Runs `act` once `ms` of world time have passed; the returned function cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** World time that starts at the real time and then runs `speed` times as fast. Its timers never keep a process alive. */
export const scaledClock = (speed: number): Clock => {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * speed,
    after: (ms, act) => {
      const timer = setTimeout(act, ms / speed);
      timer.unref();
      return () => {
        clearTimeout(timer);
      };
    },
  };
};

export interface VirtualClock extends Clock {
  /** Moves time on by `ms`, running everything that falls due on the way, in order of its time. */
  advance(ms: number): void;
}

export const virtualClock = (start = Date.parse('2026-01-01T00:00:00Z')): VirtualClock => {
  let now = start;
  let due: { at: number; act: () => void }[] = [];
  return {
    now: () => now,
    after: (ms, act) => {
      const entry = { at: now + Math.max(0, ms), act };
      due.push(entry);
      return () => {
        due = due.filter((other) => other !== entry);
      };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const next = due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        due = due.filter((other) => other !== next);
        now = next.at;
        next.act();
      }
      now = end;
    },
  };
};
