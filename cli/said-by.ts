import { DeployFailure, RotationFailure } from '../lib/domain/failure.ts';

/** What an error says, with its name where that says something. */
export const saidBy = (error: unknown): string => {
  if (error instanceof DeployFailure || error instanceof RotationFailure) return `${error.name}: ${error.because}`;
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
};
