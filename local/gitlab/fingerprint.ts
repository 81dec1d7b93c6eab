import { createHash } from 'node:crypto';

/** Which secret it is, for those who have it too, and of no use to others. */
export const fingerprint = (secret: string): string => createHash('sha256').update(secret).digest('hex').slice(0, 16);
