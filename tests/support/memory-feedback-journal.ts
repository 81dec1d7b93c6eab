import { freshState, type FeedbackState } from '../../lib/domain/feedback.ts';
import type { FeedbackJournal } from '../../lib/ports/feedback-journal.ts';

/** Feedback's journal in memory; tests may look at it. */
export interface MemoryFeedbackJournal extends FeedbackJournal {
  states: Map<string, FeedbackState>;
  /** `<project>/<GitLab's id>` → deployment */
  claims: Map<string, string>;
}

export const memoryFeedbackJournal = (): MemoryFeedbackJournal => {
  const [states, claims] = [new Map<string, FeedbackState>(), new Map<string, string>()];
  return {
    states,
    claims,
    read: async (deployment) => Promise.resolve(structuredClone(states.get(deployment) ?? freshState)),
    write: async (deployment, state) => {
      if ((states.get(deployment) ?? freshState).revision !== state.revision) return Promise.resolve(false);
      states.set(deployment, { ...structuredClone(state), revision: state.revision + 1 });
      return Promise.resolve(true);
    },
    claim: async (deployment, { project, id }) => {
      const key = `${project}/${id}`;
      if (!claims.has(key)) claims.set(key, deployment);
      return Promise.resolve(claims.get(key) === deployment);
    },
  };
};
