import { DeployFailure } from '../domain/failure.ts';

/** It does not answer; a later try may help. `failure`: what to end with when none did. */
export interface Unavailable {
  state: 'unavailable';
  failure: DeployFailure;
}

/** What asking about a cause came to. `superseded`: it was so, and is of no interest any more. */
export type Asked<T> =
  | { state: 'confirmed'; confirmation: T }
  | { state: 'unsettled' | 'contradicted' | 'superseded'; because: string }
  | Unavailable;

/** GitLab does not answer. */
export const unanswered = ({ because }: { because: string }): Unavailable => ({
  state: 'unavailable',
  failure: new DeployFailure('GitLabUnavailable', because),
});

/** What GitLab's registry answers; that it does not is an answer as well. Raises all else. */
export const askRegistry = async <T>(ask: () => Promise<T>): Promise<{ state: 'found'; value: T } | Unavailable> => {
  try {
    return { state: 'found', value: await ask() };
  } catch (error) {
    if (error instanceof DeployFailure && error.name === 'RegistryUnavailable')
      return { state: 'unavailable', failure: error };
    throw error;
  }
};
