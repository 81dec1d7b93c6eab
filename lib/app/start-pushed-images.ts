import { planImages, type PushedImages } from '../domain/plan-images.ts';
import type { Target } from '../domain/target.ts';
import type { RepositoryIndex } from '../ports/repository-index.ts';
import type { BrokenTarget, Targets } from '../ports/targets.ts';
import type { Workflows } from '../ports/workflows.ts';
import { labelled, startPlanned, type HookOutcome } from './start-planned.ts';

export interface PushedImagesPorts {
  index: RepositoryIndex;
  targets: Targets;
  workflows: Workflows;
}

interface Found {
  targets: Target[];
  broken: BrokenTarget[];
}

/** The targets of all projects that wait for one of these repositories. */
const targetsFor = async ({ index, targets }: PushedImagesPorts, repositories: readonly string[]): Promise<Found> => {
  const found: Found = { targets: [], broken: [] };
  const projects = new Set<number>();
  for (const repository of repositories) {
    const entry = await index.projectsOf(repository);
    found.broken.push(...entry.broken);
    for (const project of entry.projects) projects.add(project);
  }
  for (const project of projects) {
    const ofProject = await targets.ofProject(project);
    found.targets.push(...ofProject.targets);
    found.broken.push(...labelled(project, ofProject.broken));
  }
  return found;
};

/**
 * The act of the registry hook: which projects wait for what was pushed, which of their targets, and one execution for
 * each. Raises whatever AWS refused: then nothing more was started, and the hook, told again, goes on from there.
 */
export const startPushedImages =
  (ports: PushedImagesPorts) =>
  async ({ pushes, unreadable }: PushedImages): Promise<HookOutcome> => {
    const repositories = [...new Set(pushes.map(({ repository }) => repository))];
    const { targets, broken } = await targetsFor(ports, repositories);
    return { ...(await startPlanned(ports.workflows, planImages(pushes, targets))), broken, unreadable };
  };
