import { admit } from '../../lib/app/admit.ts';
import { confirm } from '../../lib/app/confirm.ts';
import { reconcile, type Reconciled, type ReconcileInput, type ReconcilePorts } from '../../lib/app/reconcile.ts';
import { settle } from '../../lib/app/settle.ts';
import { startDeployments } from '../../lib/app/start-deployments.ts';
import { startPlanned, type DeployInput } from '../../lib/app/start-planned.ts';
import type { CaughtError, WorkflowState } from '../../lib/domain/conclusion.ts';
import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import type { JobFacts, PipelineFacts } from '../../lib/domain/plan-deployments.ts';
import { planImages, type ImagePush } from '../../lib/domain/plan-images.ts';
import { targetLabel, type Target } from '../../lib/domain/target.ts';
import { memoryGitlabLists } from './memory-gitlab-lists.ts';
import { memoryJournal } from './memory-journal.ts';
import { memoryAnnouncements, memoryGitlab, memoryTags, memoryTargets, memoryWorkflows } from './memory-ports.ts';
import { memoryReconcileCursor } from './memory-reconcile-cursor.ts';
import { bounds, finishedAt, found, noWait, pipelineFacts, project } from './samples.ts';

type Verbs = Parameters<ReturnType<typeof confirm>>[0]['wait'];
const patient: Verbs = { unsettled: 0, unreachable: 0, seconds: 15 };

/** GitLab, its registry, the journal and Step Functions in memory, where what is started is played by the real verbs. */
export const reconcileWorld = (...all: Target[]) => {
  let now = Date.parse(finishedAt);
  const clock = () => new Date(now);
  const gitlab = memoryGitlab();
  gitlab.pipelines.clear();
  gitlab.jobs.clear();
  gitlab.tagRules?.set('stable', true);
  const lists = memoryGitlabLists(gitlab);
  const registry = memoryTags();
  registry.tags.clear();
  const journal = memoryJournal();
  const workflows = memoryWorkflows();
  const targets = memoryTargets(...all);
  const announcements = memoryAnnouncements();
  const cursor = memoryReconcileCursor();
  const told = { started: [] as string[], behind: 0, failed: [] as string[] };
  const pauses: number[] = [];
  /** what runs on each target's service, and what was rolled out there, in turn */
  const live = new Map<string, string>();
  const rolledOut: string[] = [];
  const ports: ReconcilePorts = {
    targets,
    gitlab: { ...lists, pipeline: gitlab.pipeline },
    registry,
    journal,
    workflows,
    cursor,
    clock,
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    remaining: () => 300_000,
    told: {
      started: (target, execution) => void told.started.push(`${target} ${execution}`),
      behind: (count) => void (told.behind += count),
      failed: (of, error) => void told.failed.push(`${of} ${(error as Error).name}`),
    },
  };

  /** What Look and the rollout come to: the service gets the image, or has it. */
  const rollOut = async (record: DeploymentRecord): Promise<Partial<WorkflowState>> => {
    const image = record.cause.kind === 'image' ? record.cause.digest : record.image;
    if (live.get(record.target) === image)
      return { look: { state: 'ended', outcome: 'already deployed', because: 'it runs there' } };
    const digest = record.cause.kind === 'image' ? record.cause.digest : found.digest;
    await journal.note(record, record.deployment, { found: { ...found, digest } });
    live.set(record.target, image);
    rolledOut.push(`${record.target} ${image}`);
    return { rollout: { done: true } };
  };

  const tasks = async (execution: string, { target, cause }: DeployInput): Promise<Partial<WorkflowState>> => {
    const asked = await confirm({ targets, gitlab, registry, journal, bounds, clock })({
      ...{ execution, target, cause },
      wait: patient,
    });
    if ('state' in asked) return { confirm: asked };
    const turn = await admit({ journal, workflows, announcements, clock })({
      ...{ execution, deployment: execution, queued: false },
      wait: noWait,
    });
    if (turn.state !== 'admitted') return { admit: turn };
    return rollOut((await journal.read(execution)) as DeploymentRecord);
  };

  /** The workflow, from Confirm to Settle, with one look at everything. */
  const play = async (execution: string, input: DeployInput): Promise<void> => {
    const of = { deployment: execution, target: targetLabel(input.target) };
    const failed = (error: unknown): { failure: CaughtError } => {
      const { name, message } = error as Error;
      return { failure: { Error: name, Cause: JSON.stringify({ errorMessage: message }) } };
    };
    const state = { of, ...(await tasks(execution, input).catch(failed)) };
    const { failure } = await settle({ journal, announcements, clock })({ execution, state });
    workflows.end(execution, failure);
  };

  const world = {
    ...{ ports, gitlab, lists, registry, journal, workflows, targets, cursor, told, pauses, live, rolledOut, clock },
    pass: (minutes: number) => {
      now += minutes * 60_000;
    },
    /** the time now, as GitLab would write it */
    iso: () =>
      clock()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z'),
    reconcile: (input: ReconcileInput = {}): Promise<Reconciled> => reconcile(ports)(input),
    /** Plays what has been started and has not ended. */
    playAll: async () => {
      for (const [name, { input, status }] of workflows.executions)
        if (status.state === 'running') await play(name, input as DeployInput);
    },
    /** A pipeline that is a success now, by one minute; its hook is lost until somebody tells it. */
    succeed: (pipeline: number, change: Partial<PipelineFacts> = {}): PipelineFacts => {
      world.pass(1);
      const facts = pipelineFacts({ pipeline, finishedAt: world.iso(), ...change });
      gitlab.pipelines.set(pipeline, { ...facts, sha: pipeline.toString(16).padStart(40, '0') });
      return facts;
    },
    /** Likewise a job of such a pipeline. */
    finish: (job: JobFacts): JobFacts => {
      world.pass(1);
      const done = { ...job, finishedAt: world.iso() };
      gitlab.jobs.set(job.job, done);
      return done;
    },
    tell: (facts: PipelineFacts) => startDeployments({ targets, workflows })({ kind: 'pipeline', ...facts }),
    tellJob: (facts: JobFacts) => startDeployments({ targets, workflows })({ kind: 'job', ...facts }),
    tellPush: (push: ImagePush) => startPlanned(workflows, planImages([push], targets.targets)),
    /** An operator's deployment, from its start to its end. */
    operate: async (target: Target, pipeline: number) => {
      world.pass(1);
      const name = `${target.name}-by-hand-${workflows.executions.size}`;
      const cause = { kind: 'operator' as const, project: target.project, pipeline, by: 'ops', at: world.iso() };
      await workflows.start(name, { target: { project: target.project, name: target.name }, cause });
      await world.playAll();
    },
    /** How the deployments ended, in the order of their starts. */
    ends: () =>
      [...workflows.executions.keys()].map((name) => {
        const { end } = journal.records.get(name) ?? {};
        return end?.failure ?? end?.outcome;
      }),
    /** the commit that a pipeline's image is of, as `live` has it */
    imageOf: (pipeline: number) => pipeline.toString(16).padStart(40, '0'),
    orderOf: (target: Target) => journal.orders.get(targetLabel(target)),
    project,
  };
  return world;
};

export type ReconcileWorld = ReturnType<typeof reconcileWorld>;
