import { z } from 'zod';
import { statusOf } from './deployments.ts';
import type { ControlVerbs, Double } from './double.ts';
import { findProject } from './projects.ts';

/** by id or path */
const ofProject = z.strictObject({ project: z.union([z.int(), z.string()]) });

export const deploymentInputs = { deployments: ofProject, commitComments: ofProject } as const;

/** A deployment as people see it in GitLab. */
export interface DeploymentView {
  id: number;
  environment: string;
  externalUrl: string | null;
  sha: string;
  ref: string;
  tag: boolean;
  status: string;
  /** the CI job that made it; null: it was made by API */
  job: number | null;
}

/** What GitLab shows of deployments, for who looks. */
export const deploymentVerbs = ({ world }: Double) =>
  ({
    deployments: ({ project }) =>
      findProject(world, project).deployments.map((deployment) => ({
        id: deployment.id,
        environment: deployment.environment.name,
        externalUrl: deployment.environment.externalUrl,
        sha: deployment.sha,
        ref: deployment.ref,
        tag: deployment.tag,
        status: statusOf(deployment),
        job: deployment.job?.id ?? null,
      })),
    commitComments: ({ project }) => findProject(world, project).comments.map(({ sha, note }) => ({ sha, note })),
  }) satisfies Partial<ControlVerbs>;
