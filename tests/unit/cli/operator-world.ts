import type { ExecutionStep, ExecutionView } from '../../../cli/executions.ts';
import type { Sight } from '../../../cli/sight.ts';
import type { Target } from '../../../lib/domain/target.ts';
import type { ServiceState } from '../../../lib/domain/rollout.ts';
import type { Action } from '../../../lib/domain/traffic.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';
import { memoryHistory } from '../../support/memory-history.ts';
import { memoryJournal } from '../../support/memory-journal.ts';
import { memoryTargets, memoryWorkflows } from '../../support/memory-ports.ts';
import { service, target } from '../../support/samples.ts';

/** What an operator's commands see, in memory, on time that passes only while they wait. */
export const operatorWorld = (...targets: Target[]) => {
  let now = Date.parse('2026-01-05T12:00:00.500Z');
  const journal = memoryJournal();
  const executions = new Map<string, ExecutionView & { steps?: ExecutionStep[] }>();
  const services = new Map<string, ServiceState>([['web', service()]]);
  const shown: Sight[] = [];
  /** one for each wait; nothing more happens after the last one */
  const meanwhile: (() => void)[] = [];
  let interrupt = (): void => undefined;
  const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
  const ports = {
    journal,
    history: memoryHistory(journal),
    copies: memoryCopyJournal(),
    store: { available: () => Promise.resolve<ReadonlySet<string>>(new Set()) },
    fleet: { service: ({ service: name }: { service: string }) => Promise.resolve(services.get(name)) },
    traffic: { actions: (): Promise<readonly Action[] | undefined> => Promise.resolve(undefined) },
    executions: {
      find: (name: string) => Promise.resolve(executions.get(name)),
      running: () =>
        Promise.resolve([...executions].filter(([, { state }]) => state === 'running').map(([name]) => name)),
      steps: (name: string) => Promise.resolve(executions.get(name)?.steps),
    },
    targets: memoryTargets(...(targets.length === 0 ? [target()] : targets)),
    workflows: memoryWorkflows(),
    caller: () => Promise.resolve('jane'),
    clock: () => new Date(now),
    pause: (ms: number) => {
      now += ms;
      meanwhile.shift()?.();
      return Promise.resolve();
    },
    interrupted,
    show: (sight: Sight) => void shown.push(sight),
  };
  return {
    ports,
    journal,
    executions,
    services,
    shown,
    meanwhile,
    interrupt: () => {
      interrupt();
    },
  };
};
