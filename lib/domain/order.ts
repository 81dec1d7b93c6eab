import { compareKeys, type Cause, type OrderKey } from './cause.ts';
import type { DeploymentRecord, End } from './deployment.ts';

/**
 * A target is not to be moved on. `rollback`: somebody took it back to an older pipeline; `explicit`: ops said so.
 * `since`: when that was asked, ISO 8601, by GitLab's clock for a job, else by the operator's. `by`: who or what.
 */
export interface Hold {
  kind: 'rollback' | 'explicit';
  since: string;
  by: string;
  /** why, in the words of whoever set it */
  because?: string;
}

/** What one target has come to. `version` makes every write of it conditional on what was read. */
export interface TargetOrder {
  version: number;
  newestDeployed?: OrderKey;
  /** the newest that was ever confirmed for this target, deployed or not */
  newestSeen?: OrderKey;
  hold?: Hold;
  last?: LastDeployed;
}

/** What is deployed on a target, as far as we deployed it: who asked, and when; absent before this was journalled. */
export interface LastDeployed {
  kind: Cause['kind'];
  /** ISO 8601, as the deployment's */
  askedAt: string;
  /** sha256:<64 hex>; absent when the service had the image already and the cause does not name it */
  digest?: string;
}

export const freshOrder: TargetOrder = { version: 0 };

/** Why a deployment may take its turn: in its target's order, as a rollback by GitLab's button, or by an operator's word. */
export type Precedence = 'order' | 'rollback' | 'operator';

export type Standing = { precedence: Precedence } | { ends: 'outdated' | 'held' | 'already deployed'; because: string };

type Asked = Pick<DeploymentRecord, 'cause' | 'key' | 'askedAt'>;
type Deployed = Asked & Pick<DeploymentRecord, 'found'>;

const newest = (a: OrderKey | undefined, b: OrderKey): OrderKey => (a !== undefined && compareKeys(a, b) > 0 ? a : b);

const askedAfter = ({ askedAt }: Asked, { since }: Hold): boolean => Date.parse(askedAt) > Date.parse(since);

/** Whether its key is older than the newest that was deployed. */
export const isBehind = ({ newestDeployed }: TargetOrder, { key }: Asked): boolean =>
  newestDeployed !== undefined && compareKeys(key, newestDeployed) < 0;

/**
 * GitLab's rollback button retries the old deployment job: an old pipeline, a new job id. It is one only if that
 * pipeline was deployed here before, by a job of a lower id. An old pipeline that succeeds again because a manual job
 * was played late is none: it must not take production back.
 */
const isRollback = ({ cause }: Asked, jobDeployedBefore: number | undefined): boolean =>
  cause.kind === 'job' && jobDeployedBefore !== undefined && cause.job > jobDeployedBefore;

/**
 * A pushed image is told of twice when it was found by asking the registry before its event came: who comes second has the
 * older time, and nothing to do.
 */
const isTwin = ({ last }: TargetOrder, { cause }: Asked): boolean =>
  cause.kind === 'image' && last?.digest === cause.digest;

const passes = (hold: Hold, order: TargetOrder, asked: Asked): boolean =>
  hold.kind === 'rollback' &&
  askedAfter(asked, hold) &&
  (isBehind(order, asked) || order.newestSeen === undefined || compareKeys(asked.key, order.newestSeen) >= 0);

/**
 * How a confirmed deployment stands to its target's order and hold. Older than what was deployed is outdated, unless
 * it is a rollback. A rollback's hold is passed by what GitLab finished after it and nothing newer was seen than, and by a further
 * rollback; an explicit one by an operator alone. `jobDeployedBefore`: the job by which this pipeline was last
 * deployed on this target.
 */
export const standing = (order: TargetOrder, asked: Asked, jobDeployedBefore: number | undefined): Standing => {
  if (asked.cause.kind === 'operator') return { precedence: 'operator' };
  const behind = isBehind(order, asked);
  if (behind && isTwin(order, asked))
    return { ends: 'already deployed', because: 'its image is the one last deployed' };
  if (behind && !isRollback(asked, jobDeployedBefore))
    return { ends: 'outdated', because: `${(order.newestDeployed ?? []).join('/')} is newer` };
  const { hold } = order;
  if (hold !== undefined && !passes(hold, order, asked))
    return { ends: 'held', because: `held (${hold.kind}) by ${hold.by} since ${hold.since}` };
  return { precedence: behind ? 'rollback' : 'order' };
};

/** The order once this deployment has been seen; the same value when that changes nothing. */
export const seenOrder = (order: TargetOrder, { key }: Pick<Asked, 'key'>): TargetOrder =>
  key.length > 0 && (order.newestSeen === undefined || compareKeys(key, order.newestSeen) > 0)
    ? { ...order, newestSeen: key }
    : order;

const counts = ({ outcome }: End): boolean => outcome === 'deployed' || outcome === 'already deployed';

/** By which job a pipeline was last deployed on a target. */
export interface DeployedJob {
  pipeline: number;
  /** 0: by an operator */
  job: number;
}

/**
 * The job to remember as the one by which its pipeline was last deployed, for the next rollback by GitLab's button; 0 for
 * an operator's deployment, which is one as well, by no job. Undefined when nothing was deployed or no job is asked about;
 * also when an operator named an earlier deployment, whose own job is remembered since then.
 */
export const deployedJob = ({ cause }: Pick<Asked, 'cause'>, end: End): DeployedJob | undefined => {
  if (!counts(end) || cause.kind === 'pipeline' || !('pipeline' in cause)) return undefined;
  return { pipeline: cause.pipeline, job: cause.kind === 'job' ? cause.job : 0 };
};

const lastOf = ({ cause, askedAt, found }: Deployed): LastDeployed => {
  const digest = cause.kind === 'image' ? cause.digest : found?.digest;
  return { kind: cause.kind, askedAt, ...(digest === undefined ? {} : { digest }) };
};

const askedBy = (cause: Cause): string => {
  if (cause.kind === 'operator') return cause.by;
  if (cause.kind === 'image') return `image ${cause.tag}`;
  return `${cause.kind} ${cause.kind === 'job' ? cause.job : cause.pipeline}`;
};

/**
 * A pipeline's id says whether an operator went back. A tag's name does not, nor does the registry know its age: that is no going back.
 * Who names a deployment that was here before always goes back.
 */
const goesBack = (order: TargetOrder, asked: Asked): boolean => {
  if (asked.cause.kind !== 'operator') return isBehind(order, asked);
  if ('deployment' in asked.cause) return true;
  return 'pipeline' in asked.cause && asked.cause.pipeline < (order.newestDeployed?.[0] ?? 0);
};

/** An explicit hold may be set while a deployment runs: it stays, unless an operator's word came after it. */
const staysHeld = (hold: Hold, asked: Asked): boolean =>
  hold.kind === 'explicit' && !(asked.cause.kind === 'operator' && askedAfter(asked, hold));

/**
 * The order once this deployment has ended, or undefined when that leaves it as it is. What was there already counts as deployed:
 * an older cause that comes late must not take it back. Who went back leaves a hold, who went on ends it. An operator's
 * deployment has the newest key that was seen as its own: what came before the operator's word is older than it.
 */
export const settledOrder = (order: TargetOrder, record: Deployed, end: End): TargetOrder | undefined => {
  if (!counts(end) || (record.cause.kind === 'image' && isBehind(order, record))) return undefined;
  const key = record.cause.kind === 'operator' ? (order.newestSeen ?? []) : record.key;
  const newestDeployed = newest(order.newestDeployed, key);
  const seen = order.newestSeen === undefined ? {} : { newestSeen: order.newestSeen };
  const deployed = newestDeployed.length === 0 ? {} : { newestDeployed };
  const moved = { version: order.version, ...seen, ...deployed, last: lastOf(record) };
  if (order.hold !== undefined && staysHeld(order.hold, record)) return { ...moved, hold: order.hold };
  if (!goesBack(order, record)) return moved;
  return { ...moved, hold: { kind: 'rollback', since: record.askedAt, by: askedBy(record.cause) } };
};

/** The order as ops hold it. One that is explicitly held already stays as it is, the same value; a rollback's hold gives way. */
export const heldOrder = (order: TargetOrder, hold: Hold): TargetOrder =>
  order.hold?.kind === 'explicit' ? order : { ...order, hold };

/** The order without its hold; the same value when there is none. */
export const releasedOrder = (order: TargetOrder): TargetOrder => {
  const { hold, ...free } = order;
  return hold === undefined ? order : free;
};
