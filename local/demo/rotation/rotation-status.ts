import { styleText } from 'node:util';
import type { VersionHistory } from '../../secrets/accepted-by.ts';
import type { SentHook } from '../../secrets/hook-stream.ts';
import { fateOf, hookCounts, type HookCounts } from './hook-counts.ts';

/** The hooks so far, and the versions of the secret that they were sent with. */
export interface HookSight {
  sent: readonly SentHook[];
  history: VersionHistory;
}

const columns = 60;
const columnMs = 500;

/** A version's id as people tell it apart. */
const shortId = (id: string | undefined): string => id?.slice(0, 8) ?? 'none';

const labelsLine = ({ sights }: VersionHistory): string => {
  const { current, pending } = sights.at(-1) ?? {};
  return `hook secret    AWSCURRENT ${shortId(current)}   AWSPENDING ${pending === current ? 'none' : shortId(pending)}`;
};

const column = (hooks: readonly SentHook[], history: VersionHistory): string => {
  const fates = new Set(hooks.map((hook) => fateOf(hook, history)));
  if (fates.size === 0) return ' ';
  if (fates.has('refused')) return styleText('red', '✖');
  if (fates.has('an older version') || fates.has('no version')) return styleText('red', '?');
  return fates.has('AWSPENDING') ? styleText('yellow', '▒') : styleText('green', '█');
};

/** The last half minute, half a second a column: which version accepted what was sent then. */
const picture = ({ sent, history }: HookSight, now: number): string => {
  const from = now - columns * columnMs;
  const of = (index: number) => sent.filter(({ sentAt }) => Math.floor((sentAt - from) / columnMs) === index);
  return Array.from({ length: columns }, (_, index) => column(of(index), history)).join('');
};

export const countsLine = (counts: HookCounts): string => {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const strange = counts['an older version'] + counts['no version'];
  const by = `accepted by AWSCURRENT ${counts.AWSCURRENT}, by AWSPENDING ${counts.AWSPENDING}, by anything else ${strange}`;
  return `${all} hooks: ${by}; refused ${counts.refused}`;
};

/** How often which answer came that let no hook pass; nothing when there was none. */
export const refusals = (sent: readonly SentHook[], history: VersionHistory): string => {
  const statuses = sent.filter((hook) => fateOf(hook, history) === 'refused').map(({ status }) => String(status));
  return [...new Set(statuses)]
    .map((status) => `${status} × ${statuses.filter((one) => one === status).length}`)
    .join(', ');
};

const counted = ({ sent, history }: HookSight): string[] => {
  const answers = refusals(sent, history);
  return [countsLine(hookCounts(sent, history)), ...(answers === '' ? [] : [`not accepted: ${answers}`])];
};

/** What is so right now, as people look at it. */
export const statusLines = (seen: HookSight, now: number): string[] => [
  labelsLine(seen.history),
  `hooks          ${picture(seen, now)}`,
  `               ${styleText('green', '█')} by AWSCURRENT   ${styleText('yellow', '▒')} by AWSPENDING   ${styleText('red', '✖')} refused`,
  ...counted(seen),
];

/** The same in one line. */
export const statusGist = (seen: HookSight): string[] => counted(seen);
