import type { SecretDescription } from '../domain/rotation.ts';

/** One step of one rotation. */
export interface RotationInput {
  /** name or ARN */
  secret: string;
  /** the version that is to come, ClientRequestToken of Secrets Manager's call */
  version: string;
  description: SecretDescription;
}

/** What a step came to, for its log line: a word or a short sentence without a value. */
export type StepResult = string;

/**
 * Secrets Manager's four steps for one secret. Each may be called any number of times, also beside itself, and may die
 * after any call it makes. The guards that hold for every secret have passed.
 */
export interface Rotation {
  createSecret: (input: RotationInput) => Promise<StepResult>;
  setSecret: (input: RotationInput) => Promise<StepResult>;
  testSecret: (input: RotationInput) => Promise<StepResult>;
  finishSecret: (input: RotationInput) => Promise<StepResult>;
}
