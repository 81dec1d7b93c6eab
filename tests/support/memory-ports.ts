import { DeployFailure } from '../../lib/domain/failure.ts';
import type { HookSecret } from '../../lib/domain/hook-secret.ts';
import type { JobFacts, PipelineFacts } from '../../lib/domain/plan-deployments.ts';
import type { Target } from '../../lib/domain/target.ts';
import type { Announcements } from '../../lib/ports/announcements.ts';
import type { Clock } from '../../lib/ports/clock.ts';
import type { Diagnosis } from '../../lib/ports/diagnosis.ts';
import type { Answer, Gitlab } from '../../lib/ports/gitlab.ts';
import type { Images } from '../../lib/ports/images.ts';
import type { RepositoryIndex } from '../../lib/ports/repository-index.ts';
import type { Registry } from '../../lib/ports/registry.ts';
import type { BrokenTarget, Targets } from '../../lib/ports/targets.ts';
import type { HookSecrets } from '../../lib/ports/vault.ts';
import type { ExecutionStatus, Workflows } from '../../lib/ports/workflows.ts';
import { eventSchema, type EventOf } from './event-schema.ts';
import { digest, finishedAt, gitlabRegistry, jobFacts, pipelineFacts, project, sha } from './samples.ts';

export interface MemoryWorkflows extends Workflows {
  /** by name, in the order of their starts */
  executions: Map<string, { input: object; status: ExecutionStatus }>;
  end(name: string, error?: string): void;
}

export const memoryWorkflows = (): MemoryWorkflows => {
  const executions: MemoryWorkflows['executions'] = new Map();
  return {
    executions,
    end: (name, error) => {
      const execution = executions.get(name);
      if (execution === undefined) throw new Error(`there is no execution ${name}`);
      execution.status = error === undefined ? { state: 'succeeded' } : { state: 'failed', error };
    },
    start: async (name, input) => {
      await Promise.resolve();
      if (executions.has(name)) return 'exists';
      executions.set(name, { input: structuredClone(input), status: { state: 'running' } });
      return 'started';
    },
    status: async (name) => Promise.resolve(executions.get(name)?.status ?? { state: 'unknown' }),
  };
};

export interface MemoryTargets extends Targets {
  targets: Target[];
  broken: (BrokenTarget & { project: number })[];
}

export const memoryTargets = (...targets: Target[]): MemoryTargets => {
  const broken: MemoryTargets['broken'] = [];
  const memory: MemoryTargets = {
    targets,
    broken,
    ofProject: async (project) =>
      Promise.resolve({
        targets: targets.filter((target) => target.project === project),
        broken: broken.filter((target) => target.project === project),
      }),
    all: async () => {
      const projects = [...new Set([...targets, ...broken].map(({ project }) => project))];
      return Promise.all(projects.map(async (project) => ({ project, ...(await memory.ofProject(project)) })));
    },
    find: async ({ project, name }) => {
      const isMeant = (one: { project: number; name: string }) => one.project === project && one.name === name;
      return Promise.resolve(targets.find(isMeant) ?? broken.find(isMeant));
    },
  };
  return memory;
};

export interface MemoryRepositoryIndex extends RepositoryIndex {
  /** by repository; 'broken': an entry that cannot be used */
  projects: Map<string, number[] | 'broken'>;
}

export const memoryRepositoryIndex = (entries: Record<string, number[] | 'broken'> = {}): MemoryRepositoryIndex => {
  const projects: MemoryRepositoryIndex['projects'] = new Map(Object.entries(entries));
  return {
    projects,
    projectsOf: async (repository) => {
      const entry = projects.get(repository) ?? [];
      const broken = [{ name: 'repositories/…', problems: ['must be a list of project ids'] }];
      return Promise.resolve(entry === 'broken' ? { projects: [], broken } : { projects: entry, broken: [] });
    },
  };
};

export interface MemoryGitlab extends Gitlab {
  pipelines: Map<number, PipelineFacts & { sha: string }>;
  jobs: Map<number, JobFacts>;
  /** `branch main`, `tag v1` → whether it is protected; what is not there is gone */
  refs: Map<string, boolean>;
  /** project id → its path with its namespace */
  paths: Map<number, string>;
  /** image tag → whether a rule protects it; undefined: this GitLab shows no rules */
  tagRules: Map<string, boolean> | undefined;
  /** what it says instead of an answer, while it is unreachable */
  down?: string;
}

/** One pipeline with one job, both a success on the protected branch main; images' tag v1 is protected. */
export const memoryGitlab = (): MemoryGitlab => {
  const answer = <T>(value: T | undefined): Promise<Answer<T>> => {
    if (gitlab.down !== undefined) return Promise.resolve({ state: 'unavailable', because: gitlab.down });
    return Promise.resolve(value === undefined ? { state: 'missing' } : { state: 'found', value });
  };
  const gitlab: MemoryGitlab = {
    pipelines: new Map([[90001, { ...pipelineFacts(), sha }]]),
    jobs: new Map([[700001, jobFacts()]]),
    refs: new Map([['branch main', true]]),
    paths: new Map([[project, 'Acme/Web']]),
    tagRules: new Map([['v1', true]]),
    pipeline: async (_project, id) => answer(gitlab.pipelines.get(id)),
    job: async (_project, id) => answer(gitlab.jobs.get(id)),
    refProtected: async (_project, { name, tag }) => answer(gitlab.refs.get(`${tag ? 'tag' : 'branch'} ${name}`)),
    projectPath: async (id) => answer(gitlab.paths.get(id)),
    imageTagProtected: async (_project, tag) =>
      answer(gitlab.tagRules === undefined ? undefined : gitlab.tagRules.get(tag) === true),
  };
  return gitlab;
};

export interface MemoryAnnouncements extends Announcements {
  /** as listeners get them, each of the published form */
  told: EventOf[];
  /** why each was lost */
  missed: { type: string; failure: string }[];
  /** the details of those that tell an end */
  ends: () => object[];
  /** what the others tell: that it started, or the step */
  steps: () => string[];
}

export const memoryAnnouncements = (): MemoryAnnouncements => {
  const told: MemoryAnnouncements['told'] = [];
  const missed: MemoryAnnouncements['missed'] = [];
  return {
    told,
    missed,
    ends: () => told.map(({ detail }) => detail).filter((detail) => 'outcome' in detail),
    steps: () =>
      told.flatMap(({ 'detail-type': type, detail }) => {
        if ('outcome' in detail) return [];
        return 'step' in detail ? [detail.step] : [type];
      }),
    tell: async ({ type, detail }) => {
      told.push(eventSchema.parse({ source: 'drawbridge', 'detail-type': type, detail }));
      return Promise.resolve();
    },
    lost: ({ type }, { name }) => void missed.push({ type, failure: name }),
  };
};

/** `<repository>:<tag>` → digest. */
export const memoryImages = (digests: Record<string, string>): Images => ({
  digestOf: async (repository, tag) => Promise.resolve(digests[`${repository}:${tag}`]),
  has: async (repository, digest) =>
    Promise.resolve(Object.entries(digests).some(([name, one]) => name.startsWith(`${repository}:`) && one === digest)),
});

export interface MemoryTags extends Pick<Registry, 'host' | 'digestOf'> {
  /** `<repository>:<tag>` → digest */
  tags: Map<string, string>;
  /** what it fails with instead of an answer */
  down?: DeployFailure;
  /** how often it was asked */
  asked: number;
}

/** GitLab's registry, as far as tags go: one image, acme/web/app:v1. */
export const memoryTags = (): MemoryTags => {
  const answer = <T>(value: T): Promise<T> => {
    registry.asked += 1;
    return registry.down === undefined ? Promise.resolve(value) : Promise.reject(registry.down);
  };
  const registry: MemoryTags = {
    tags: new Map([['acme/web/app:v1', digest]]),
    asked: 0,
    host: () => answer(gitlabRegistry),
    digestOf: (repository, tag) => answer(registry.tags.get(`${repository}:${tag}`)),
  };
  return registry;
};

export const memoryDiagnosis = (...reasons: string[]): Diagnosis => ({
  reasons: async () => Promise.resolve(reasons),
});

export interface MemoryHookSecrets extends HookSecrets {
  versions: HookSecret[];
  asked: number;
  down: boolean;
}

export const memoryHookSecrets = (...versions: HookSecret[]): MemoryHookSecrets => {
  const vault: MemoryHookSecrets = {
    versions,
    asked: 0,
    down: false,
    hookSecrets: async () => {
      vault.asked += 1;
      await Promise.resolve();
      if (vault.down) throw new DeployFailure('AwsUnavailable', 'GetSecretValue: ThrottlingException');
      return structuredClone(vault.versions);
    },
  };
  return vault;
};

export const stoppedClock =
  (iso = finishedAt): Clock =>
  () =>
    new Date(iso);
