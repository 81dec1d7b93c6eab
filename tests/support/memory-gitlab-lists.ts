import type { ListedJob, ListedPipeline } from '../../lib/domain/missed.ts';
import type { JobFacts, PipelineFacts } from '../../lib/domain/plan-deployments.ts';
import type { Answer, GitlabLists, Page, PipelinesOf } from '../../lib/ports/gitlab.ts';
import { without } from './samples.ts';

export interface MemoryGitlabLists extends GitlabLists {
  /** what was asked: `4711 pipelines {"ref":"main"} 1` */
  asked: string[];
  /** what it says next instead of an answer, in turn; 'found': the truth */
  says: (Exclude<Answer<never>, { state: 'found' }> | 'found')[];
}

interface Content {
  pipelines: ReadonlyMap<number, PipelineFacts>;
  jobs: ReadonlyMap<number, JobFacts>;
}

const listed = (facts: PipelineFacts): ListedPipeline => ({
  ...without(without(facts, 'tag'), 'finishedAt'),
  updatedAt: facts.finishedAt ?? '',
});

/** Of each tag's name the newest pipeline alone. */
const ofTags = (all: readonly PipelineFacts[]): PipelineFacts[] => {
  const names = new Set(all.filter(({ tag }) => tag).map(({ ref }) => ref));
  return [...names].flatMap((name) => all.filter(({ ref }) => ref === name).slice(0, 1));
};

const chosen = (all: readonly PipelineFacts[], of: PipelinesOf): readonly PipelineFacts[] => {
  if ('scope' in of) return ofTags(all).toSorted((a, b) => b.pipeline - a.pipeline);
  return 'ref' in of ? all.filter(({ ref }) => ref === of.ref) : all;
};

/** GitLab's lists of what these maps hold; pages of so many entries. */
export const memoryGitlabLists = ({ pipelines, jobs }: Content, perPage = 100): MemoryGitlabLists => {
  const page = <A, B>(all: readonly A[], number: number, show: (one: A) => B): Answer<Page<B>> => {
    const items = all.slice((number - 1) * perPage, number * perPage).map(show);
    return { state: 'found', value: { items, ...(all.length > number * perPage ? { next: number + 1 } : {}) } };
  };
  const of = (project: number): PipelineFacts[] =>
    [...pipelines.values()].filter((one) => one.project === project).toSorted((a, b) => b.pipeline - a.pipeline);
  const answer = <T>(question: string, truth: () => Answer<T>): Promise<Answer<T>> => {
    lists.asked.push(question);
    const said = lists.says.shift() ?? 'found';
    return Promise.resolve(said === 'found' ? truth() : said);
  };

  const lists: MemoryGitlabLists = {
    asked: [],
    says: [],
    succeededPipelines: (project, wanted, number) =>
      answer(`${project} pipelines ${JSON.stringify(wanted)} ${number}`, () => {
        const all = of(project).filter(({ source }) => source !== 'parent_pipeline');
        return page(
          chosen(all, wanted).filter(({ status }) => status === 'success'),
          number,
          listed,
        );
      }),
    succeededJobs: (project, number) =>
      answer(`${project} jobs ${number}`, () => {
        const all = [...jobs.values()].filter((job) => job.project === project && job.status === 'success');
        const show = (job: JobFacts): ListedJob => {
          const pipeline = without(pipelines.get(job.pipeline) as PipelineFacts, 'finishedAt');
          return { job, pipeline: { ...pipeline, ref: job.ref, tag: job.tag } };
        };
        return page(
          all.toSorted((a, b) => b.job - a.job),
          number,
          show,
        );
      }),
  };
  return lists;
};
