import { recover } from '../../../lib/app/recover.ts';
import type { HookCause } from '../../../lib/domain/cause.ts';
import type { Journal } from '../../../lib/ports/journal.ts';
import type { LocalAws } from '../../../local/aws.ts';
import type { ImageBehaviour } from '../../../local/fleet/seeds.ts';
import type { Run } from '../workflow-machine.ts';
import {
  closeParts,
  releaser,
  releaserToRegistry,
  startParts,
  workflowIn,
  type Parts,
  type WorkflowWorld,
} from '../workflow-world.ts';
import { targetDocument } from '../samples.ts';
import { watchedClient } from './aws-calls.ts';
import { colourStage, type ColourStage } from './colour-stage.ts';
import type { Disturbance } from './fault.ts';
import { watchedFetch } from './gitlab-calls.ts';
import { lateLambdas } from './late-lambdas.ts';
import { outwardCalls, type OutwardCalls } from './outward-calls.ts';
import { realPorts } from './real-ports.ts';
import type { RecordedRun } from './recorded-run.ts';
import { watchedRegistry } from './registry-calls.ts';
import { watchedWorkflows } from './workflow-calls.ts';

/** A workflow world whose every outward call is seen and may be disturbed. */
export interface MatrixWorld extends Parts {
  outward: OutwardCalls;
  journal: Journal;
  traffic: WorkflowWorld['traffic'];
  /** where colours are swapped */
  stage?: ColourStage;
  /** how each execution ended, by name */
  ends: Map<string, Run>;
  release: (behaviour: ImageBehaviour) => Promise<HookCause>;
  /** Runs a deployment, and after it what AWS starts when an execution ends badly, until nothing more comes. */
  deploy: (cause: HookCause, stops?: StopsAt) => Promise<string>;
  /** lets so many seconds of world time pass */
  rest: (seconds: number) => void;
  close: () => Promise<void>;
}

/** The states at whose entry executions are stopped. */
export interface StopsAt {
  deployment?: string | undefined;
  /** its first recovery */
  recovery?: string | undefined;
}

let worlds = 0;

export const startMatrixWorld = async (
  aws: LocalAws,
  run: Pick<RecordedRun, 'service' | 'timeoutMinutes' | 'copied' | 'swap'>,
  disturbance?: Disturbance,
): Promise<MatrixWorld> => {
  worlds += 1;
  const parts = await startParts(run.service);
  const stops = new Map<string, () => void>();
  const late = lateLambdas();
  const outward = outwardCalls({ stop: (execution) => stops.get(execution)?.(), late: late.wait }, disturbance);
  const copied = run.copied ?? false;
  const name = `matrix-${worlds}`;
  const stage = run.swap === undefined ? undefined : await colourStage(aws, parts, { name, swap: run.swap });
  const strategy = { ...(stage?.strategy ?? targetDocument.strategy), timeout_minutes: run.timeoutMinutes };
  const ports = await realPorts(aws, { name, gitlab: parts.gitlab, copied, strategy }, outward);
  let stopsAt: StopsAt = {};
  const flow = workflowIn(parts, ports, {
    client: (client) => watchedClient(client, outward),
    registry: (registry) => watchedRegistry(registry, outward),
    workflows: (workflows) => watchedWorkflows(workflows, outward),
    tasks: (execution, tasks) => outward.tasks(execution, stage?.tasks(tasks) ?? tasks),
    begin: (execution) => {
      const stopAt = execution.endsWith('-recover') ? stopsAt.recovery : undefined;
      const begun = (stop: () => void): void => {
        stops.set(execution, stop);
        late.letGo(flow.time, outward.idle);
      };
      return { begun, ...(stopAt === undefined ? {} : { stopAt }) };
    },
  });
  const ends = new Map<string, Run>();
  const told = new Set<string>();

  /** EventBridge's rule: the recovery is told of each bad end, once. */
  const cleanUp = async (): Promise<void> => {
    for (const [name, ending] of flow.recoveries) ends.set(name, await ending);
    const bad = [...ends].filter(([name, { status }]) => status !== 'succeeded' && !told.has(name));
    for (const [execution] of bad) {
      told.add(execution);
      await recover({ journal: ports.journal, workflows: flow.workflows })({ execution });
    }
    if (bad.length > 0) await cleanUp();
  };

  const real = globalThis.fetch;
  globalThis.fetch = watchedFetch(real, outward);
  return {
    ...parts,
    outward,
    journal: ports.journal,
    traffic: flow.traffic,
    ...(stage === undefined ? {} : { stage }),
    ends,
    release: copied ? releaserToRegistry(parts) : releaser(parts),
    deploy: async (cause, stopping = {}) => {
      stopsAt = stopping;
      const { deployment } = stopping;
      const { execution, ...end } = await flow.run(cause, deployment === undefined ? {} : { stopAt: deployment });
      ends.set(execution, end);
      await cleanUp();
      late.letGo(flow.time, outward.idle);
      await outward.idle();
      return execution;
    },
    rest: (seconds) => {
      for (let second = 0; second < seconds; second += 1) flow.passSecond();
    },
    close: async () => {
      globalThis.fetch = real;
      await stage?.close();
      await closeParts(parts);
    },
  };
};
