import { pendingVersion } from './pending-version.ts';
import type { SecretDescription } from './rotation.ts';
import { fewDays } from './token-expiry.ts';

/** ms between two rotations that are begun before their time: one that fails must not be begun every hour. */
const startsApart = 86_400_000;

/** What decides whether a rotation is begun before its time. */
export interface DueSight {
  /** of the credentials that it would replace */
  days: readonly (number | undefined)[];
  description: SecretDescription;
  /** ISO 8601: when one was last begun so */
  startedAt: string | undefined;
  now: Date;
}

/** Whether a credential has so few days left, by GitLab's own word, that a rotation is to be begun now. */
export const isRotationDue = ({ days, description, startedAt, now }: DueSight): boolean => {
  if (!days.some((left) => left !== undefined && left <= fewDays) || pendingVersion(description) !== undefined)
    return false;
  return startedAt === undefined || now.getTime() - Date.parse(startedAt) >= startsApart;
};
