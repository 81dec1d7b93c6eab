import { DeployFailure, type FailureName } from '../../lib/domain/failure.ts';

/** What a pure decision refuses with; undefined when it does not refuse. */
export const refusalOf = (decide: () => unknown): { name: FailureName; because: string } | undefined => {
  try {
    decide();
    return undefined;
  } catch (error) {
    if (!(error instanceof DeployFailure)) throw error;
    return { name: error.name, because: error.because };
  }
};
