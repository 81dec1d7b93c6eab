import { gitlabDeployments } from '../../lib/adapters/gitlab/gitlab-deployments.ts';
import type { GitlabDeployments } from '../../lib/ports/gitlab-deployments.ts';
import type { Double } from '../unit/gitlab-double/receiver.ts';
import { startDouble } from '../unit/gitlab-double/receiver.ts';
import { memoryGitlabDeployments } from '../support/memory-gitlab-deployments.ts';

/** One meaning, twice: the fake of the verb's tests, and the adapter before the GitLab double. */

const project = 4711;

interface Ground {
  gitlab: GitlabDeployments;
  /** a commit that GitLab knows, on main */
  sha: string;
  comments: () => Promise<{ sha: string; text: string }[]>;
  /** what an environment shows as its address */
  url: (environment: string) => Promise<string | null | undefined>;
  /** a CI job deploys to the environment; answers the deployment's id */
  byJob: (environment: string) => Promise<number>;
  close: () => Promise<void>;
}

const inMemory = (): Promise<Ground> => {
  const gitlab = memoryGitlabDeployments();
  const sha = 'a'.repeat(40);
  gitlab.commits.set(sha, { sha, ref: 'main', tag: false });
  const byJob = (environment: string) => {
    const id = gitlab.deployments.length + 1;
    const createdAt = new Date(gitlab.now).toISOString();
    gitlab.deployments.push({ id, project, environment, sha, ref: 'main', status: 'success', createdAt, ofJob: true });
    return Promise.resolve(id);
  };
  return Promise.resolve({
    gitlab,
    sha,
    byJob,
    comments: () => Promise.resolve(gitlab.comments),
    url: (environment) => Promise.resolve(gitlab.urls.get(environment)),
    close: () => Promise.resolve(),
  });
};

const adapterOf = ({ url, registryHost: host }: Double, token: string): GitlabDeployments =>
  gitlabDeployments(() => Promise.resolve({ url, token, registry: { host, username: 'x', password: token } }));

const onTheWire = async (): Promise<Ground> => {
  const double = await startDouble();
  const { sha } = await double.control.runPipeline({ project });
  const views = () => double.control.deployments({ project });
  return {
    gitlab: adapterOf(double, double.token),
    sha,
    comments: async () =>
      (await double.control.commitComments({ project })).map((one) => ({ sha: one.sha, text: one.note })),
    url: async (environment) => (await views()).find((one) => one.environment === environment)?.externalUrl,
    byJob: async (environment) => {
      await double.control.runPipeline({ project, jobs: [{ name: 'deploy', environment }] });
      return (await views()).at(-1)?.id ?? 0;
    },
    close: double.close,
  };
};

describe.each([
  ['in memory', inMemory],
  ['on the wire', onTheWire],
])('GitLab’s deployments %s', (_where, open) => {
  let ground: Ground;
  beforeEach(async () => {
    ground = await open();
  });
  afterEach(() => ground.close());

  const commit = () => ({ sha: ground.sha, ref: 'main', tag: false });
  const made = async (environment = 'production'): Promise<number> => {
    const told = await ground.gitlab.create(project, environment, commit());
    return told.state === 'done' ? told.value : 0;
  };
  const list = async (environment = 'production', since?: string) => {
    const told = await ground.gitlab.list(project, environment, since);
    if (told.state === 'refused') throw new Error(told.because);
    return told.value;
  };

  test('one is made running, by the token’s user, and listed with it, newest first', async () => {
    const user = await ground.gitlab.user();
    const ids = [await made(), await made()];
    const { deployments, at } = await list();
    expect(deployments.map(({ id }) => id)).toEqual(ids.toReversed());
    const like = { sha: ground.sha, status: 'running', ofJob: false, user: user.state === 'done' ? user.value : 0 };
    for (const one of deployments) expect(one).toMatchObject(like);
    expect(Date.parse(deployments[0]?.createdAt ?? '')).toBeGreaterThanOrEqual(Date.parse(at));
  });

  test('an environment that is not there has none, and each has its own', async () => {
    await made('production');
    await made('production/drawbridge');
    expect((await list('staging')).deployments).toEqual([]);
    expect((await list('production')).deployments).toHaveLength(1);
  });

  test('what is listed since a time is all from then on', async () => {
    await made();
    const { at } = await list();
    expect((await list('production', at)).deployments).toHaveLength(1);
    const later = new Date(Date.parse(at) + 60_000).toISOString();
    const found = (await list('production', later)).deployments.filter(({ createdAt }) => createdAt >= later);
    expect(found).toEqual([]);
  });

  test('a status is set, and what is so already is done', async () => {
    const id = await made();
    for (const status of ['running', 'success', 'success', 'failed'] as const)
      expect(await ground.gitlab.setStatus(project, id, status)).toEqual({ state: 'done', value: undefined });
    expect((await list()).deployments).toMatchObject([{ id, status: 'failed' }]);
  });

  test('a CI job’s is told as one, and not changed', async () => {
    const id = await ground.byJob('production');
    expect((await list()).deployments).toMatchObject([{ id, ofJob: true, status: 'success' }]);
    expect(await ground.gitlab.setStatus(project, id, 'failed')).toMatchObject({ state: 'refused' });
    expect(await ground.gitlab.setStatus(project, 999, 'failed')).toMatchObject({ state: 'refused' });
  });

  test('an environment shows its address', async () => {
    await made();
    expect(await ground.gitlab.setUrl(project, 'production', 'https://www.example.com/')).toMatchObject({
      state: 'done',
    });
    expect(await ground.url('production')).toBe('https://www.example.com/');
  });

  test('a commit, and none', async () => {
    expect(await ground.gitlab.commit(project, ground.sha)).toEqual(commit());
    expect(await ground.gitlab.commit(project, 'f'.repeat(40))).toBeUndefined();
  });

  test('a comment on a commit', async () => {
    expect(await ground.gitlab.comment(project, ground.sha, 'x')).toMatchObject({ state: 'done' });
    expect(await ground.comments()).toEqual([{ sha: ground.sha, text: 'x' }]);
  });
});

describe('on the wire alone', () => {
  let double: Double;
  beforeEach(async () => {
    double = await startDouble();
  });
  afterEach(() => double.close());

  const pushed = () => double.control.push({ project, ref: 'main' });

  test('a commit without a pipeline is on the default branch', async () => {
    const { sha } = await pushed();
    expect(await adapterOf(double, double.token).commit(project, sha)).toEqual({ sha, ref: 'main', tag: false });
  });

  test.each([
    ['a commit that is not there', { sha: 'f'.repeat(40) }],
    ['a branch that is not there', { ref: 'gone' }],
    ['a name that no environment has', {}, '/production'],
  ])('%s is refused', async (_what, change, environment = 'production') => {
    const { sha } = await pushed();
    const gitlab = adapterOf(double, double.token);
    const told = await gitlab.create(project, environment, { sha, ref: 'main', tag: false, ...change });
    expect(told).toEqual({ state: 'refused', because: 'a new deployment of project 4711: GitLab answered 400' });
  });

  test('more than a page since then', async () => {
    const gitlab = adapterOf(double, double.token);
    const { sha } = await pushed();
    for (let made = 0; made < 101; made += 1)
      await gitlab.create(project, 'production', { sha, ref: 'main', tag: false });
    const told = await gitlab.list(project, 'production', '2000-01-01T00:00:00Z');
    expect(told.state === 'done' && new Set(told.value.deployments.map(({ id }) => id)).size).toBe(101);
  });

  const scopes: [string[], number, 'done' | 'refused'][] = [
    [['api'], 30, 'done'],
    [['read_api'], 40, 'refused'],
    [['api'], 20, 'refused'],
  ];
  test.each(scopes)('with scope %j and role %d it is %s', async (granted, accessLevel, state) => {
    const { sha } = await pushed();
    const wish = { name: 'x', scopes: granted, expires_at: '2026-03-02', access_level: accessLevel };
    const { body } = await double.api(`POST /projects/${project}/access_tokens`, wish);
    const gitlab = adapterOf(double, (body as { token: string }).token);
    expect(await gitlab.user()).toMatchObject({ state: 'done' });
    const told = await gitlab.create(project, 'production', { sha, ref: 'main', tag: false });
    expect(told.state).toBe(state);
  });

  test('the hooks of what is made by API name no job', async () => {
    const { sha } = await pushed();
    await double.control.installHook({
      project,
      url: double.receiver.url,
      deploymentEvents: true,
      pipelineEvents: false,
    });
    const gitlab = adapterOf(double, double.token);
    const told = await gitlab.create(project, 'production', { sha, ref: 'main', tag: false });
    await gitlab.setStatus(project, told.state === 'done' ? told.value : 0, 'success');
    await double.control.idle();
    const hooks = double.receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(hooks).toMatchObject(
      ['running', 'success'].map((status) => ({ object_kind: 'deployment', status, deployable_id: null })),
    );
  });
});
