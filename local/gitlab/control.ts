import type { ApiRequest } from './api/serve.ts';
import type { DeploymentView } from './control-deployments.ts';
import { controlInputs, type ControlInput, type ControlVerb } from './control-inputs.ts';
import type { Delivery } from './delivery.ts';
import type { RegistryDelivery } from './registry/notification-sender.ts';
import type { RegistryRequest } from './registry/registry-log.ts';
import type { StoredImage } from './registry/store-image.ts';

export interface ProjectView {
  id: number;
  path: string;
  defaultBranch: string;
}

export interface JobView {
  id: number;
  name: string;
  status: string;
  /** ISO 8601, world time */
  finishedAt: string | null;
}

export interface PipelineView {
  id: number;
  iid: number;
  project: number;
  /** as the API says it */
  ref: string;
  sha: string;
  tag: boolean;
  source: string;
  status: string;
  finishedAt: string | null;
  /** without those that were retried */
  jobs: JobView[];
}

/** An access token without its value. */
export interface AccessTokenView {
  id: number;
  name: string;
  owner: 'person' | 'project' | 'group';
  /** of the project or group; of a person, their user's */
  ownerId: number;
  scopes: string[];
  expiresAt: string | null;
  revoked: boolean;
  active: boolean;
  /** the same for all that rotations made of one token */
  family: number;
  lastUsedAt: string | null;
}

/** A deploy token without its value. */
export interface DeployTokenView {
  id: number;
  owner: 'project' | 'group';
  ownerId: number;
  name: string;
  username: string;
  scopes: string[];
  expiresAt: string | null;
  active: boolean;
  /** to the registry, so far */
  logins: number;
}

/** What each verb answers. */
export interface ControlOutputs {
  /** A project with one commit on its default branch, which is protected unless `protectedBranches` says otherwise. */
  createProject: ProjectView;
  /** A new commit on a branch, or a tag. */
  push: { sha: string };
  /** A pipeline that has run, or is as `status` and the jobs say; its hooks are sent. */
  runPipeline: PipelineView;
  /** Ends a pipeline that is on its way (default `success`) and sends its hooks. */
  finishPipeline: PipelineView;
  /** Plays a manual job: hooks for running, then for the end, where the pipeline succeeds once more. */
  playJob: PipelineView;
  /** Runs a finished job again under a new id: hooks as above. */
  retryJob: PipelineView;
  /** The event once more, as a new delivery to each hook that asks for it. */
  sendHook: null;
  /** One request to the hook; waits for its answer. */
  sendRaw: Delivery;
  installHook: { id: number };
  protect: null;
  unprotect: null;
  setVariable: null;
  protectEnvironment: null;
  deleteBranch: null;
  setInstance: null;
  setFault: null;
  clearFaults: null;
  /** Every request to a receiver that has ended, oldest first. */
  deliveries: Delivery[];
  /** Every request to the API, oldest first. */
  requests: ApiRequest[];
  /** Answers once no delivery and no notification waits to be sent or answered. */
  idle: null;
  /** Every deployment of the project, of CI jobs and by API, oldest first. */
  deployments: DeploymentView[];
  /** Every comment on a commit of the project, oldest first. */
  commitComments: { sha: string; note: string }[];
  /** A token made in GitLab's pages, by a person: a manager's, a person's own, a project's. */
  createAccessToken: { id: number; token: string };
  expireAccessToken: null;
  revokeAccessToken: null;
  /** GitLab's hook that one of a project's tokens will soon end. */
  warnOfExpiry: null;
  /** Every access token there ever was, oldest first; `requests` names them by id. */
  accessTokens: AccessTokenView[];
  /** Every deploy token that was not deleted, oldest first. */
  deployTokens: DeployTokenView[];
  /** The value of each token of both kinds that is remembered, for who looks whether one was written anywhere. */
  tokenValues: string[];
  /** An image in the registry at once, with the notifications of its push. */
  pushImage: StoredImage;
  putRegistryManifest: { digest: string };
  deleteImage: null;
  /** What logs in to the project's registry, to pull and, with `write`, to push. */
  createDeployToken: { username: string; token: string };
  createJobToken: { username: string; token: string };
  protectRegistryTag: { id: number };
  unprotectRegistryTag: null;
  setRegistry: null;
  setRegistryFault: null;
  clearRegistryFaults: null;
  /** Lets stalled answers go on. */
  releaseRegistry: null;
  /** Every request to the registry, its login and its object storage, oldest first. */
  registryRequests: RegistryRequest[];
  /** Installs an endpoint for the registry's notifications, in place of the one of the same name. */
  registryNotifications: null;
  removeRegistryNotifications: null;
  /** Every try to deliver a notification, oldest first. */
  registryDeliveries: RegistryDelivery[];
}

/** verbs that need no input */
type Bare =
  | 'accessTokens'
  | 'clearFaults'
  | 'clearRegistryFaults'
  | 'deliveries'
  | 'deployTokens'
  | 'idle'
  | 'registryDeliveries'
  | 'registryRequests'
  | 'releaseRegistry'
  | 'removeRegistryNotifications'
  | 'requests'
  | 'tokenValues';

export type GitlabControl = {
  [V in ControlVerb]: V extends Bare
    ? (input?: ControlInput<V>) => Promise<ControlOutputs[V]>
    : (input: ControlInput<V>) => Promise<ControlOutputs[V]>;
};

const call = async (url: string, verb: string, input: unknown): Promise<unknown> => {
  const body = JSON.stringify(input ?? {});
  const response = await fetch(`${url}/_gitlab/${verb}`, { method: 'POST', body });
  const answer = (await response.json()) as { result: unknown } | { error: string };
  if ('error' in answer) throw new Error(`GitLab double, ${verb}: ${answer.error}`);
  return answer.result;
};

/** The double's control, for tests, the demo and people. Each verb is `POST <url>/_gitlab/<verb>` with a JSON body. */
export const gitlabControl = (url: string): GitlabControl => {
  const verbs = Object.keys(controlInputs).map((verb) => [verb, (input?: unknown) => call(url, verb, input)]);
  return Object.fromEntries(verbs) as GitlabControl;
};
