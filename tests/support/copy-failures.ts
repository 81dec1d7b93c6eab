import type { FailureName } from '../../lib/domain/failure.ts';

/** What only a copy fails as: reached in tests/workflow/copying.test.ts, all else in endings.test.ts. */
export const copyFailures: readonly FailureName[] = [
  'ImageRefused',
  'RegistryRefused',
  'PlatformMissing',
  'RepositoryMissing',
  'LayerTooLarge',
  'TagTaken',
  'SignatureMissing',
  'CopyTimedOut',
];
