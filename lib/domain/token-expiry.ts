const day = 86_400_000;

/** Days that a token outlives the rotation that should replace it: time for a person to see why none did. */
const graceDays = 30;

/** Days left at which the alarm rings and a rotation is begun before its time. */
export const fewDays = 14;

/** YYYY-MM-DD on which a token made now is to die. */
export const expiryOf = (now: Date, rotationDays: number): string =>
  new Date(now.getTime() + (rotationDays + graceDays) * day).toISOString().slice(0, 10);

/** Whole days until a token dies, which it does at 00:00 UTC of `expiresAt`; never less than 0. */
export const daysUntil = (expiresAt: string, now: Date): number =>
  Math.max(0, Math.floor((Date.parse(expiresAt) - now.getTime()) / day));
