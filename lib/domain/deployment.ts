import type { BlueGreen, Colour } from './blue-green.ts';
import type { Cause, OrderKey } from './cause.ts';
import type { FailureName } from './failure.ts';
import type { FeedbackWish } from './feedback.ts';
import type { Platform } from './image-manifest.ts';
import type { ScalableTarget } from './scaling.ts';
import type { CopyRule } from './target.ts';
import type { Weights } from './traffic.ts';

/** An ECS service by name; how the journal and the lock know it. */
export interface ServiceName {
  cluster: string;
  service: string;
}

export const serviceLabel = ({ cluster, service }: ServiceName): string => `${cluster}/${service}`;

/**
 * One deployment's journal: what it is, what it found, what it wrote. Every writing task puts its intent here before
 * it writes and its result after, so that whoever comes next, after any death, knows what may be in force.
 */
export interface DeploymentRecord {
  /** the name of the execution that began it; stays when another execution cleans up */
  deployment: string;
  /** the target's label */
  target: string;
  /** the GitLab environment that the target is shown as */
  environment?: string;
  service: ServiceName;
  containers: readonly string[];
  timeoutMinutes: number;
  /** how colours are swapped; absent for a rolling deployment */
  blueGreen?: BlueGreen;
  cause: Cause;
  /** when GitLab finished the cause, or the operator asked; ISO 8601 */
  askedAt: string;
  key: OrderKey;
  /** absent for a pushed image, which says nothing of a commit */
  sha?: string;
  ref?: string;
  /** `ref` is a tag */
  tag?: true;
  /** what GitLab is to be told; absent: nothing */
  feedback?: FeedbackWish;
  /** `<host>/<repository>:<tag>` in ECR, as the target's name was filled in */
  image: string;
  /** where it is copied from; absent when the image was in ECR all along */
  copy?: CopyRule & { from: { repository: string; tag: string } };
  /** ISO 8601, real time */
  openedAt: string;
  found?: Found;
  tagging?: Tagging;
  copied?: Copied;
  registering?: Registering;
  /** ARN of the revision we registered */
  revision?: string;
  starting?: Starting;
  started?: Started;
  testing?: Testing;
  shifting?: Shifting;
  /** green has had all traffic for as long as it bakes: from here on nothing is undone */
  succeeded?: { at: string };
  retiring?: Retiring;
  undoing?: Undoing;
  end?: End;
}

/** What Look found, and so where Undo goes. */
export interface Found {
  digest: string;
  /** when the service was this deployment's own, and at rest; ISO 8601, real time */
  at?: string;
  /** ARN of the revision that was completely rolled out; absent when there is no way back */
  before?: string;
  /** ARN of the revision to clone */
  source: string;
  idsBefore: readonly string[];
  /** what the live revision's tasks run on */
  platform: Platform;
  /** ECS's record of the rollout before ours, so that ours can be told from it */
  serviceDeploymentBefore?: string;
  /** for blue-green; `before`, `source` and `platform` are then the live colour's, `idsBefore` the idle one's */
  swap?: FoundSwap;
}

/** How the colours stood: where a swap starts from, and where Undo goes. */
export interface FoundSwap {
  live: Colour;
  idle: Colour;
  /** whether the idle colour's service was there; the revision it was set to */
  idleExists: boolean;
  idleRevision?: string;
  /** of the two target groups */
  weights: Weights;
  /** the live service's desired count, and the id of its PRIMARY rollout */
  desired: number;
  liveRollout: string;
  /** what Application Auto Scaling had of either colour */
  scaling: { live?: ScalableTarget; idle?: ScalableTarget };
}

/** We are about to give the copied image these tags. */
export interface Tagging {
  tags: readonly string[];
}

/** The image is in ECR; `bytes`: moved for that. */
export interface Copied {
  bytes: number;
  /** ISO 8601, real time */
  at: string;
}

/** We are about to register: the family's newest number before, so that a retry looks only at what is newer. */
export interface Registering {
  after: number;
}

/** We are about to call UpdateService with this revision. */
export interface Starting {
  revision: string;
  /** for blue-green: green's desired count */
  desired?: number;
  /** when that was first so; ISO 8601, real time */
  at?: string;
}

export interface Started {
  rolloutId: string;
  serviceDeployment?: string;
}

/** We are about to write the test rule; its weights before. */
export interface Testing {
  before: Weights;
}

/** We are about to write the weights of this step (from 0). */
export interface Shifting {
  step: number;
  before: Weights;
  after: Weights;
}

/** We are about to take this service out of use. */
export interface Retiring {
  service: string;
}

/** We are about to call UpdateService with the revision of before, or to write the weights of before. */
export interface Undoing {
  /** the revision's ARN; for blue-green, the live colour's target group */
  to: string;
}

export type Outcome = 'deployed' | 'superseded' | 'outdated' | 'held' | 'already deployed' | 'failed';

/** How Undo left the service. */
export type UndoResult = 'nothing written' | 'undone' | 'rolled back by ECS' | 'left alone' | 'no way back';

export interface End {
  outcome: Outcome;
  failure?: FailureName;
  because: string;
  undo?: UndoResult;
  /** deployed, and yet a person must look */
  warning?: 'RetireIncomplete';
  /** ISO 8601, real time */
  at: string;
}
