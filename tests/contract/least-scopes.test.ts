import { gitlabApi } from '../../lib/adapters/gitlab/gitlab-api.ts';
import { gitlabTokens } from '../../lib/adapters/gitlab/gitlab-tokens.ts';
import { gitlabRegistry } from '../../lib/adapters/registry/gitlab-registry.ts';
import type { GitlabCredentials } from '../../lib/ports/vault.ts';
import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';

/** What a token must be that rotation makes for Drawbridge: a reporter's, read_api and read_registry, and no more. */

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(() => double.close());

const project = 4711;

const made = async (scopes: string[], accessLevel: number): Promise<GitlabCredentials> => {
  const { url, token, registryHost: host } = double;
  const tokens = gitlabTokens(() => Promise.resolve({ url, token, manager: true }));
  const wish = { name: 'drawbridge/prod/x/1', scopes, expiresAt: '2026-03-02', accessLevel };
  const { value } = await tokens.create('access', { kind: 'project', id: project }, wish);
  return { url, token: value, registry: { host, username: 'drawbridge', password: value } };
};

const asks = async (credentials: GitlabCredentials) => {
  const source = () => Promise.resolve(credentials);
  const { id, jobs } = await double.control.runPipeline({ project, jobs: [{ name: 'build' }] });
  await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
  const gitlab = gitlabApi(source);
  const registry = gitlabRegistry(source, { local: true, privateHosts: [] });
  return {
    pipeline: (await gitlab.pipeline(project, id)).state,
    job: (await gitlab.job(project, jobs[0]?.id ?? 0)).state,
    branch: (await gitlab.refProtected(project, { name: 'main', tag: false })).state,
    path: (await gitlab.projectPath(project)).state,
    tagRules: (await gitlab.imageTagProtected({ id: project, path: 'acme/web' }, 'v1')).state,
    image: await registry.digestOf('acme/web', 'v1').then(
      () => 'found',
      (error: unknown) => (error as Error).name,
    ),
  };
};

const everything = { pipeline: 'found', job: 'found', branch: 'found', path: 'found', image: 'found' };

test('read_api and read_registry of a reporter do for all but the rules of tags', async () => {
  const answers = await asks(await made(['read_api', 'read_registry'], 20));
  expect(answers).toEqual({ ...everything, tagRules: 'missing' });
});

test("which are a maintainer's to see", async () => {
  const answers = await asks(await made(['read_api', 'read_registry'], 40));
  expect(answers).toEqual({ ...everything, tagRules: 'found' });
});

test('without read_registry there is no image', async () => {
  const answers = await asks(await made(['read_api'], 20));
  expect(answers).toEqual({ ...everything, tagRules: 'missing', image: 'RegistryRefused' });
});
