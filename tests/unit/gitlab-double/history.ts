import { virtualClock } from '../../../local/clock.ts';
import { addProject } from '../../../local/gitlab/projects.ts';
import { createWorld, type Job, type Pipeline } from '../../../local/gitlab/world.ts';

/** acme/web on an instance whose time stands still until a test moves it. */
export const newHistory = () => {
  const clock = virtualClock();
  const world = createWorld({ clock, seed: 1, url: 'https://gitlab.example.com' });
  const project = addProject(world, { id: 4711, path: 'acme/web', protectedTags: ['v*'] });
  return { clock, world, project };
};

export const jobCalled = (pipeline: Pipeline, name: string): Job => {
  const job = pipeline.jobs.findLast((other) => other.name === name);
  if (job === undefined) throw new Error(`no job ${name}`);
  return job;
};
