import type { DeploymentRecord } from '../lib/domain/deployment.ts';
import { DeployFailure } from '../lib/domain/failure.ts';
import { splitImageName } from '../lib/domain/image-reference.ts';
import { ourRollout } from '../lib/domain/rollout.ts';
import { weightsOf } from '../lib/domain/traffic.ts';
import type { Clock } from '../lib/ports/clock.ts';
import type { CopyJournal } from '../lib/ports/copy-journal.ts';
import type { Fleet } from '../lib/ports/fleet.ts';
import type { History } from '../lib/ports/history.ts';
import type { ImageStore } from '../lib/ports/image-store.ts';
import type { Journal } from '../lib/ports/journal.ts';
import type { Traffic } from '../lib/ports/traffic.ts';
import { layersSoFar } from './copy-progress.ts';
import type { Executions } from './executions.ts';
import { pastSeconds } from './past-seconds.ts';
import type { SharesSight, Sight, TaskSight } from './sight.ts';

export interface LookPorts {
  journal: Pick<Journal, 'read' | 'queue'>;
  history: History;
  copies: Pick<CopyJournal, 'layers' | 'uploads'>;
  store: Pick<ImageStore, 'available'>;
  fleet: Pick<Fleet, 'service'>;
  traffic: Pick<Traffic, 'actions'>;
  executions: Pick<Executions, 'find'>;
  clock: Clock;
}

/** Who is in front of one that waits; undefined when it does not wait. */
const behindWhom = async ({ journal }: LookPorts, record: DeploymentRecord): Promise<string | undefined> => {
  if (record.found !== undefined || record.end !== undefined) return undefined;
  const { lock } = await journal.queue(record.service, record.target);
  const mine = lock.waiters.find(({ deployment }) => deployment === record.deployment);
  if (mine === undefined) return undefined;
  const first = lock.waiters.filter(({ ticket }) => ticket < mine.ticket).sort((a, b) => a.ticket - b.ticket)[0];
  return (lock.holder ?? first)?.deployment;
};

/** ECR after the journal: a layer whose upload is over in the journal is in ECR by then. */
const copySight = async (
  { copies, store, clock }: LookPorts,
  { deployment, image, copy, revision }: DeploymentRecord,
  before: Sight | undefined,
): Promise<Pick<Sight, 'layers' | 'copySince'>> => {
  const repository = splitImageName(image)?.repository;
  if (copy === undefined || revision !== undefined || repository === undefined) return { layers: [] };
  const layers = await copies.layers(deployment);
  const digests = layers.filter(({ present }) => !present).map(({ digest }) => digest);
  const uploads = await copies.uploads(deployment, digests);
  const inEcr = layers.length === 0 ? new Set<string>() : await store.available(repository, digests);
  const copySince = before?.copySince ?? clock();
  const seconds = (clock().getTime() - copySince.getTime()) / 1_000;
  const all = new Set([...inEcr, ...layers.filter(({ present }) => present).map(({ digest }) => digest)]);
  const soFar = layersSoFar({ layers, uploads, inEcr: all }, before?.layers ?? [], seconds);
  return { layers: soFar, ...(layers.length === 0 ? {} : { copySince }) };
};

const tasksSight = async ({ fleet }: LookPorts, record: DeploymentRecord): Promise<TaskSight[]> => {
  const { blueGreen, found, revision } = record;
  const names = [record.service.service, ...(blueGreen === undefined ? [] : [blueGreen.idleService])];
  const states = await Promise.all(names.map((service) => fleet.service({ ...record.service, service })));
  return names.flatMap((service, index) => {
    const state = states[index];
    if (state === undefined) return [];
    const { running, desired } = state;
    const mine =
      revision === undefined ? undefined : ourRollout(state, { revision, idsBefore: found?.idsBefore ?? [] });
    const ours = mine && { running: mine.running, pending: mine.pending, desired: mine.desired };
    return [{ service, running, desired, ...(ours === undefined ? {} : { ours }) }];
  });
};

const sharesSight = async (
  { traffic }: LookPorts,
  { blueGreen, found }: DeploymentRecord,
): Promise<SharesSight | undefined> => {
  const swap = found?.swap;
  if (blueGreen === undefined || swap === undefined) return undefined;
  const actions = await traffic.actions(blueGreen.production);
  const weights = weightsOf(actions ?? [], blueGreen.targetGroups);
  if (weights === undefined) return undefined;
  const [live = 0, idle = 0] = [swap.live, swap.idle].map(({ targetGroup }) => weights[targetGroup] ?? 0);
  const percent = (weight: number) => (live + idle === 0 ? 0 : Math.round((100 * weight) / (live + idle)));
  return {
    live: { service: swap.live.service, percent: percent(live) },
    idle: { service: swap.idle.service, percent: percent(idle) },
  };
};

/** What may be missing from a look: somebody may watch without the right to see all of it. */
const beside =
  (unseen: string[]) =>
  async <T>(what: string, ask: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DeployFailure)) throw error;
      unseen.push(`${what}: ${error.because}`);
      return otherwise;
    }
  };

/** One look at a deployment, after the look before. Raises AwsUnavailable, AwsRefused of the journal and of Step Functions alone. */
export const lookAtDeployment = async (
  ports: LookPorts,
  deployment: string,
  before: Sight | undefined,
): Promise<Sight> => {
  // In this order: what is over has left all it ever leaves in the journal.
  const execution = await ports.executions.find(deployment);
  const record = await ports.journal.read(deployment);
  const unseen: string[] = [];
  const seen = { deployment, at: ports.clock(), unseen, ...(execution === undefined ? {} : { execution }) };
  if (record === undefined) return { ...seen, layers: [], tasks: [], past: [] };
  const part = beside(unseen);
  const [behind, copied, tasks, shares, past] = await Promise.all([
    part('queue', () => behindWhom(ports, record), before?.behind),
    part('copy', () => copySight(ports, record, before), { layers: before?.layers ?? [] }),
    part('ECS', () => tasksSight(ports, record), []),
    part('load balancer', () => sharesSight(ports, record), undefined),
    before?.record === undefined ? part('history', () => pastSeconds(ports.history, record.target), []) : before.past,
  ]);
  return {
    ...{ ...seen, record, tasks, past, ...copied },
    ...(behind === undefined ? {} : { behind }),
    ...(shares === undefined ? {} : { shares }),
  };
};
