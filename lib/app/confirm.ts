import { operatorProblem, type Cause, type OperatorOfDeployment } from '../domain/cause.ts';
import type { DeploymentRecord, Outcome } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { wishOf, type PushedImage } from '../domain/feedback.ts';
import { ecrHost, imageFor, type SoughtImage } from '../domain/image-reference.ts';
import { minutes } from '../domain/pacing.ts';
import { inEcr, toBeCopied, type PlacedImage } from '../domain/placed-image.ts';
import { recalled, type Recalled } from '../domain/recalled.ts';
import { outsideBounds, type StackBounds } from '../domain/stack-bounds.ts';
import { targetLabel, type Target, type TargetId } from '../domain/target.ts';
import { nextTry, type UnreachableWait } from '../domain/unreachable.ts';
import type { Clock } from '../ports/clock.ts';
import type { Gitlab } from '../ports/gitlab.ts';
import type { Journal } from '../ports/journal.ts';
import type { Registry } from '../ports/registry.ts';
import type { Targets } from '../ports/targets.ts';
import { askAboutPipeline } from './ask-about-pipeline.ts';
import { askAboutTag } from './ask-about-tag.ts';
import { askRegistry, type Asked } from './asked.ts';

/** Seconds waited, apart: for GitLab to know a final status, and for GitLab or its registry to answer at all. */
export interface ConfirmWait extends UnreachableWait {
  unsettled: number;
}

export interface ConfirmInput {
  execution: string;
  target: TargetId;
  cause: Cause;
  wait: ConfirmWait;
}

/** What the later tasks need to know of the deployment. */
export interface Confirmed {
  /** where Find image looks */
  image: SoughtImage;
  /** whether it can be copied into ECR; Find image says whether it is */
  copy: boolean;
}

export type ConfirmOutput =
  | { done: false; wait: ConfirmWait; because: string }
  | ({ done: true } & Confirmed)
  | { state: 'ended'; outcome: Outcome; because: string };

export interface ConfirmPorts {
  targets: Targets;
  gitlab: Gitlab;
  registry: Pick<Registry, 'host' | 'digestOf'>;
  journal: Journal;
  bounds: StackBounds;
  clock: Clock;
}

const unsettledLimit = minutes(2);

/** What the cause came to be. An image without a host is in GitLab's registry. */
interface Vouched extends Pick<DeploymentRecord, 'askedAt' | 'key' | 'sha' | 'ref' | 'tag'> {
  image: Omit<SoughtImage, 'host'> & { host?: string };
  /** the pushed image that it is about */
  pushed?: PushedImage;
}

const ask = async (
  ports: ConfirmPorts,
  target: Target,
  cause: Exclude<Cause, OperatorOfDeployment>,
): Promise<Asked<Vouched>> => {
  if ('tag' in cause) {
    const asked = await askAboutTag(ports, target, cause);
    if (asked.state !== 'confirmed') return asked;
    const { askedAt, key, ...image } = asked.confirmation;
    const { repository, digest } = image;
    return { state: 'confirmed', confirmation: { askedAt, key, image, pushed: { repository, digest } } };
  }
  const asked = await askAboutPipeline(ports.gitlab, target, cause);
  if (asked.state !== 'confirmed') return asked;
  const { askedAt, key, sha, ref, tag } = asked.confirmation;
  const image = imageFor(target.image ?? '', asked.confirmation);
  return { state: 'confirmed', confirmation: { askedAt, key, sha, ref, ...(tag ? { tag } : {}), image } };
};

const outside = (resource: string) =>
  new DeployFailure('OutsideStack', 'this stack may not touch it', { facts: { resource } });

/** Only two registries are known, by configuration: this account's ECR, and GitLab's, from which is copied. */
const place = async (
  { registry, bounds }: ConfirmPorts,
  { copy }: Target,
  image: Vouched['image'],
): Promise<Asked<PlacedImage>> => {
  const { host, ...rest } = image;
  const ecr = ecrHost(bounds.account, bounds.region);
  if (host === ecr) return { state: 'confirmed', confirmation: inEcr({ host, ...rest }) };
  const known = await askRegistry(() => registry.host());
  if (known.state === 'unavailable') return known;
  if (copy === undefined || (host ?? known.value) !== known.value) throw outside(host ?? known.value);
  return { state: 'confirmed', confirmation: toBeCopied({ host: known.value, ...rest }, copy, ecr) };
};

/** GitLab's word, and where the image is; or the journal's, which needs nobody else. */
const vouch = async (ports: ConfirmPorts, target: Target, cause: Cause): Promise<Asked<Recalled>> => {
  if ('deployment' in cause) {
    const verdict = recalled(targetLabel(target), cause, await ports.journal.read(cause.deployment));
    const host = verdict.state === 'confirmed' ? verdict.confirmation.placed.sought.host : undefined;
    if (host !== undefined && host !== ecrHost(ports.bounds.account, ports.bounds.region)) throw outside(host);
    return verdict;
  }
  const asked = await ask(ports, target, cause);
  if (asked.state !== 'confirmed') return asked;
  const { image, ...vouched } = asked.confirmation;
  const placed = await place(ports, target, image);
  return placed.state === 'confirmed'
    ? { state: 'confirmed', confirmation: { vouched, placed: placed.confirmation } }
    : placed;
};

const findTarget = async (targets: Targets, id: TargetId): Promise<Target> => {
  const target = await targets.find(id);
  if (target === undefined)
    throw new DeployFailure('TargetMissing', 'the target is gone', { facts: { target: targetLabel(id) } });
  if ('problems' in target) {
    throw new DeployFailure('TargetMissing', 'the target cannot be used', { facts: { reasons: target.problems } });
  }
  return target;
};

const describe = (
  { execution, cause }: ConfirmInput,
  target: Target,
  { pushed, ...vouched }: Omit<Vouched, 'image'>,
): Omit<DeploymentRecord, 'image' | 'openedAt'> => ({
  deployment: execution,
  target: targetLabel(target),
  ...(target.environment === undefined ? {} : { environment: target.environment }),
  service: { cluster: target.cluster, service: target.service },
  containers: target.containers,
  timeoutMinutes: target.strategy.timeoutMinutes,
  ...(target.strategy.type === 'blue-green' ? { blueGreen: target.strategy.swap } : {}),
  cause,
  ...vouched,
  ...wishOf(target, pushed),
});

type Unconfirmed = Exclude<Asked<never>, { state: 'confirmed' }>;

/** Ends, or asks again later. */
const unconfirmed = ({ unsettled, unreachable }: ConfirmWait, asked: Unconfirmed): ConfirmOutput => {
  if (asked.state === 'superseded') return { state: 'ended', outcome: 'superseded', because: asked.because };
  if (asked.state === 'unavailable')
    return { done: false, wait: { unsettled, ...nextTry(unreachable, asked.failure) }, because: asked.failure.because };
  const { state, because } = asked;
  if (state === 'contradicted' || unsettled >= unsettledLimit) throw new DeployFailure('NotConfirmed', because);
  return { done: false, wait: { unsettled: unsettled + 15, unreachable, seconds: 15 }, because };
};

/**
 * Asks GitLab itself, once, whether what the hook said is so, and for an image its registry; about an earlier deployment only
 * the journal. Nothing unconfirmed touches lock, queue or journal. Once confirmed, the deployment's record is opened. Raises NotConfirmed on any contradiction or
 * after two minutes without a final status, GitLabUnavailable or RegistryUnavailable after thirty without an answer,
 * TargetMissing, OutsideStack, ImageNameInvalid, ImageMissing, RegistryRefused.
 */
export const confirm =
  (ports: ConfirmPorts) =>
  async (input: ConfirmInput): Promise<ConfirmOutput> => {
    const { cause, wait } = input;
    const problem = cause.kind === 'operator' ? operatorProblem(cause) : undefined;
    if (problem !== undefined) throw new DeployFailure('NotConfirmed', problem);
    const target = await findTarget(ports.targets, input.target);
    const asked = await vouch(ports, target, cause);
    if (asked.state !== 'confirmed') return unconfirmed(wait, asked);
    const { vouched, placed } = asked.confirmation;
    const { sought, repository, name, copy } = placed;
    const record = describe(input, target, vouched);
    const touched = outsideBounds(ports.bounds, { ...record.service, repository, swap: record.blueGreen });
    if (touched !== undefined) throw outside(touched);
    const copied = copy === undefined ? {} : { copy };
    await ports.journal.open({ ...record, image: name, ...copied, openedAt: ports.clock().toISOString() });
    return { done: true, image: sought, copy: copy !== undefined };
  };
