import { join } from 'node:path';
import { runChild } from '../children.ts';
import type { ImageBehaviour } from '../fleet/seeds.ts';
import type { RegistryRequest } from '../gitlab/registry/registry-log.ts';
import type { Gitlab } from '../gitlab/server.ts';

/** An image that CI has built and pushed to GitLab's registry, and how it could. */
export interface Pushed {
  digest: string;
  /** the image's layers and its configuration */
  blobs: readonly { digest: string; size: number }[];
  /** all that the job was given: its whole environment */
  given: Readonly<Record<string, string>>;
  /** all that GitLab's registry and its login were asked meanwhile */
  requests: readonly RegistryRequest[];
}

export interface BuildJob {
  project: number;
  /** the project's path */
  path: string;
  sha: string;
  behaviour: ImageBehaviour;
}

/** As GitLab's `CI_COMMIT_SHORT_SHA` */
export const shortSha = (sha: string): string => sha.slice(0, 8);

const variablesOf = async (
  { control, registryHost }: Pick<Gitlab, 'control' | 'registryHost'>,
  { project, path, sha }: BuildJob,
) => {
  const { username, token } = await control.createJobToken({ project });
  return {
    CI_REGISTRY: registryHost,
    CI_REGISTRY_IMAGE: `${registryHost}/${path}`,
    CI_REGISTRY_USER: username,
    CI_REGISTRY_PASSWORD: token,
    CI_COMMIT_SHA: sha,
    CI_COMMIT_SHORT_SHA: shortSha(sha),
  };
};

/** Runs a commit's build job as a runner does: with GitLab's variables, its job token among them, and nothing else. */
export const runBuildJob = async (gitlab: Pick<Gitlab, 'control' | 'registryHost'>, job: BuildJob): Promise<Pushed> => {
  const given = await variablesOf(gitlab, job);
  const before = await gitlab.control.registryRequests();
  const script = join(import.meta.dirname, 'build-job.ts');
  const printed = await runChild(process.execPath, [script, JSON.stringify(job.behaviour)], { env: given });
  const pushed = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Pick<Pushed, 'digest' | 'blobs'>;
  const requests = (await gitlab.control.registryRequests()).slice(before.length);
  return { ...pushed, given, requests };
};
