import { announcedText } from './announced-text.ts';
import type { Cause } from './cause.ts';
import { serviceLabel, type DeploymentRecord, type End, type Outcome, type UndoResult } from './deployment.ts';
import type { FailureName } from './failure.ts';

/** What a deployment has just done; `bytes`: moved from GitLab's registry; `weight`: percent of traffic on the new colour. */
export type Step =
  | { step: 'image copied'; bytes: number }
  | { step: 'revision registered' | 'rollout started' | 'undo begun' }
  | { step: 'traffic shifted'; weight: number };

/** How a deployment ended, by the kind of event that tells it. */
export type Ending =
  | { outcome: 'deployed' | 'already deployed'; because: string; warning?: NonNullable<End['warning']> }
  | { outcome: 'failed'; failure: FailureName; because: string; undo?: UndoResult }
  | { outcome: 'superseded' | 'outdated' | 'held'; because: string };

/** Whose deployment it is, as far as that is known yet. One that was never confirmed has no record. */
export type Announced = Pick<DeploymentRecord, 'deployment' | 'target'> & Partial<DeploymentRecord>;

/** What every event says of its deployment. */
export interface Told {
  version: 1;
  deployment: string;
  /** the target's label, and the id of its project in GitLab */
  target: string;
  project: number;
  environment?: string;
  /** `<cluster>/<service>` */
  service?: string;
  cause?: Cause['kind'];
  sha?: string;
  ref?: string;
  digest?: string;
  /** its ARN */
  revision?: string;
  /** ISO 8601, real time */
  at: string;
  /** a sentence for people */
  text: string;
}

/** What is told of a deployment, under a name that listeners choose by. `docs/events.schema.json` is its published form. */
export type Announcement =
  | { type: 'Deployment started'; detail: Told }
  | { type: 'Deployment step'; detail: Told & Step }
  | { type: 'Deployment succeeded' | 'Deployment failed' | 'Deployment superseded'; detail: Told & Ending };

const endTypes = {
  deployed: 'Deployment succeeded',
  'already deployed': 'Deployment succeeded',
  failed: 'Deployment failed',
  superseded: 'Deployment superseded',
  outdated: 'Deployment superseded',
  held: 'Deployment superseded',
} as const satisfies Record<Outcome, Announcement['type']>;

const told = (of: Announced, at: string, text: string): Told => {
  const { deployment, target, environment, service, cause, sha, ref, found, revision } = of;
  return {
    version: 1,
    deployment,
    target,
    project: Number(target.split('/')[0]),
    ...(environment === undefined ? {} : { environment }),
    ...(service === undefined ? {} : { service: serviceLabel(service) }),
    ...(cause === undefined ? {} : { cause: cause.kind }),
    ...(sha === undefined ? {} : { sha }),
    ...(ref === undefined ? {} : { ref }),
    ...(found === undefined ? {} : { digest: found.digest }),
    ...(revision === undefined ? {} : { revision }),
    at,
    text,
  };
};

const endingOf = ({ outcome, failure, because, undo, warning }: End): Ending => {
  if (outcome === 'failed')
    return { outcome, failure: failure ?? 'Unexpected', because, ...(undo === undefined ? {} : { undo }) };
  if (outcome === 'deployed' || outcome === 'already deployed')
    return { outcome, because, ...(warning === undefined ? {} : { warning }) };
  return { outcome, because };
};

/** It is this deployment's turn: its service is its own until it ends. */
export const startAnnouncement = (of: Announced, at: string): Announcement => ({
  type: 'Deployment started',
  detail: told(of, at, announcedText(of)),
});

export const stepAnnouncement = (of: Announced, step: Step, at: string): Announcement => ({
  type: 'Deployment step',
  detail: { ...told(of, at, announcedText(of, step)), ...step },
});

export const endAnnouncement = (of: Announced, end: End): Announcement => {
  const ending = endingOf(end);
  return {
    type: endTypes[end.outcome],
    detail: { ...told(of, end.at, announcedText(of, ending)), ...ending },
  };
};
