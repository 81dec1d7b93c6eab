import type { BlueGreen } from './blue-green.ts';

/** Ops' rule: this project and trigger → this ECS service, this way. `name` is unique in its project, [a-z0-9-], ≤ 40. */
export interface Target {
  project: number;
  name: string;
  on: Trigger;
  /**
   * the image's name with placeholders after its last `:`, e.g. `<account>.dkr.ecr.<region>.amazonaws.com/web:{sha}`;
   * absent when the trigger itself names the image
   */
  image?: string;
  /** how the image comes into this account's ECR; absent when it is there already */
  copy?: CopyRule;
  cluster: string;
  service: string;
  /** names of the containers whose image is replaced */
  containers: readonly string[];
  strategy: Strategy;
  /** GitLab environment this target is shown as */
  environment?: string;
  /** where users find that environment; https */
  environmentUrl?: string;
  /** a failed deployment is noted on its commit */
  noteOnFailure?: true;
  /** deploys from refs that GitLab does not protect; only ever `true` by ops' own word */
  unprotectedRefs?: true;
  /** deploys tags that no rule of GitLab's protects; only ever `true` by ops' own word */
  unprotectedTags?: true;
}

export type Strategy =
  | { type: 'rolling'; timeoutMinutes: number }
  /** `timeoutMinutes`: how long green may take to become healthy */
  | { type: 'blue-green'; timeoutMinutes: number; swap: BlueGreen };

/** From GitLab's registry into ECR. */
export interface CopyRule {
  /** the ECR repository, without its host */
  repository: string;
  /** tags that the image gets in ECR beside its own, written last */
  alsoTag: readonly string[];
  createRepository: boolean;
  /** `required`: not deployed without a signature that came with it. Signatures are copied, never judged. */
  signatures: 'best-effort' | 'required';
  /** the most that all layers together may have */
  maxImageGib: number;
}

export type Trigger =
  | { kind: 'pipeline'; ref: string; sources: readonly string[] }
  | { kind: 'job'; job: string; ref: string; sources: readonly string[] }
  | { kind: 'tag'; pattern: string; sources: readonly string[] }
  /** `repository`: its path in GitLab's registry. `tag`: a pattern. */
  | { kind: 'image'; repository: string; tag: string };

/** Pipelines started by a push are trusted; every other source must be named by the target. */
export const defaultSources: readonly string[] = ['push'];

export interface TargetId {
  project: number;
  name: string;
}

/** `<project>/<name>`: how a target is written in logs, answers and the journal. */
export const targetLabel = ({ project, name }: TargetId): string => `${project}/${name}`;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Patterns know `*` (any characters, also none) only, and match the whole text. */
export const matchesPattern = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(text);
