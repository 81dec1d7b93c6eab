import { runBuildJob } from '../../local/ci/run-build-job.ts';
import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { imageType, registryClient } from '../unit/gitlab-double/registry-client.ts';

const path = 'acme/web';
let double: Double;

beforeAll(async () => {
  double = await startDouble();
});
afterAll(() => double.close());

const build = (letter: string) =>
  runBuildJob(double, { project: 4711, path, sha: letter.repeat(40), behaviour: { does: 'never become healthy' } });

const digestOf = async (tag: string) => {
  const { ask, tokenFor } = registryClient(double);
  const token = await tokenFor(`repository:${path}:pull`);
  const headers = { accept: imageType };
  return (await ask(`/${path}/manifests/${tag}`, token, { method: 'HEAD', headers })).headers['docker-content-digest'];
};

test("a build job has GitLab's variables and nothing else, and its image is in GitLab's registry", async () => {
  const { digest, given, requests } = await build('a');
  expect(Object.keys(given).filter((name) => !name.startsWith('CI_'))).toEqual([]);
  expect(given).toMatchObject({ CI_REGISTRY_IMAGE: `${double.registryHost}/${path}`, CI_COMMIT_SHORT_SHA: 'aaaaaaaa' });
  expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['none', 'Basic', 'Bearer']));
  expect(await digestOf('aaaaaaaa')).toBe(digest);
});

test('the next one shares its base, and pushes only what is its own', async () => {
  const [first, second] = [await build('b'), await build('c')];
  const shared = second.blobs.filter(({ digest }) => first.blobs.some((blob) => blob.digest === digest));
  const blobsPut = second.requests.filter((one) => one.method === 'PUT' && one.path.includes('/blobs/'));
  expect(shared.map(({ size }) => size / 2 ** 20)).toEqual([60, 20]);
  expect(blobsPut).toHaveLength(second.blobs.length - shared.length);
});
