import type { GitlabWorld } from './world.ts';

export interface Group {
  id: number;
  /** `group` or `group/subgroup` */
  path: string;
}

/** The groups that the projects lie in, in the order in which they came; a group's id follows from its place. */
const groupsOf = (world: GitlabWorld): Group[] => {
  const paths = [...world.projects.values()].flatMap(({ path }) => {
    const names = path.split('/').slice(0, -1);
    return names.map((_, index) => names.slice(0, index + 1).join('/'));
  });
  return [...new Set(paths)].map((path, index) => ({ id: 501 + index, path }));
};

/** By its number or its path. */
export const groupOf = (world: GitlabWorld, idOrPath: string): Group | undefined =>
  groupsOf(world).find(({ id, path }) => String(id) === idOrPath || path === idOrPath);
