/**
 * A GitLab date as ISO 8601 UTC in whole seconds: both `2026-08-12 15:23:28 UTC` and `2026-08-12T15:23:28.123Z` are
 * sent. Undefined when there is none or it is no date.
 */
export const wholeSeconds = (date: string | null | undefined): string | undefined => {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
};
