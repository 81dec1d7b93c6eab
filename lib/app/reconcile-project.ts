import { isPattern } from '../domain/missed.ts';
import type { Trigger } from '../domain/target.ts';
import type { Gitlab, GitlabLists, PipelinesOf } from '../ports/gitlab.ts';
import type { ProjectTargets } from '../ports/targets.ts';
import { askedOnce } from './asked-once.ts';
import { listFor, listJobs, listPipelines } from './list-successes.ts';
import {
  makeGoodImage,
  makeGoodJob,
  makeGoodPipeline,
  type MadeGood,
  type MakeGoodPorts,
  type WaitingFor,
} from './make-good.ts';

export interface ProjectPorts extends MakeGoodPorts {
  gitlab: Pick<Gitlab, 'pipeline'> & GitlabLists;
  /** Keeps what fails from keeping the rest from being done. */
  part: <T>(act: () => Promise<T>) => Promise<T | undefined>;
}

const waitingFor = <Kind extends Trigger['kind']>(
  { targets }: ProjectTargets,
  ...kinds: readonly Kind[]
): WaitingFor<Kind>[] =>
  targets.filter((target): target is WaitingFor<Kind> => (kinds as readonly string[]).includes(target.on.kind));

const triggersOf = <On extends Trigger>(targets: readonly { on: On }[]): On[] => targets.map(({ on }) => on);

/** For a target that waits for images by a pattern nobody can say which is the newest: its registry's events alone do. */
export const cannotBeAsked = (on: Trigger): boolean => on.kind === 'image' && isPattern(on.tag);

/** What the targets of one question miss is made good, each by itself; how many of them there was no time for. */
const each = async <T, Listed>(
  { part }: ProjectPorts,
  { targets, list }: { targets: readonly T[]; list: () => Promise<Listed | undefined> },
  makeGood: (target: T, listed: Listed) => Promise<MadeGood>,
): Promise<number> => {
  if (targets.length === 0) return 0;
  const looked = await part(async () => ({ listed: await list() }));
  if (looked === undefined) return 0;
  const { listed } = looked;
  if (listed === undefined) return targets.length;
  let late = 0;
  for (const target of targets) if ((await part(() => makeGood(target, listed))) === 'out of time') late += 1;
  return late;
};

/** Targets that wait for pipelines, those of one list together. */
const pipelinesOf = async (ports: ProjectPorts, of: ProjectTargets): Promise<number> => {
  const { project } = of;
  const pipeline = askedOnce((id: number) => ports.time.ask(() => ports.gitlab.pipeline(project, id)));
  const lists = Map.groupBy(waitingFor(of, 'pipeline', 'tag'), ({ on }) => JSON.stringify(listFor(on)));
  let late = 0;
  for (const [key, targets] of lists) {
    const wanted = { project, of: JSON.parse(key) as PipelinesOf };
    const list = () => listPipelines(ports, wanted, triggersOf(targets));
    late += await each(ports, { targets, list }, (target, all) =>
      makeGoodPipeline({ ...ports, pipeline }, target, all),
    );
  }
  return late;
};

const jobsOf = async (ports: ProjectPorts, of: ProjectTargets): Promise<number> => {
  const targets = waitingFor(of, 'job');
  const list = () => listJobs(ports, of.project, triggersOf(targets));
  return each(ports, { targets, list }, (target, all) => makeGoodJob(ports, target, all));
};

const imagesOf = async (ports: ProjectPorts, of: ProjectTargets): Promise<number> => {
  const targets = waitingFor(of, 'image').filter(({ on }) => !cannotBeAsked(on));
  const list = () => Promise.resolve([]);
  return each(ports, { targets, list }, (target) => makeGoodImage(ports, target));
};

/**
 * Asks GitLab once for each list that the project's targets wait for something on, and its registry for each tag, and starts
 * what was missed. Answers for how many targets there was no time. What fails goes through `part`.
 */
export const reconcileProject = async (ports: ProjectPorts, of: ProjectTargets): Promise<number> =>
  (await pipelinesOf(ports, of)) + (await jobsOf(ports, of)) + (await imagesOf(ports, of));
