import type { RotationStep } from '../../lib/domain/rotation.ts';

/** One call of the rotation's Lambda. Times are ms since the epoch, real time. */
export interface StepView {
  step: RotationStep;
  began: number;
  ended?: number;
  /** the name of what it failed with */
  error?: string;
}

/** One rotation that Secrets Manager was asked for. */
export interface RotationView {
  /** the secret's name */
  secret: string;
  version: string;
  began: number;
  /** all calls so far, those that failed included */
  steps: StepView[];
  /** `promoted`: its version is AWSCURRENT; `given up`: AWSPENDING was taken off it; `tested`: it was to be no more than that */
  end?: 'promoted' | 'given up' | 'tested';
}
