import type { FailureName } from './failure.ts';

/** Each failure in one sentence for developers: nothing of AWS's own words, no account, no host. The runbook says more. */
const meanings: Record<FailureName, string> = {
  Misconfigured: 'Drawbridge is not set up completely.',
  TargetMissing: 'The target that this deployment was for is gone, or cannot be used any more.',
  OutsideStack: 'The target names something that Drawbridge may not touch here.',
  NotConfirmed: 'GitLab did not confirm what asked for this deployment.',
  GitLabUnavailable: 'GitLab gave no usable answer for thirty minutes.',
  ImageNameInvalid: 'The name of the image, filled in, is none that an image can have.',
  ImageMissing: 'There is no image of that name.',
  ImageRefused: 'The image is not what it says, or more than is copied.',
  RegistryUnavailable: "GitLab's registry did not answer for half an hour.",
  RegistryRefused: "GitLab's registry does not let Drawbridge read the image.",
  PlatformMissing: 'The image has no variant for what the service runs on.',
  RepositoryMissing: 'The repository that the image is copied to is not there.',
  LayerTooLarge: 'A layer of the image is larger than can be stored.',
  TagTaken: 'The tag names another image already, and may not be moved.',
  SignatureMissing: 'The image has to come with a signature, and has none.',
  CopyTimedOut: 'The image was not copied within six hours.',
  QueueTimedOut: 'It waited fourteen hours for its turn.',
  ServiceMissing: 'The service is not there.',
  UnsupportedService: 'The service is of a kind that Drawbridge does not deploy.',
  NothingToRun: 'The service runs no tasks, so that nothing would show whether the image works.',
  CannotRoll: 'The service leaves no room to start or to stop a task.',
  ContainerMissing: 'The service has no container of a name that the target lists.',
  ServiceBusy: "Somebody else's rollout of the service was under way.",
  NoWayBack: 'There is nothing that the service could be taken back to, so nothing was begun.',
  AmbiguousTraffic: 'It is not plain which colour users are on.',
  ColoursMismatch: 'The two colours cannot stand for each other.',
  CannotCopy: 'The second colour would have to be made, and cannot be made a true copy.',
  ScalingMissing: 'The two colours are not scaled alike.',
  AlarmNotReady: 'An alarm that watches the swap is not there, rings already, or is too slow.',
  RevisionDiffers: 'Something else was registered than was asked for.',
  RolloutFailed: 'The new image does not come to life.',
  RolloutReplaced: "Another rollout took this one's place.",
  RolloutTimedOut: 'The rollout was not completed within its time.',
  GreenUnhealthy: 'The new colour did not get ready.',
  TestFailed: 'The new colour did not answer its test as it should.',
  ColourUnwell: 'A colour with users on it lost healthy tasks.',
  AlarmRaised: 'An alarm went off while users were on the new colour.',
  TrafficTampered: 'Somebody else moved users in the middle of the swap.',
  ServiceTampered: 'Somebody else changed a service in the middle of the swap.',
  RetireIncomplete: 'The old colour could not be taken out of use.',
  UndoFailed: 'Taking the deployment back failed as well.',
  LockLost: 'Another execution took over in the middle of it.',
  ExecutionDied: 'It was stopped from outside, and cleaned up after.',
  AwsUnavailable: 'The cloud did not answer, and nothing had been changed yet.',
  AwsRefused: 'The cloud refused a call that was needed.',
  Interrupted: 'It was broken off after it had begun.',
  Unexpected: 'A fault of Drawbridge itself.',
};

/**
 * What is written on a commit whose deployment failed. Developers read it, and whoever sees the project: so it has our own sentence
 * for the failure, the environment's name, and a link if ops gave one. `runbookUrl`: where the runbook is, without a part; or empty.
 */
export const noteOn = (
  { failure, environment }: { failure: FailureName; environment: string },
  runbookUrl: string,
): string => {
  const name = runbookUrl === '' ? `\`${failure}\`` : `[\`${failure}\`](${runbookUrl}#${failure.toLowerCase()})`;
  return `Deployment to \`${environment}\` failed: ${name}. ${meanings[failure]}`;
};
