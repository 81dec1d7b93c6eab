import { copyLines } from './copy-progress.ts';
import { causeWords, commitWords } from './deployment-words.ts';
import { median } from './past-seconds.ts';
import { phasesOf, type Phase } from './phases.ts';
import type { SharesSight, Sight, TaskSight } from './sight.ts';
import { inMinutes, plural } from './words.ts';

const marks: Readonly<Record<Phase['state'], string>> = { done: '✔', now: '●', 'to come': '○', failed: '✖' };
const barWidth = 30;

const headLine = ({ deployment, record }: Sight): string => {
  if (record === undefined) return deployment;
  const what = [commitWords(record), causeWords(record.cause)].filter((part) => part !== '').join(', ');
  return `${deployment} on ${record.target}: ${what}`;
};

/** All phases in one line, with what goes on now in the next. */
const phaseLines = (phases: readonly Phase[]): string[] => {
  const picture = phases.map(({ name, state }) => `${marks[state]} ${name}`).join('  ');
  const now = phases.find(({ state }) => state === 'now');
  return now === undefined ? [picture] : [picture, `${now.name}: ${now.does}`];
};

const taskLine = ({ service, running, desired, ours }: TaskSight): string => {
  const mine =
    ours === undefined ? '' : `, of the new revision ${ours.running} of ${ours.desired} (${ours.pending} pending)`;
  return `tasks ${service} ${running} running of ${desired}${mine}`;
};

const shareLine = ({ live, idle }: SharesSight): string => {
  const filled = Math.round((idle.percent / 100) * barWidth);
  const bar = `${'░'.repeat(barWidth - filled)}${'█'.repeat(filled)}`;
  return `users ${live.service} ${bar} ${idle.service}  ${live.percent} : ${idle.percent} %`;
};

const rounded = (seconds: number): string =>
  seconds < 10
    ? 'a few seconds'
    : `about ${inMinutes(seconds < 90 ? Math.ceil(seconds / 5) * 5 : Math.ceil(seconds / 30) * 30)}`;

/** How much longer, as far as the past tells. */
export const timeLeft = ({ at, record, past }: Pick<Sight, 'at' | 'record' | 'past'>): string => {
  if (record === undefined) return '';
  const elapsed = (at.getTime() - Date.parse(record.openedAt)) / 1_000;
  const so = `${inMinutes(Math.max(0, elapsed))} so far`;
  const usual = median(past);
  if (usual === undefined) return `${so}; no earlier deployment of this target tells how long it takes`;
  const by = `${inMinutes(usual)} by ${plural(past.length, 'earlier deployment')}`;
  return usual <= elapsed ? `${so}, longer than usual: ${by}` : `${so}, ${rounded(usual - elapsed)} left: ${by}`;
};

const troubleLines = ({ record, execution, unseen }: Sight): string[] => [
  ...(execution?.state === 'failed' && record !== undefined && record.end === undefined
    ? ['its execution is dead; a recovery cleans up after it']
    : []),
  ...unseen.map((what) => `not seen: ${what}`),
];

const partLines = (sight: Sight): string[] => [
  ...(sight.behind === undefined ? [] : [`waits behind ${sight.behind}`]),
  ...sight.tasks.map(taskLine),
  ...(sight.shares === undefined ? [] : [shareLine(sight.shares)]),
  ...troubleLines(sight),
];

/** What is so right now, as a block. */
export const blockLines = (sight: Sight): string[] => [
  headLine(sight),
  ...phaseLines(phasesOf(sight)).map((line) => `  ${line}`),
  ...copyLines(sight.layers).map((line) => `  ${line}`),
  ...[...partLines(sight), timeLeft(sight)].filter((line) => line !== '').map((line) => `  ${line}`),
];

/** By tenths, so that a line for each change is not a line for each look. */
const copyTenths = ({ layers }: Sight): string[] => {
  const moving = layers.filter(({ present }) => !present);
  const size = moving.reduce((sum, layer) => sum + layer.size, 0);
  if (size === 0) return [];
  const came = moving.reduce((sum, layer) => sum + layer.came, 0);
  return [`image ${Math.floor((10 * came) / size) * 10} % of ${plural(moving.length, 'layer')} copied`];
};

/** The same as lines to add below each other, each told when it has changed: nothing in them counts seconds. */
export const changeLines = (sight: Sight): string[] => {
  const now = phasesOf(sight).find(({ state }) => state === 'now');
  return [
    headLine(sight),
    ...(now === undefined ? [] : [`${now.name}: ${now.does}`]),
    ...copyTenths(sight),
    ...partLines(sight),
  ];
};
