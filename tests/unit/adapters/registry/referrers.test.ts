import { digestOf, expectNothingSecret, failureOf, registryStages, repository, type Stage } from './registry-stage.ts';
import { inTurn, json, status, type Answer } from './scripted-server.ts';

const stage = registryStages();
const subject = digestOf('image');
const type = 'application/vnd.oci.image.index.v1+json';
const path = `/v2/${repository}/referrers/${subject}`;

const referrer = (number: number) => ({
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  digest: digestOf(String(number)),
  size: number,
  artifactType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
});
const page = (numbers: readonly number[], link?: string): Answer => {
  const body = { schemaVersion: 2, mediaType: type, manifests: numbers.map(referrer) };
  return json(body, { 'content-type': type, ...(link === undefined ? {} : { link }) });
};
const range = (count: number) => Array.from({ length: count }, (_, number) => number);
const ask = (parts: Stage) => parts.opened().referrers(repository, subject);

test('what refers to an image is told with its artifact type', async () => {
  const parts = await stage();
  parts.content.answer = page([1, 2]);
  expect(await ask(parts)).toEqual([referrer(1), referrer(2)]);
  expect(parts.registry.received.at(-1)).toMatchObject({ method: 'GET', url: path, headers: { accept: type } });
});

test.each<[string, Answer]>([
  ['answers 404', status(404)],
  ['answers a page of its own', status(200, { 'content-type': 'text/html' })],
  ['answers no type', status(200)],
])('a registry that %s has no such API', async (_what, answer) => {
  const parts = await stage();
  parts.content.answer = answer;
  expect(await ask(parts)).toBeUndefined();
});

test.each<[string, (parts: Stage) => string]>([
  ['relative', () => `<${path}?n=2&last=b>; rel="next"`],
  ['relative to the query', () => `<?n=2&last=b>; rel=next`],
  ['whole', ({ registry }: Stage) => `<${registry.url}${path}?n=2&last=b>;rel="next"`],
])('pages are put together, by a link that is %s', async (_what, link) => {
  const parts = await stage();
  parts.content.answer = inTurn(page([1, 2], link(parts)), page([3]));
  expect(await ask(parts)).toEqual([1, 2, 3].map(referrer));
  expect(parts.registry.received.at(-1)).toMatchObject({
    url: `${path}?n=2&last=b`,
    headers: { authorization: 'Bearer jwt-1' },
  });
});

test.each([
  ['before this one', `<${path}?n=1>; rel="prev"`],
  ['of no meaning', 'next'],
])('a link to what is %s is none to the next page', async (_what, link) => {
  const parts = await stage();
  parts.content.answer = page([1], link);
  expect(await ask(parts)).toEqual([referrer(1)]);
});

test.each<[string, (parts: Stage) => string]>([
  ['another host', ({ elsewhere }: Stage) => `${elsewhere.url}${path}`],
  ['another host without a scheme', ({ elsewhere }: Stage) => `//${elsewhere.host}${path}`],
  ['another scheme', ({ registry }: Stage) => `https://${registry.host}${path}`],
  ['no address', () => 'http://:80:80/'],
])('a next page at %s is RegistryRefused, and the token stays here', async (_what, target) => {
  const parts = await stage();
  parts.content.answer = page([1], `<${target(parts)}>; rel="next"`);
  expect(await failureOf(() => ask(parts))).toMatchObject({ name: 'RegistryRefused' });
  expect(parts.elsewhere.connections()).toBe(0);
});

test('a path that looks like a host stays at the registry', async () => {
  const parts = await stage();
  parts.content.answer = inTurn(page([1], `<${parts.registry.url}//${parts.elsewhere.host}/>; rel="next"`), page([2]));
  expect(await ask(parts)).toEqual([referrer(1), referrer(2)]);
  expect(parts.registry.received.at(-1)?.url).toBe(`//${parts.elsewhere.host}/`);
  expect(parts.elsewhere.connections()).toBe(0);
  expectNothingSecret(parts.elsewhere);
});

test('a hundred are taken, one more is ImageRefused', async () => {
  const parts = await stage();
  parts.content.answer = page(range(100));
  expect(await ask(parts)).toHaveLength(100);
  parts.content.answer = page(range(101));
  expect(await failureOf(() => ask(parts))).toMatchObject({ name: 'ImageRefused' });
  parts.content.answer = inTurn(page(range(60), `<?2>; rel="next"`), page(range(41)));
  expect(await failureOf(() => ask(parts))).toMatchObject({ name: 'ImageRefused' });
});

test('pages without end and with nothing on them are ImageRefused', async () => {
  const parts = await stage();
  parts.content.answer = page([], `<?again>; rel="next"`);
  expect(await failureOf(() => ask(parts))).toMatchObject({ name: 'ImageRefused' });
  expect(parts.registry.received.length).toBeLessThan(105);
});

test('a list that is no index is ImageRefused', async () => {
  const parts = await stage();
  parts.content.answer = json({ manifests: [{ ...referrer(1), digest: '../hunter2' }] }, { 'content-type': type });
  expect(await failureOf(() => ask(parts))).toMatchObject({
    name: 'ImageRefused',
    facts: { field: 'manifests.0.digest' },
  });
});

test('a registry that is unavailable once is asked again', async () => {
  const parts = await stage();
  parts.content.answer = inTurn(status(503), page([1]));
  expect(await ask(parts)).toEqual([referrer(1)]);
});
