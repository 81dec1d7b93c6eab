import { DeployFailure } from '../domain/failure.ts';
import type { RotationJournal, RotationRecord } from '../ports/rotation-journal.ts';

const tries = 5;

/**
 * Changes what is remembered of a secret, also while others write; the same record, handed back, is not written. Raises
 * AwsUnavailable when others were faster at every try.
 */
export const remember = async (
  journal: RotationJournal,
  change: (record: RotationRecord) => RotationRecord,
): Promise<void> => {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    const record = await journal.read();
    const next = change(record);
    if (next === record || (await journal.write(next))) return;
  }
  throw new DeployFailure('AwsUnavailable', 'the journal of the rotation changed at every try');
};
