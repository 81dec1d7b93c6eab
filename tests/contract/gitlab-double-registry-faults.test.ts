import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { get, imageType, json, registryClient, until } from '../unit/gitlab-double/registry-client.ts';

let double: Double;
let client: ReturnType<typeof registryClient>;
let bearer: string;
let link: string;
let whole: Buffer;

const size = 600_000;
const blobs = 'GET /docker/**';
const pull = 'repository:acme/web:pull';

beforeEach(async () => {
  double = await startDouble();
  client = registryClient(double);
  const image = await double.control.pushImage({ repository: 'acme/web', tag: 'v1', layers: [{ size }] });
  bearer = await client.tokenFor(pull);
  link = await client.linkOf('acme/web', image.blobs[0]?.digest ?? '', bearer);
  whole = (await get(link)).bytes;
});
afterEach(() => double.close());

type Rule = Parameters<Double['control']['setRegistryFault']>[0];
const hit = (fault: Rule['fault'], rule: Partial<Rule> = {}) =>
  double.control.setRegistryFault({ route: blobs, ...rule, fault });
const lastRequest = async () => (await double.control.registryRequests()).at(-1);
const tags = () => client.ask('/acme/web/tags/list', bearer);

test.each([0, 1, 300_000, 599_999])('a connection is cut after %d bytes, once', async (at) => {
  await hit({ kind: 'cut', at });
  const cut = await get(link);
  expect([cut.status, cut.broken]).toEqual([200, true]);
  expect(cut.bytes.equals(whole.subarray(0, at))).toBe(true);
  expect(await lastRequest()).toMatchObject({ status: 'cut', bytes: at, fault: 'cut' });
  expect((await get(link)).bytes.equals(whole)).toBe(true);
});

test('of a range, the bytes that are sent count', async () => {
  await hit({ kind: 'cut', at: 10 });
  const cut = await get(link, { headers: { range: 'bytes=500-' } });
  expect([cut.status, cut.bytes.equals(whole.subarray(500, 510))]).toEqual([206, true]);
});

test('cut anywhere, by the seed: the same places in the same order', async () => {
  const places = async ({ control }: Double): Promise<number[]> => {
    const image = await control.pushImage({ repository: 'acme/web', layers: [{ size }] });
    const other = await client.linkOf('acme/web', image.blobs[0]?.digest ?? '', bearer);
    await control.setRegistryFault({ route: blobs, times: 3, fault: { kind: 'cut', at: 'random' } });
    return [(await get(other)).bytes.length, (await get(other)).bytes.length, (await get(other)).bytes.length];
  };
  const first = await places(double);
  await double.close();
  double = await startDouble();
  client = registryClient(double);
  bearer = await client.tokenFor(pull);
  expect(await places(double)).toEqual(first);
  expect(new Set(first).size).toBe(3);
});

test.each([undefined, 0, 1000])('nothing comes after byte %p until it is released', async (at) => {
  await hit({ kind: 'stall', at });
  const answer = get(link);
  await until('stalled', async () => {
    const last = await lastRequest();
    return last?.fault === 'stall' && last.bytes === (at ?? 0);
  });
  expect(await lastRequest()).toMatchObject({ status: at === undefined ? 'under way' : 200 });
  await double.control.releaseRegistry();
  expect((await answer).bytes.equals(whole)).toBe(true);
});

test('a Range is ignored', async () => {
  await hit({ kind: 'ignore range' });
  const answer = await get(link, { headers: { range: 'bytes=500-' } });
  expect([answer.status, answer.bytes.length]).toEqual([200, size]);
});

test('other bytes, as many', async () => {
  await hit({ kind: 'wrong bytes' });
  const answer = await get(link);
  expect([answer.bytes.length, answer.bytes.equals(whole)]).toEqual([size, false]);
});

test.each([5, -5])('%d bytes more than there are, declared or not', async (by) => {
  await hit({ kind: 'other length', by });
  const declared = await get(link);
  expect([declared.headers['content-length'], declared.bytes.length]).toEqual([String(size + by), size + by]);
  await hit({ kind: 'other length', by, undeclared: true });
  const undeclared = await get(link);
  expect([undeclared.headers['content-length'], undeclared.bytes.length]).toEqual([undefined, size + by]);
});

test('an expired link, before its time', async () => {
  await hit({ kind: 'expired link' });
  const answer = await get(link);
  expect([answer.status, answer.bytes.toString()]).toEqual([403, expect.stringContaining('Request has expired')]);
});

test('429 with Retry-After, 500 in OCI form, 503 from the proxy, a reset: then it is well again', async () => {
  const route = 'GET /v2/acme/web/tags/list';
  await hit({ kind: 'rate limit', retryAfter: 7 }, { route });
  await hit({ kind: 'error', status: 500 }, { route });
  await hit({ kind: 'error', status: 503 }, { route });
  await hit({ kind: 'reset' }, { route });
  const limited = await tags();
  expect([limited.status, limited.headers['retry-after']]).toEqual([429, '7']);
  const failed = await tags();
  expect([failed.status, json(failed)]).toMatchObject([500, { errors: [{ code: 'UNKNOWN' }] }]);
  const proxy = await tags();
  expect([proxy.status, proxy.headers['content-type']]).toEqual([503, 'text/html']);
  await expect(tags()).rejects.toThrow('ECONNRESET');
  expect((await tags()).status).toBe(200);
});

test('slow, in world time', async () => {
  await hit({ kind: 'slow', seconds: 30 }, { route: 'GET /v2/**' });
  const answer = tags();
  await until('slow', async () => (await lastRequest())?.fault === 'slow');
  double.clock.advance(30_000);
  expect((await answer).status).toBe(200);
});

test('after some have passed; for a time; at a rate; until all are cleared', async () => {
  const route = 'GET /v2/**';
  const statuses = async (count: number) => {
    const seen: number[] = [];
    while (seen.length < count) seen.push((await tags()).status);
    return seen;
  };
  await hit({ kind: 'error', status: 500 }, { route, skip: 1, times: 2 });
  expect(await statuses(4)).toEqual([200, 500, 500, 200]);
  await hit({ kind: 'error', status: 500 }, { route, forSeconds: 60 });
  expect(await statuses(2)).toEqual([500, 500]);
  double.clock.advance(60_000);
  expect(await statuses(1)).toEqual([200]);
  await hit({ kind: 'error', status: 500 }, { route, rate: 0.5 });
  expect(new Set(await statuses(20))).toEqual(new Set([200, 500]));
  await double.control.clearRegistryFaults();
  expect(new Set(await statuses(20))).toEqual(new Set([200]));
});

test('a redirect to wherever it says, a challenge that names any realm, another media type, any answer', async () => {
  await hit({ kind: 'redirect', to: 'http://169.254.169.254/latest' }, { route: 'GET /v2/acme/web/blobs/*' });
  expect(await client.linkOf('acme/web', `sha256:${'0'.repeat(64)}`, bearer)).toBe('http://169.254.169.254/latest');
  const route = 'GET /v2/acme/web/manifests/v1';
  const manifest = () => client.ask('/acme/web/manifests/v1', bearer, { headers: { accept: imageType } });
  await hit({ kind: 'challenge', realm: 'https://thief.example/auth' }, { route });
  const challenged = await manifest();
  expect([challenged.status, challenged.headers['www-authenticate']]).toEqual([
    401,
    'Bearer realm="https://thief.example/auth",service="container_registry"',
  ]);
  await hit({ kind: 'media type', mediaType: 'text/html' }, { route });
  expect((await manifest()).headers['content-type']).toBe('text/html');
  await hit({ kind: 'answer', status: 200, headers: { 'Content-Type': imageType }, body: 'anything' }, { route });
  expect((await manifest()).bytes.toString()).toBe('anything');
});

test('the login can fail too', async () => {
  await hit({ kind: 'error', status: 503 }, { route: 'GET /jwt/auth' });
  expect((await client.login(pull)).status).toBe(503);
  expect((await client.login(pull)).status).toBe(200);
});
