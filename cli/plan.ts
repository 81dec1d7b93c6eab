import { confirm, type Confirmed } from '../lib/app/confirm.ts';
import { findImage } from '../lib/app/find-image.ts';
import { look } from '../lib/app/look.ts';
import type { LookOutput } from '../lib/app/look-service.ts';
import type { OperatorCause } from '../lib/domain/cause.ts';
import type { DeploymentRecord, Found, ServiceName } from '../lib/domain/deployment.ts';
import { DeployFailure, type FailureName, type Facts } from '../lib/domain/failure.ts';
import { ecrHost, pinnedName, splitImageName } from '../lib/domain/image-reference.ts';
import { cloneWithImage, differingPaths, type Revision } from '../lib/domain/revision.ts';
import type { Step } from '../lib/domain/blue-green.ts';
import { targetLabel, type TargetId } from '../lib/domain/target.ts';
import { dryJournal } from './dry-journal.ts';
import { planCopy, type PlannedCopy } from './plan-copy.ts';
import { readOnly, type PlanPorts } from './plan-ports.ts';
import { valueAt } from './plan-values.ts';

export type PlanInput = { target: TargetId; showValues: boolean } & ({ pipeline: number } | { tag: string });

/** One path at which the new revision would differ from the one that is cloned; the values only if they were asked for. */
export interface Change {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** What a deployment would do, as far as it is known when it ends. */
export interface Plan {
  target: string;
  /** `refused`: it would fail, by that name; `passed over`: nothing would be deployed, and that is right; `not known`: ask again */
  state: 'ready' | 'refused' | 'passed over' | 'not known';
  because?: string;
  failure?: FailureName;
  facts?: Facts;
  /** `<host>/<repository>:<tag>` where it is looked for */
  image?: string;
  digest?: string;
  copy?: PlannedCopy;
  /** the service that would get the image; for blue-green the idle colour's */
  service?: ServiceName;
  strategy?: 'rolling' | 'blue-green';
  /** ARNs: of the revision to clone, and of the one that Undo would go back to */
  source?: string;
  before?: string;
  changes?: Change[];
  steps?: readonly Step[];
}

/** A plan that goes no further than this, and why. */
class Stopped extends Error {
  readonly end: Pick<Plan, 'state' | 'because'>;
  constructor(end: Pick<Plan, 'state' | 'because'>) {
    super(end.because);
    this.end = end;
  }
}

/** Names that say nothing of the deployment: another try may answer. */
const unanswered: readonly FailureName[] = ['GitLabUnavailable', 'RegistryUnavailable', 'AwsUnavailable'];

const execution = 'plan';
const interval = { fast: 15, slow: 60, fastFor: 600 };

const causeOf = (input: PlanInput, now: Date): OperatorCause => {
  const at = now.toISOString().replace(/\.\d+Z$/, 'Z');
  const word = { kind: 'operator', project: input.target.project, by: 'plan', at } as const;
  return 'tag' in input ? { ...word, tag: input.tag } : { ...word, pipeline: input.pipeline };
};

type Dry = ReturnType<typeof dryJournal>;

const confirmed = async (ports: PlanPorts, journal: Dry, input: PlanInput): Promise<Confirmed> => {
  const wait = { unsettled: 0, unreachable: 0, seconds: 0 };
  const asked = { execution, target: input.target, cause: causeOf(input, ports.clock()), wait };
  const answer = await confirm({ ...ports, journal })(asked);
  if ('state' in answer) throw new Stopped({ state: 'passed over', because: answer.because });
  if (!answer.done) throw new Stopped({ state: 'not known', because: answer.because });
  return answer;
};

const digestOf = async ({ images, registry, bounds }: PlanPorts, { image, copy }: Confirmed): Promise<string> => {
  const ecr = ecrHost(bounds.account, bounds.region);
  const wait = { unreachable: 0, seconds: 0 };
  const answer = await findImage({ images, registry, ecr })({ deployment: execution, image, copy, wait });
  if (!answer.done) throw new Stopped({ state: 'not known', because: answer.because });
  return answer.digest;
};

const refuseUnready = (answer: LookOutput): void => {
  if (answer.state === 'ended') throw new Stopped({ state: 'passed over', because: answer.because });
  if (answer.state === 'busy') throw new Stopped({ state: 'not known', because: answer.because });
};

const foundBy = async (
  ports: PlanPorts,
  journal: Dry,
  digest: string,
): Promise<DeploymentRecord & { found: Found }> => {
  const all = { ...ports, ...readOnly(ports), journal, interval };
  const wait = { phase: 0, total: 0, seconds: 0 };
  refuseUnready(await look(all)({ execution, deployment: execution, digest, wait }));
  const record = journal.record();
  if (record?.found === undefined) throw new DeployFailure('Unexpected', 'Look found nothing and said nothing');
  return { ...record, found: record.found };
};

const changesOf = (
  source: Revision,
  record: DeploymentRecord,
  { digest, showValues }: { digest: string; showValues: boolean },
): Change[] => {
  const name = splitImageName(record.image);
  const image = name === undefined ? record.image : pinnedName({ ...name, digest });
  const { definition } = cloneWithImage(source, { containers: record.containers, image, deployment: execution });
  return differingPaths(definition, source.definition).map((path) => ({
    path,
    ...(showValues ? { before: valueAt(source.definition, path), after: valueAt(definition, path) } : {}),
  }));
};

/** Fills the plan in, step by step, so that what was known before a refusal is told with it. */
const follow = async (ports: PlanPorts, input: PlanInput, plan: Plan): Promise<void> => {
  const journal = dryJournal(ports.journal);
  const answer = await confirmed(ports, journal, input);
  const { host, repository, tag } = answer.image;
  plan.image = `${host}/${repository}:${tag}`;
  plan.digest = await digestOf(ports, answer);
  const { found, blueGreen, service, ...rest } = await foundBy(ports, journal, plan.digest);
  plan.service = { ...service, service: found.swap?.idle.service ?? service.service };
  plan.strategy = blueGreen === undefined ? 'rolling' : 'blue-green';
  if (blueGreen !== undefined) plan.steps = blueGreen.steps;
  plan.source = found.source;
  if (found.before !== undefined) plan.before = found.before;
  const record = { ...rest, service, found };
  const copy = await planCopy({ registry: ports.registry, store: readOnly(ports).store }, record, plan.digest);
  if (copy !== undefined) plan.copy = copy;
  const shown = { digest: plan.digest, showValues: input.showValues };
  plan.changes = changesOf(await ports.fleet.revision(found.source), record, shown);
};

/**
 * What a deployment of that pipeline or tag would do if an operator asked for it now: the workflow's own verbs, up to the first write.
 * Raises nothing of what they raise: a refusal is part of the plan.
 */
export const plan =
  (ports: PlanPorts) =>
  async (input: PlanInput): Promise<Plan> => {
    const made: Plan = { target: targetLabel(input.target), state: 'ready' };
    try {
      await follow(ports, input, made);
      return made;
    } catch (error) {
      if (error instanceof Stopped) return { ...made, ...error.end };
      if (!(error instanceof DeployFailure)) throw error;
      const { name, because, facts } = error;
      const state = unanswered.includes(name) ? 'not known' : 'refused';
      return { ...made, state, failure: name, because, facts };
    }
  };
