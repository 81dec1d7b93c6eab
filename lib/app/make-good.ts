import {
  isNews,
  jobCause,
  maybeRollback,
  missedPush,
  newestJobs,
  recall,
  mayFit,
  type ListedJob,
  type ListedPipeline,
} from '../domain/missed.ts';
import { freshOrder, type TargetOrder } from '../domain/order.ts';
import { planDeployments, type PipelineFacts, type PlannedDeployment } from '../domain/plan-deployments.ts';
import { planImages } from '../domain/plan-images.ts';
import { targetLabel, type Target, type Trigger } from '../domain/target.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { startMissed, type MissedPorts } from './start-missed.ts';
import type { TimeLeft } from './time-left.ts';

export interface MakeGoodPorts extends MissedPorts {
  journal: Pick<Journal, 'read' | 'jobDeployed'>;
  /** what each target has come to, by label */
  orders: ReadonlyMap<string, TargetOrder>;
  /** the digest that a tag of `<repository>:<tag>` names now; undefined: there is no such image */
  digestOf: (image: string) => Promise<string | undefined>;
  clock: Clock;
  time: TimeLeft;
  /** Told of each deployment as soon as it has begun: a failure that follows must not hide it. */
  started: (target: string, execution: string) => void;
}

/** GitLab's own answer about a pipeline of the project; undefined: there was no time for it. */
type AskPipeline = (id: number) => Promise<PipelineFacts | undefined>;

export type WaitingFor<Kind extends Trigger['kind']> = Target & { on: Extract<Trigger, { kind: Kind }> };

/** Whether what a target may have missed could be looked at, or there was no time left. */
export type MadeGood = 'looked at' | 'out of time';

const mostAsked = 3;

const orderOf = ({ orders }: MakeGoodPorts, target: Target): TargetOrder =>
  orders.get(targetLabel(target)) ?? freshOrder;

const start = async (ports: MakeGoodPorts, planned: readonly PlannedDeployment[]): Promise<boolean> => {
  const began: string[] = [];
  for (const one of planned) {
    const executions = await startMissed(ports, [one]);
    for (const execution of executions) ports.started(targetLabel(one.target), execution);
    began.push(...executions);
  }
  return began.length > 0;
};

/** As the journal has it where it knows it, else by GitLab's answer. */
const factsOf = async (
  { pipeline }: { pipeline: AskPipeline },
  { on }: Target,
  { listed, known }: { listed: ListedPipeline; known: 'ask' | { finishedAt: string } },
): Promise<PipelineFacts | undefined> =>
  known === 'ask' ? pipeline(listed.pipeline) : { ...listed, tag: on.kind === 'tag', finishedAt: known.finishedAt };

/**
 * Starts the newest of the listed pipelines that the target waits for, if it has missed that. What only the pipeline itself tells
 * may not fit after all: then the next one is looked at.
 */
export const makeGoodPipeline = async (
  ports: MakeGoodPorts & { pipeline: AskPipeline },
  target: WaitingFor<'pipeline' | 'tag'>,
  all: readonly ListedPipeline[],
): Promise<MadeGood> => {
  const order = orderOf(ports, target);
  for (const listed of all.filter((one) => mayFit(target.on, one)).slice(0, mostAsked)) {
    const known = recall(order, listed);
    if (known === 'known') return 'looked at';
    const facts = await factsOf(ports, target, { listed, known });
    if (facts === undefined) return 'out of time';
    const planned = planDeployments({ kind: 'pipeline', ...facts }, [target]);
    if (planned.length === 0) continue;
    const news = planned.filter(({ cause }) => isNews(order, cause));
    await start(ports, news);
    return 'looked at';
  }
  return 'looked at';
};

const isMissedJob = async (ports: MakeGoodPorts, target: Target, listed: ListedJob): Promise<boolean> => {
  const order = orderOf(ports, target);
  const cause = jobCause(listed);
  if (isNews(order, cause)) return true;
  if (!maybeRollback(order, cause)) return false;
  const before = await ports.journal.jobDeployed(targetLabel(target), cause.pipeline);
  return before !== undefined && before < cause.job;
};

/** Starts what the target has missed of the listed jobs: one at a time, so that they come in the order in which they finished. */
export const makeGoodJob = async (
  ports: MakeGoodPorts,
  target: WaitingFor<'job'>,
  all: readonly ListedJob[],
): Promise<MadeGood> => {
  for (const listed of newestJobs(target.on, all)) {
    if (!(await isMissedJob(ports, target, listed))) continue;
    if (await start(ports, planDeployments({ kind: 'job', ...listed.job }, [target]))) break;
  }
  return 'looked at';
};

/** Starts what the target's tag names now, if that is not what was last deployed. */
export const makeGoodImage = async (ports: MakeGoodPorts, target: WaitingFor<'image'>): Promise<MadeGood> => {
  if (ports.time.isOver()) return 'out of time';
  const { repository, tag } = target.on;
  const digest = await ports.digestOf(`${repository}:${tag}`);
  if (digest === undefined) return 'looked at';
  const push = missedPush(target, orderOf(ports, target), { digest, seenAt: ports.clock().toISOString() });
  if (push !== undefined) await start(ports, planImages([push], [target]));
  return 'looked at';
};
