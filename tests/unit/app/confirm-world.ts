import { confirm, type ConfirmInput, type ConfirmOutput } from '../../../lib/app/confirm.ts';
import type { Target } from '../../../lib/domain/target.ts';
import { memoryJournal } from '../../support/memory-journal.ts';
import { memoryGitlab, memoryTags, memoryTargets, stoppedClock } from '../../support/memory-ports.ts';
import { bounds, pipelineCause, project } from '../../support/samples.ts';

/** Confirm in front of ports in memory; a minute after what the samples finished. */
export const noWait = { unsettled: 0, unreachable: 0, seconds: 15 };
export const input: ConfirmInput = {
  execution: 'web-1',
  target: { project, name: 'web' },
  cause: pipelineCause,
  wait: noWait,
};

export const confirmWorld = (...targets: Target[]) => {
  const ports = {
    targets: memoryTargets(...targets),
    gitlab: memoryGitlab(),
    registry: memoryTags(),
    journal: memoryJournal(),
    bounds,
    clock: stoppedClock('2026-01-05T09:41:00Z'),
  };
  return { ...ports, ask: (change: Partial<ConfirmInput> = {}) => confirm(ports)({ ...input, ...change }) };
};
export type ConfirmWorld = ReturnType<typeof confirmWorld>;

/** Asks as the workflow does, until it fails; answers the seconds waited. NaN when it came to an end. */
export const patience = async ({ ask }: ConfirmWorld, cause = input.cause): Promise<number> => {
  let wait = noWait;
  for (let waited = 0; ; waited += wait.seconds) {
    let output: ConfirmOutput;
    try {
      output = await ask({ cause, wait });
    } catch {
      return waited;
    }
    if (!('wait' in output)) return Number.NaN;
    ({ wait } = output);
  }
};
