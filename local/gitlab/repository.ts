import type { Commit, GitlabWorld, Project } from './world.ts';

/** What git and branch protection know of a project. */

export const zeroSha = '0'.repeat(40);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Protection patterns know `*` only, and match the whole name. https://docs.gitlab.com/user/project/repository/branches/protected/ */
export const matchesPattern = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`, 's').test(name);

export const isProtected = (project: Project, ref: string, tag: boolean): boolean =>
  (tag ? project.protectedTags : project.protectedBranches).some(({ name }) => matchesPattern(name, ref));

export const refs = (project: Project, tag: boolean): Map<string, string> => (tag ? project.tags : project.branches);

export interface Push {
  ref: string;
  tag: boolean;
  sha?: string | undefined;
}

/** A commit that no ref points to yet; the one of this sha, when it is there already. */
export const addCommit = (
  world: GitlabWorld,
  project: Project,
  { parent, sha }: { parent: string; sha?: string | undefined },
): Commit => {
  const known = sha === undefined ? undefined : project.commits.get(sha);
  if (known !== undefined) return known;
  const title = `Change ${project.commits.size + 1}`;
  const commit = { sha: sha ?? world.ids.sha(), parent, title, at: world.clock.now() };
  project.commits.set(commit.sha, commit);
  return commit;
};

/** The head of the branch moves to a new commit, or to `sha`; a tag is made or moved likewise. */
export const pushCommit = (world: GitlabWorld, project: Project, { ref, tag, sha }: Push): Commit => {
  const parent = refs(project, tag).get(ref) ?? project.branches.get(project.defaultBranch) ?? zeroSha;
  const commit = addCommit(world, project, { parent, sha });
  refs(project, tag).set(ref, commit.sha);
  return commit;
};

/** A commit by its sha (also shortened), branch or tag, as the commits API finds it. */
export const findCommit = (project: Project, name: string): Commit | undefined => {
  const sha = project.branches.get(name) ?? project.tags.get(name);
  if (sha !== undefined) return project.commits.get(sha);
  if (!/^[0-9a-f]{7,40}$/.test(name)) return undefined;
  return [...project.commits.values()].find((commit) => commit.sha.startsWith(name));
};
