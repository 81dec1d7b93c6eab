import type { Instance } from './world.ts';

/** The API's form, always: ISO 8601 with milliseconds. */
export const apiDate = (ms: number): string => new Date(ms).toISOString();

export const apiDateOrNull = (ms: number | undefined): string | null => (ms === undefined ? null : apiDate(ms));

/** `2026-01-05 09:30:00 UTC`: how hooks wrote times before 19.x made them ISO 8601. */
const rubyDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A hook's form: by the instance, see Instance.hookDates. */
export const hookDate = (instance: Instance, ms: number): string =>
  instance.hookDates === 'iso' ? apiDate(ms) : rubyDate(ms);

export const hookDateOrNull = (instance: Instance, ms: number | undefined): string | null =>
  ms === undefined ? null : hookDate(instance, ms);

/** Job hooks have every time a second time, to the second, in `…_iso` fields. */
export const secondsDateOrNull = (ms: number | undefined): string | null =>
  ms === undefined ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Git's own times: 2026-01-05T09:30:00+00:00 */
export const commitDate = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;

/** Seconds between two times, null when one is not there yet. */
export const secondsBetween = (from: number | undefined, to: number | undefined): number | null =>
  from === undefined || to === undefined ? null : (to - from) / 1000;
