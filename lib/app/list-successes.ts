import type { Trigger } from '../domain/target.ts';
import { isPattern, mayFit, newestJobs, type ListedJob, type ListedPipeline } from '../domain/missed.ts';
import type { Answer, GitlabLists, Page, PipelinesOf } from '../ports/gitlab.ts';
import type { TimeLeft } from './time-left.ts';

export type PipelineTrigger = Extract<Trigger, { kind: 'pipeline' | 'tag' }>;
export type JobTrigger = Extract<Trigger, { kind: 'job' }>;

/** So far back a list is read, when it does not have what is looked for earlier: 500 entries. */
const mostPages = 5;

/** Reads on until `isEnough`. Undefined: there was no time for it. */
const readPages = async <T>(
  time: TimeLeft,
  list: (page: number) => Promise<Answer<Page<T>>>,
  isEnough: (items: readonly T[]) => boolean,
): Promise<readonly T[] | undefined> => {
  const items: T[] = [];
  for (let next: number | undefined = 1; next !== undefined && next <= mostPages;) {
    const page: number = next;
    const answer: Page<T> | undefined = await time.ask(() => list(page));
    if (answer === undefined) return undefined;
    items.push(...answer.items);
    next = isEnough(items) ? undefined : answer.next;
  }
  return items;
};

/** Which list has the pipelines of this trigger. Of a pattern for branches there is none but that of all. */
export const listFor = ({ kind, ...rest }: PipelineTrigger): PipelinesOf => {
  const pattern = 'ref' in rest ? rest.ref : rest.pattern;
  if (!isPattern(pattern)) return { ref: pattern };
  return kind === 'tag' ? { scope: 'tags' } : {};
};

/** The project's successes on that list, back to where each of the triggers has one. Undefined: there was no time for it. */
export const listPipelines = async (
  { gitlab, time }: { gitlab: GitlabLists; time: TimeLeft },
  { project, of }: { project: number; of: PipelinesOf },
  triggers: readonly PipelineTrigger[],
): Promise<readonly ListedPipeline[] | undefined> =>
  readPages(
    time,
    (page) => gitlab.succeededPipelines(project, of, page),
    (all) => triggers.every((trigger) => all.some((one) => mayFit(trigger, one))),
  );

/** The project's successful jobs, back to where each of the triggers has one. Undefined: there was no time for it. */
export const listJobs = async (
  { gitlab, time }: { gitlab: GitlabLists; time: TimeLeft },
  project: number,
  triggers: readonly JobTrigger[],
): Promise<readonly ListedJob[] | undefined> =>
  readPages(
    time,
    (page) => gitlab.succeededJobs(project, page),
    (all) => triggers.every((trigger) => newestJobs(trigger, all).length > 0),
  );
