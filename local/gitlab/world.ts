import type { Clock } from '../clock.ts';
import type { AccessToken, DeployToken } from './credentials.ts';
import { seededIds, type Ids } from './ids.ts';
import type { Hosts } from './post-hook.ts';

/** The GitLab instance as its administrators set it up. */
export interface Instance {
  /** base URL, as in X-Gitlab-Instance and every web_url */
  url: string;
  /** host and port of its container registry, as images are named by it */
  registryHost: string;
  /** the access token that is there from the start: a maintainer's, scope api, without an end */
  token: string;
  /** e.g. `19.2.0-ee`; older ones know less (signing tokens from 19.0) */
  version: string;
  /** how hooks write times: `iso` as 19.x does (2026-01-05T09:30:00.000Z), `utc` as before (2026-01-05 09:30:00 UTC) */
  hookDates: 'iso' | 'utc';
  /** world seconds between an event and the Sidekiq job that builds its payload and sends it */
  hookDelay: number;
  /** real seconds that a receiver has for its answer (`gitlab_rails['webhook_timeout']`) */
  webhookTimeout: number;
  /** how many days from today an access token may live at most */
  tokenDays: number;
}

export interface Commit {
  sha: string;
  parent: string;
  title: string;
  /** all times of the world: milliseconds since the epoch */
  at: number;
}

/** a branch or tag, or a pattern with `*`, that is protected */
export interface Protection {
  id: number;
  name: string;
}

/** https://docs.gitlab.com/api/container_registry_protection_tag_rules/ */
export interface RegistryTagRule {
  id: number;
  /** RE2, matched anywhere in the tag */
  pattern: string;
  push: AccessLevel;
  delete: AccessLevel;
  /** nobody moves or deletes such a tag, whatever the levels say */
  immutable: boolean;
}

export type AccessLevel = 'maintainer' | 'owner' | 'admin';

export interface Project {
  id: number;
  /** `group/name` */
  path: string;
  createdAt: number;
  defaultBranch: string;
  /** branch or tag name → sha */
  branches: Map<string, string>;
  tags: Map<string, string>;
  commits: Map<string, Commit>;
  protectedBranches: Protection[];
  protectedTags: Protection[];
  registryTagRules: RegistryTagRule[];
  /** keys of its CI variables; what they hold is nobody's business here */
  variables: string[];
  /** names of its protected environments */
  protectedEnvironments: string[];
  pipelines: Pipeline[];
  hooks: Hook[];
  environments: Environment[];
  /** oldest first */
  deployments: Deployment[];
  /** on commits, oldest first */
  comments: CommitComment[];
}

export interface Environment {
  id: number;
  name: string;
  externalUrl: string | null;
  createdAt: number;
}

export interface Deployment {
  id: number;
  iid: number;
  environment: Environment;
  sha: string;
  ref: string;
  tag: boolean;
  /** of one that a job made, the job's own counts */
  status: string;
  /** the CI job that made it */
  job: Job | undefined;
  /** who made it by API */
  user: AccessToken | undefined;
  createdAt: number;
  updatedAt: number;
}

export interface CommitComment {
  sha: string;
  note: string;
  at: number;
}

export interface MergeRequest {
  id: number;
  iid: number;
  sourceBranch: string;
  sourceProject: number;
  targetBranch: string;
}

export interface Pipeline {
  id: number;
  iid: number;
  project: Project;
  /** as the API says it: a branch's or tag's bare name, or refs/merge-requests/N/head */
  ref: string;
  tag: boolean;
  sha: string;
  beforeSha: string;
  source: string;
  status: string;
  createdAt: number;
  updatedAt: number;
  startedAt: number | undefined;
  /** stays when the pipeline runs again (a manual job, a retry), until it finishes anew */
  finishedAt: number | undefined;
  mergeRequest: MergeRequest | undefined;
  parent: { pipeline: Pipeline; bridge: number } | undefined;
  /** with those that were retried */
  jobs: Job[];
  /** the API answers 404 before this time: replicas lag behind hooks */
  apiKnowsAt: number;
}

export interface Job {
  id: number;
  pipeline: Pipeline;
  name: string;
  stage: string;
  status: string;
  manual: boolean;
  allowFailure: boolean;
  environment: string | undefined;
  createdAt: number;
  startedAt: number | undefined;
  finishedAt: number | undefined;
  /** 0 for a first try */
  retries: number;
  /** a newer job of that name has taken its place */
  retried: boolean;
}

export interface Hook {
  id: number;
  project: number;
  url: string;
  name: string | null;
  description: string | null;
  token: string | undefined;
  signingToken: string | undefined;
  customHeaders: Map<string, string>;
  /** `pipeline_events` and the like */
  events: Map<string, boolean>;
  enableSslVerification: boolean;
  createdAt: number;
  /** failures in a row */
  failures: number;
  disabledUntil: number | undefined;
}

export interface GitlabWorld {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly instance: Instance;
  readonly projects: Map<number, Project>;
  readonly accessTokens: AccessToken[];
  deployTokens: DeployToken[];
  /** where hooks really go */
  readonly hosts: Hosts | undefined;
}

export interface WorldOptions {
  clock: Clock;
  seed: number;
  url: string;
  /** default: `registry.` before the url's host */
  registryHost?: string;
  hosts?: Hosts | undefined;
}

const firstToken = ({ clock, ids }: Pick<GitlabWorld, 'clock' | 'ids'>): AccessToken => {
  const id = ids.next('access token');
  return {
    id,
    name: 'maintainer',
    description: null,
    owner: { type: 'person' },
    userId: 17,
    username: 'maintainer',
    scopes: ['api'],
    accessLevel: 50,
    value: `glpat-${ids.secret(20)}`,
    createdAt: clock.now(),
    expiresAt: null,
    revoked: false,
    lastUsedAt: undefined,
    family: id,
  };
};

export const createWorld = (options: WorldOptions): GitlabWorld => {
  const ids = seededIds(options.seed);
  const first = firstToken({ clock: options.clock, ids });
  const instance: Instance = {
    url: options.url,
    registryHost: options.registryHost ?? `registry.${new URL(options.url).hostname}`,
    token: first.value,
    version: '19.2.0-ee',
    hookDates: 'iso',
    hookDelay: 0,
    webhookTimeout: 10,
    tokenDays: 365,
  };
  const projects = new Map<number, Project>();
  const { clock, hosts } = options;
  return { clock, ids, instance, projects, accessTokens: [first], deployTokens: [], hosts };
};

/** Is this instance at least `major.minor`? */
export const isAtLeast = (instance: Instance, major: number, minor: number): boolean => {
  const [ownMajor = 0, ownMinor = 0] = instance.version.split('.').map(Number);
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
};

/** 19.0 brought webhook-id and webhook-timestamp on every delivery, and the signing token (merge request 230944). */
export const knowsSigning = (instance: Instance): boolean => isAtLeast(instance, 19, 0);
