import type { SecretDescription } from '../lib/domain/rotation.ts';

/** What rotates a stage's secrets, as the deployed function is configured. */
export interface RotationStack {
  rotationFunctionArn: string;
  /** names */
  hookSecret: string;
  gitlabSecret: string;
  managerSecret: string;
  rotationDays: number;
}

export interface DescribedSecret extends SecretDescription {
  arn: string;
}

/** One step that the rotation's function has logged: a `result`, or the `failure`'s name and its sentence. */
export interface LoggedStep {
  secretArn: string;
  step: string;
  result?: string;
  failure?: string;
  because?: string;
}

/** What Secrets Manager is told when a secret's rotation was not configured yet. */
export interface RotationSetup {
  functionArn: string;
  days: number;
}

/** What tending came to, for the one line that is shown of it. */
export interface TendedNow {
  revoked: number;
  foreign: number;
}

/** One stage's rotations, as ops begin and follow them. Each method raises AWS's own error when it refuses or does not answer. */
export interface RotationDesk {
  stack(): Promise<RotationStack>;
  /** By name. */
  describe(secret: string): Promise<DescribedSecret>;
  /** Gives a secret without any value an empty one: Secrets Manager rotates nothing that has none. */
  fillEmpty(secret: string): Promise<void>;
  /** Begins a rotation; answers the version that is to come. */
  start(secret: string, setup: RotationSetup | undefined): Promise<string>;
  /** What was logged since then, oldest first; some seconds late. */
  steps(since: Date): Promise<LoggedStep[]>;
  /** Has predecessors revoked at once. */
  revokeNow(): Promise<TendedNow>;
}
