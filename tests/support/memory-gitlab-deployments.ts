import type { DeployedCommit, ListedDeployment } from '../../lib/domain/feedback.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import type { GitlabDeployments, Told } from '../../lib/ports/gitlab-deployments.ts';

/** What may happen to a call. `lost`: the work is done, and its answer does not come. */
export type Mishap = 'silent' | 'refused' | 'lost';

export interface MemoryDeployment extends ListedDeployment {
  project: number;
  environment: string;
  ref: string;
}

/** GitLab's deployments in memory; tests may look at them, change them, and have calls go wrong. */
export interface MemoryGitlabDeployments extends GitlabDeployments {
  deployments: MemoryDeployment[];
  urls: Map<string, string>;
  comments: { sha: string; text: string }[];
  /** the commits that it knows, on their branch */
  commits: Map<string, DeployedCommit>;
  self: number;
  /** milliseconds since the epoch, by GitLab's clock */
  now: number;
  /** what was asked, by method */
  asked: (keyof GitlabDeployments)[];
  /** the next call of the method goes so */
  mishap: (method: keyof GitlabDeployments, how: Mishap) => void;
  /** it takes nothing in, and answers nothing, until this is taken away */
  down: boolean;
}

const silent = () => new DeployFailure('GitLabUnavailable', 'GitLab did not answer');
const done = <T>(value: T): Told<T> => ({ state: 'done', value });
const refused = (because: string): Told<never> => ({ state: 'refused', because });

/** Runs each call as it was told to go. */
const played = (gitlab: Pick<MemoryGitlabDeployments, 'asked' | 'down'>) => {
  const mishaps: { method: keyof GitlabDeployments; how: Mishap }[] = [];
  const play = <T>(method: keyof GitlabDeployments, work: () => Told<T>): Promise<Told<T>> => {
    gitlab.asked.push(method);
    const at = mishaps.findIndex((mishap) => mishap.method === method);
    const how = at === -1 ? undefined : mishaps.splice(at, 1)[0]?.how;
    if (gitlab.down || how === 'silent') return Promise.reject(silent());
    if (how === 'refused') return Promise.resolve(refused('GitLab answered 403'));
    const answer = work();
    return how === 'lost' ? Promise.reject(silent()) : Promise.resolve(answer);
  };
  return { play, mishap: (method: keyof GitlabDeployments, how: Mishap) => void mishaps.push({ method, how }) };
};

export const memoryGitlabDeployments = (): MemoryGitlabDeployments => {
  const seen = { asked: [] as (keyof GitlabDeployments)[], down: false };
  const { play, mishap } = played(seen);
  const found = (id: number) => gitlab.deployments.find((one) => one.id === id);
  const move = (id: number, status: string): Told<undefined> => {
    const one = found(id);
    if (one === undefined || one.ofJob) return refused('GitLab answered 403');
    one.status = status;
    return done(undefined);
  };
  const gitlab: MemoryGitlabDeployments = Object.assign(seen, {
    ...{ deployments: [], urls: new Map<string, string>(), comments: [], commits: new Map<string, DeployedCommit>() },
    ...{ self: 17, now: Date.parse('2026-01-05T09:40:00Z'), mishap },
    user: () => play('user', () => done(gitlab.self)),
    // All of them, whatever the time: as with GitLab's pages, older ones may be among them.
    list: (project, environment) =>
      play('list', () => {
        const all = gitlab.deployments.filter((one) => one.project === project && one.environment === environment);
        return done({ at: new Date(gitlab.now).toISOString(), deployments: structuredClone(all.toReversed()) });
      }),
    create: (project, environment, { sha, ref }) =>
      play('create', () => {
        const [id, createdAt] = [gitlab.deployments.length + 1, new Date(gitlab.now).toISOString()];
        const made = {
          id,
          project,
          environment,
          sha,
          ref,
          status: 'running',
          createdAt,
          user: gitlab.self,
          ofJob: false,
        };
        gitlab.deployments.push(made);
        return done(id);
      }),
    setStatus: (_project, id, status) => play('setStatus', () => move(id, status)),
    setUrl: (_project, environment, url) =>
      play('setUrl', () => {
        gitlab.urls.set(environment, url);
        return done(undefined);
      }),
    commit: async (_project, sha) => {
      const told = await play('commit', () => done(gitlab.commits.get(sha)));
      return told.state === 'done' ? told.value : undefined;
    },
    comment: (_project, sha, text) =>
      play('comment', () => {
        gitlab.comments.push({ sha, text });
        return done(undefined);
      }),
  } satisfies Omit<MemoryGitlabDeployments, 'asked' | 'down'>);
  return gitlab;
};
