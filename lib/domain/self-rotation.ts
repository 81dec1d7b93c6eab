/** ms after which a call of self/rotate is given up. */
export const selfRotateLimit = 30_000;

/** ms between two answers "alive" after which a call that was given up is taken to have never been done: GitLab drops a request within 60 s. */
const provenApart = 60_000;

/** ms after which the invocation that made a call is gone, and with it an answer that it may have kept. */
const invocationLimit = 180_000;

/** A call of self/rotate whose outcome is not known. Times are ISO 8601, our clock. */
export interface OpenAttempt {
  /** just before the call */
  at: string;
  /** when the old token was first found alive after the call's time-out */
  aliveAt?: string;
}

/** Whether GitLab takes the old token. `asked` and `answered`: our clock before and after the question. */
export interface Sight {
  alive: boolean;
  asked: Date;
  answered: Date;
}

export type SelfStep =
  /** no attempt is open: one may be journalled, then made */
  | { do: 'attempt' }
  | { do: 'note alive'; aliveAt: string }
  /** it cannot be known yet: look again after so many ms */
  | { do: 'wait'; milliseconds: number }
  /** the old token is dead, and nobody began to replace it */
  | { do: 'dead' }
  /** the old token is dead, and whoever replaced it lost the new one */
  | { do: 'lost' };

const waitUntil = (time: number, { asked }: Sight): SelfStep | undefined => {
  const milliseconds = time - asked.getTime();
  return milliseconds > 0 ? { do: 'wait', milliseconds } : undefined;
};

const whenAlive = ({ at, aliveAt }: OpenAttempt, sight: Sight): SelfStep => {
  // What was asked within the call's time-out says nothing: GitLab may do the call after it.
  const tooEarly = waitUntil(Date.parse(at) + selfRotateLimit + 1, sight);
  if (tooEarly !== undefined) return tooEarly;
  if (aliveAt === undefined) return { do: 'note alive', aliveAt: sight.answered.toISOString() };
  return waitUntil(Date.parse(aliveAt) + provenApart, sight) ?? { do: 'attempt' };
};

/**
 * What to do next where a token replaces itself. Asked with a revoked token, self/rotate revokes the new one too: so it
 * is called only after an answer "alive", and after a call of unknown outcome only when two such answers, later than its
 * time-out and at least 60 s apart, say that it was never done.
 */
export const nextSelfStep = (attempt: OpenAttempt | undefined, sight: Sight): SelfStep => {
  if (attempt === undefined) return { do: sight.alive ? 'attempt' : 'dead' };
  if (sight.alive) return whenAlive(attempt, sight);
  return waitUntil(Date.parse(attempt.at) + invocationLimit, sight) ?? { do: 'lost' };
};

/** ms within which a journalled attempt must be made: the time-out that others wait for is reckoned from its `at`. */
const freshFor = 10_000;

/** Whether a journalled attempt may still be made: not when writing it took so long that others may soon take it for ended. */
export const isFresh = ({ at }: OpenAttempt, now: Date): boolean => now.getTime() - Date.parse(at) < freshFor;
