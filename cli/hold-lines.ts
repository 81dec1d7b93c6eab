import type { Hold } from '../lib/domain/order.ts';
import { exitCodes } from './exit-codes.ts';
import type { HoldOutput } from './hold.ts';
import type { Printed } from './printed.ts';

/** A hold in a few words. */
export const holdWords = ({ kind, by, since, because }: Hold): string =>
  `${kind === 'rollback' ? 'held by a rollback' : 'held'} by ${by} since ${since}${because === undefined ? '' : `: ${because}`}`;

const was = (hold: Hold | undefined): string => (hold === undefined ? 'was not held' : `was ${holdWords(hold)}`);

const linesOf = (output: HoldOutput): string[] => {
  const { target, state } = output;
  if (state === 'refused') return [`${target}: ${output.because}; nothing was written`];
  if (state === 'unchanged') return [`${target} ${was(output.before)}; nothing was changed`];
  if (state === 'released') return [`${target} is released; it ${was(output.before)}`];
  const now = output.now === undefined ? '' : holdWords(output.now);
  return [`${target} is ${now}; before, it ${was(output.before)}`];
};

export const holdLines = (output: HoldOutput): Printed => ({
  lines: linesOf(output),
  value: output,
  code: output.state === 'refused' ? exitCodes.wrong : exitCodes.well,
});
