import { DeployFailure } from '../domain/failure.ts';
import type { Pause } from '../ports/clock.ts';
import type { Answer } from '../ports/gitlab.ts';

export interface TimePorts {
  /** ms that are left of this invocation */
  remaining: () => number;
  pause: Pause;
}

/** The time of one invocation, shared by all that goes on in it. */
export interface TimeLeft {
  isOver: () => boolean;
  /**
   * What GitLab answers. Where it wants to be left alone for a while, it is asked again after that; undefined when there is no time for
   * it, and then nobody else has any either. Raises GitLabUnavailable when it answers nothing, or knows no such project.
   */
  ask: <T extends object>(question: () => Promise<Answer<T>>) => Promise<T | undefined>;
}

/** ms. What was begun must end: a question of each kind, two tries of each, and the start of what was missed. */
const reserve = 45_000;

const valueOf = <T>(answer: Answer<T>): T => {
  if (answer.state === 'found') return answer.value;
  const because = answer.state === 'missing' ? 'GitLab does not know it, or does not show it to us' : answer.because;
  throw new DeployFailure('GitLabUnavailable', because);
};

export const timeLeft = ({ remaining, pause }: TimePorts): TimeLeft => {
  let over = false;

  const allows = (ms: number): boolean => {
    over ||= remaining() - ms < reserve;
    return !over;
  };

  const ask: TimeLeft['ask'] = async (question) => {
    while (allows(0)) {
      const answer = await question();
      if (answer.state !== 'unavailable' || answer.retryAfter === undefined) return valueOf(answer);
      const wait = Math.max(1, answer.retryAfter) * 1_000;
      if (allows(wait)) await pause(wait);
    }
    return undefined;
  };

  return { isOver: () => !allows(0), ask };
};
