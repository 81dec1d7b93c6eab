import type { VersionHistory } from '../../../../local/secrets/accepted-by.ts';
import type { SentHook } from '../../../../local/secrets/hook-stream.ts';

/** A rotation as the demo saw it: the label AWSPENDING came after 10 s, and the version was promoted after 20 s. */
export const history: VersionHistory = {
  versions: new Map([
    ['old-version', { token: 'old' }],
    ['new-version', { token: 'new', signing: 'NEW' }],
  ]),
  sights: [
    { at: 0, current: 'old-version', pending: undefined },
    { at: 10_000, current: 'old-version', pending: 'new-version' },
    { at: 20_000, current: 'new-version', pending: 'new-version' },
  ],
};

const old = { token: 'old' };
const fresh = { token: 'new', signing: 'NEW' };

export const hookAt = (sentAt: number, change: Partial<SentHook> = {}): SentHook => ({
  ...{ sentAt, answeredAt: sentAt + 20, project: 1, status: 200 },
  fingerprints: sentAt < 15_000 ? old : fresh,
  ...change,
});

/** One a second. */
export const sent: readonly SentHook[] = Array.from({ length: 30 }, (_, second) => hookAt(second * 1_000));
