import type { RotateSecretInput, RotateSecretOutput } from '../app/rotate-secret.ts';
import { countRotationFailure } from './log.ts';
import { task } from './task.ts';

/** As Secrets Manager calls: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html */
export interface StepEvent {
  SecretId: string;
  ClientRequestToken: string;
  Step: string;
}

interface Context {
  getRemainingTimeInMillis: () => number;
}

/** The verb, for an invocation that has `remaining` ms left. */
type VerbFor = (remaining: () => number) => (input: RotateSecretInput) => Promise<RotateSecretOutput>;

/** Secrets Manager's call in our words; a failure that only a person can repair is counted for its alarm. */
export const rotationStep =
  (verbFor: VerbFor) =>
  async (event: StepEvent, context: Context): Promise<RotateSecretOutput> => {
    const input = { secretId: event.SecretId, version: event.ClientRequestToken, step: event.Step };
    try {
      return await task(
        'rotate-secret',
        verbFor(() => context.getRemainingTimeInMillis()),
      )(input);
    } catch (error) {
      countRotationFailure(error);
      throw error;
    }
  };
