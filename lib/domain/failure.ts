/**
 * Every failure a deployment may end with. `name` is written out, never derived from a class: bundlers rename
 * classes, and Step Functions matches `ErrorEquals` on `error.name`. The runbook has one heading for each.
 */
export const failureNames = [
  'Misconfigured',
  'TargetMissing',
  'OutsideStack',
  'NotConfirmed',
  'GitLabUnavailable',
  'ImageNameInvalid',
  'ImageMissing',
  'ImageRefused',
  'RegistryUnavailable',
  'RegistryRefused',
  'PlatformMissing',
  'RepositoryMissing',
  'LayerTooLarge',
  'TagTaken',
  'SignatureMissing',
  'CopyTimedOut',
  'QueueTimedOut',
  'ServiceMissing',
  'UnsupportedService',
  'NothingToRun',
  'CannotRoll',
  'ContainerMissing',
  'ServiceBusy',
  'NoWayBack',
  'AmbiguousTraffic',
  'ColoursMismatch',
  'CannotCopy',
  'ScalingMissing',
  'AlarmNotReady',
  'RevisionDiffers',
  'RolloutFailed',
  'RolloutReplaced',
  'RolloutTimedOut',
  'GreenUnhealthy',
  'TestFailed',
  'ColourUnwell',
  'AlarmRaised',
  'TrafficTampered',
  'ServiceTampered',
  'RetireIncomplete',
  'UndoFailed',
  'LockLost',
  'ExecutionDied',
  'AwsUnavailable',
  'AwsRefused',
  'Interrupted',
  'Unexpected',
] as const;
export type FailureName = (typeof failureNames)[number];

/** Ends that left nothing written: the same cause, told again, may try again under a new execution name. */
export const retryableNames: readonly FailureName[] = [
  'Misconfigured',
  'NotConfirmed',
  'GitLabUnavailable',
  'ImageMissing',
  'RegistryUnavailable',
  'RegistryRefused',
  'RepositoryMissing',
  'SignatureMissing',
  'CopyTimedOut',
  'QueueTimedOut',
  'ServiceBusy',
  'AlarmNotReady',
  'AwsUnavailable',
];

/** Thrown names that a workflow task is tried again for: the next try may well succeed. */
export const transientNames = ['AwsUnavailable'] as const satisfies readonly FailureName[];

/** Facts that are safe to show: names, ARNs and counts of ours; never a header, token, body or container value. */
export type Facts = Record<string, string | number | boolean | readonly string[]>;

const listed = new Set<string>(failureNames);
export const isFailureName = (name: string): name is FailureName => listed.has(name);

/**
 * Every failure that a step of a rotation may end with, beside those that it shares with deployments (`Misconfigured`,
 * `GitLabUnavailable`, `AwsUnavailable`, `AwsRefused`, `Unexpected`). Secrets Manager tries the step again later. The
 * runbook has one heading for each.
 */
export const rotationFailureNames = [
  'RotationRefused',
  'BaseChanged',
  'OutOfReach',
  'GitLabRefused',
  'SigningUnsupported',
  'NotProven',
  'TokenDead',
  'TokenLost',
] as const;
export type RotationFailureName = (typeof rotationFailureNames)[number];

/**
 * Something cannot go on, and its name says what. The message is JSON, because it is all that Step Functions keeps of an
 * error: `{"because": "<sentence>", ...facts}`.
 */
class NamedFailure<Name extends string> extends Error {
  override readonly name: Name;
  readonly because: string;
  readonly facts: Facts;

  constructor(name: Name, because: string, more: { facts?: Facts; cause?: unknown } = {}) {
    super(JSON.stringify({ because, ...more.facts }));
    this.name = name;
    this.because = because;
    this.facts = more.facts ?? {};
    Object.defineProperty(this, 'cause', { value: more.cause, enumerable: false });
  }
}

/** A deployment cannot go on. */
export class DeployFailure extends NamedFailure<FailureName> {}

/** A step of a rotation cannot go on. */
export class RotationFailure extends NamedFailure<RotationFailureName> {}

/** GitLab does not want to be asked so often; it has done nothing. */
export const isThrottled = (error: unknown): boolean =>
  error instanceof DeployFailure && error.name === 'GitLabUnavailable' && error.facts['status'] === 429;

/** The sentence alone. */
export const becauseOf = ({ message }: DeployFailure): string => (JSON.parse(message) as { because: string }).because;

/**
 * Why a hook is turned away: `refused` is a stranger (401); `ignored` an authentic hook with nothing for us, `expiring` one that
 * warns of a token's end, `unreadable` one that may have had something for us (all three 200).
 */
export type RejectionKind = 'refused' | 'ignored' | 'expiring' | 'unreadable';

/** The caller's fault. `reason` is shown to GitLab's maintainers, but for `refused` to nobody. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly kind: RejectionKind;
  readonly reason: string;

  constructor(kind: RejectionKind, reason: string) {
    super(reason);
    this.kind = kind;
    this.reason = reason;
  }
}
