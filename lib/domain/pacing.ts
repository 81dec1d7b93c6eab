/**
 * Deadlines are counted in waits, in the task's own output, never by the clock: a workflow that was slow to be
 * scheduled, or a machine that sleeps, must not end a deployment that nobody looked at.
 */
export interface Pace {
  /** seconds waited in this phase */
  phase: number;
  /** seconds waited since the deployment was admitted, over all phases */
  total: number;
}

export interface Wait extends Pace {
  /** seconds until the next look: what the workflow's Wait state reads */
  seconds: number;
}

export interface Interval {
  /** seconds between looks at first */
  fast: number;
  /** seconds between looks afterwards */
  slow: number;
  /** seconds after which looks become slow */
  fastFor: number;
}

/** Counts the wait that now begins. */
export const nextWait = (pace: Pace, { fast, slow, fastFor }: Interval, by: 'phase' | 'total'): Wait => {
  const seconds = pace[by] < fastFor ? fast : slow;
  return { phase: pace.phase + seconds, total: pace.total + seconds, seconds };
};

/** How many looks in a row may show what was before our latest write (a stale read) until they are believed. */
export const maxStaleLooks = 3;

/** Seconds of looking after which an announced write that no look has shown never came to be: a read may lag. */
export const certainAfter = 45;

export const minutes = (count: number): number => count * 60;
export const hours = (count: number): number => count * 3600;
