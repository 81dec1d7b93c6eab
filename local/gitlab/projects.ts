import { pushCommit } from './repository.ts';
import type { GitlabWorld, Hook, Job, Pipeline, Project } from './world.ts';

export interface ProjectSeed {
  id?: number | undefined;
  path: string;
  defaultBranch?: string | undefined;
  protectedBranches?: readonly string[] | undefined;
  protectedTags?: readonly string[] | undefined;
}

/** A project with one commit on its default branch. GitLab protects that branch by itself. */
export const addProject = (world: GitlabWorld, seed: ProjectSeed): Project => {
  const { id = world.ids.next('project'), path, defaultBranch = 'main' } = seed;
  if (world.projects.has(id)) throw new Error(`project ${id} is there already`);
  const protection = (name: string) => ({ id: world.ids.next('protection'), name });
  const project: Project = {
    id,
    path,
    createdAt: world.clock.now(),
    defaultBranch,
    branches: new Map(),
    tags: new Map(),
    commits: new Map(),
    protectedBranches: (seed.protectedBranches ?? [defaultBranch]).map(protection),
    protectedTags: (seed.protectedTags ?? []).map(protection),
    registryTagRules: [],
    variables: [],
    protectedEnvironments: [],
    pipelines: [],
    hooks: [],
    environments: [],
    deployments: [],
    comments: [],
  };
  world.projects.set(id, project);
  pushCommit(world, project, { ref: defaultBranch, tag: false });
  return project;
};

const found = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new Error(`there is no ${what}`);
  return value;
};

export const findProject = (world: GitlabWorld, idOrPath: number | string): Project =>
  found(
    [...world.projects.values()].find(({ id, path }) => id === idOrPath || path === idOrPath),
    `project ${idOrPath}`,
  );

export const findPipeline = (project: Project, id: number): Pipeline =>
  found(
    project.pipelines.find((pipeline) => pipeline.id === id),
    `pipeline ${id} in ${project.path}`,
  );

export const findJob = (project: Project, id: number): Job =>
  found(
    project.pipelines.flatMap(({ jobs }) => jobs).find((job) => job.id === id),
    `job ${id} in ${project.path}`,
  );

export const findHook = (world: GitlabWorld, id: number): Hook =>
  found(
    [...world.projects.values()].flatMap(({ hooks }) => hooks).find((hook) => hook.id === id),
    `hook ${id}`,
  );
