import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { registryClient, until } from '../unit/gitlab-double/registry-client.ts';

let double: Double;
beforeEach(async () => {
  double = await startDouble();
});
afterEach(async () => {
  await double.control.removeRegistryNotifications();
  await double.close();
});

interface Envelope {
  events: { id: string; action: string; target: Record<string, unknown>; request: object; actor: object }[];
}

type Endpoint = Parameters<Double['control']['registryNotifications']>[0];
const install = (more: Partial<Endpoint> = {}) =>
  double.control.registryNotifications({
    url: double.receiver.url,
    headers: { Authorization: 'Bearer secret', 'X-Custom-Origin': 'registry' },
    ...more,
  });

const events = () => double.receiver.received.flatMap(({ body }) => (JSON.parse(body) as Envelope).events);
const push = (more: object = {}) => double.control.pushImage({ repository: 'acme/web', tag: 'v1', ...more });

test('a push of an image is one POST for each blob and each manifest; only the last has a tag', async () => {
  await install();
  const platforms = [
    { os: 'linux', architecture: 'amd64' },
    { os: 'linux', architecture: 'arm64' },
  ];
  const { digest } = await push({ platforms });
  await double.control.idle();
  const seen = events().map(({ action, target }) => [action, target['mediaType'], target['tag']]);
  const blob = ['push', 'application/octet-stream', undefined];
  const child = ['push', 'application/vnd.oci.image.manifest.v1+json', undefined];
  expect(seen).toEqual([
    ...[blob, blob, blob, blob, child, child],
    ['push', 'application/vnd.oci.image.index.v1+json', 'v1'],
  ]);
  expect(events().at(-1)?.target).toMatchObject({ digest, repository: 'acme/web' });
  expect(double.receiver.received).toHaveLength(7);
});

test('in the form and with the headers of a real registry', async () => {
  await install();
  const { digest } = await push();
  await double.control.idle();
  const { headers, body } = double.receiver.received.at(-1) ?? { headers: {}, body: '{}' };
  expect(headers).toMatchObject({
    authorization: 'Bearer secret',
    'x-custom-origin': 'registry',
    'content-type': 'application/vnd.docker.distribution.events.v1+json',
  });
  expect(body).toMatch(/^\{\n {3}"events": \[\n {6}\{\n {9}"id": "[0-9a-f-]{36}",\n {9}"timestamp": "2026-01-01T/);
  const size = expect.any(Number) as number;
  const text = expect.any(String) as string;
  expect((JSON.parse(body) as Envelope).events).toEqual([
    {
      id: text,
      timestamp: expect.stringMatching(/^2026-01-01T00:00:00\.000\d{6}Z$/) as string,
      action: 'push',
      target: {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        size,
        digest,
        length: size,
        repository: 'acme/web',
        url: `http://${double.registryHost}/v2/acme/web/manifests/${digest}`,
        tag: 'v1',
      },
      request: { id: text, addr: text, host: double.registryHost, method: 'PUT', useragent: text },
      actor: { name: 'gitlab-ci-token', user_type: 'build', user: text },
      source: { addr: 'registry-0:5000', instanceID: text },
    },
  ]);
});

test('as v2, without what is to be ignored', async () => {
  const ignore = { mediaTypes: ['application/octet-stream'], actions: ['delete'] };
  await install({ version: 'v2', ignore });
  await push();
  await double.control.deleteImage({ repository: 'acme/web', reference: 'v1' });
  await double.control.idle();
  expect(events().map(({ target }) => target['tag'])).toEqual(['v1']);
  expect(double.receiver.received[0]?.headers['content-type']).toBe(
    'application/vnd.docker.distribution.events.v2+json',
  );
});

test('the same image once more: its blobs are there, the manifest has a new event', async () => {
  await install();
  await push({ seed: 'one' });
  await push({ seed: 'one' });
  await double.control.idle();
  const pushes = events().filter(({ target }) => target['tag'] === 'v1');
  expect(events()).toHaveLength(4);
  expect(new Set(pushes.map(({ id }) => id)).size).toBe(2);
  expect(new Set(pushes.map(({ target }) => target['digest'])).size).toBe(1);
});

test('deleted by digest: the image without tag, the tag without digest, no media type', async () => {
  const { digest } = await push();
  await install();
  await double.control.deleteImage({ repository: 'acme/web', reference: digest });
  await double.control.idle();
  expect(events().map(({ action, target }) => [action, target])).toEqual([
    ['delete', { digest, repository: 'acme/web' }],
    ['delete', { repository: 'acme/web', tag: 'v1' }],
  ]);
});

test('a client over HTTP is named as it named itself: host, program, login', async () => {
  const { digest } = await push();
  await install();
  const client = registryClient(double);
  const { username, token } = await double.control.createJobToken({ project: 4711 });
  const bearer = await client.tokenFor('repository:acme/web:pull', username, token);
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const headers = { accept, host: 'elsewhere.example', 'user-agent': 'curl/8' };
  await client.ask('/acme/web/manifests/v1', bearer, { method: 'HEAD', headers });
  await double.control.idle();
  expect(events()).toMatchObject([
    {
      action: 'pull',
      target: { digest, url: `http://elsewhere.example/v2/acme/web/manifests/${digest}`, tag: 'v1' },
      request: { host: 'elsewhere.example', method: 'HEAD', useragent: 'curl/8' },
      actor: { name: 'gitlab-ci-token', user_type: 'build' },
    },
  ]);
});

describe('what is not accepted is tried again, and holds up all others', () => {
  const states = async () =>
    (await double.control.registryDeliveries()).map(({ attempt, responseStatus, state }) => [
      attempt,
      responseStatus,
      state,
    ]);
  const tried = (count: number) =>
    until(`${count} tries`, async () => (await double.control.registryDeliveries()).length === count);

  test('for ever, each time the same bytes', async () => {
    await install({ retries: 'for ever', backoff: 1000 });
    double.receiver.answer.status = 401;
    await push();
    for (let count = 1; count <= 8; count += 1) {
      await tried(count);
      double.clock.advance(1000);
    }
    await tried(9);
    expect(new Set(double.receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(await states()).toEqual(Array.from({ length: 9 }, (_, index) => [index + 1, 401, 'to be retried']));
    double.receiver.answer.status = 302;
    double.clock.advance(1000);
    await double.control.idle();
    // the first event, then the two that waited behind it
    expect((await states()).slice(9)).toEqual([
      [10, 302, 'accepted'],
      [1, 302, 'accepted'],
      [1, 302, 'accepted'],
    ]);
  });

  test('five times, after ever longer pauses; then the event is lost and the next has its turn', async () => {
    await install({ ignore: { mediaTypes: ['application/octet-stream'] } });
    double.receiver.answer.status = 500;
    await push();
    const pauses = [1000, 1500, 2250, 3375, 5062.5];
    for (const [index, pause] of pauses.entries()) {
      await tried(index + 1);
      double.clock.advance(pause - 1);
      // A try that came too early would begin meanwhile, at this time.
      await double.control.registryDeliveries();
      double.clock.advance(1);
    }
    await double.control.idle();
    const begun = Date.parse('2026-01-01T00:00:00Z');
    const times = (await double.control.registryDeliveries()).map(({ at }) => Date.parse(at) - begun);
    expect(times).toEqual([0, 1000, 2500, 4750, 8125, 13_187]);
    expect((await states()).at(-1)).toEqual([6, 500, 'lost']);
    double.receiver.answer.status = 200;
    await push({ tag: 'v2' });
    await double.control.idle();
    expect(await states()).toHaveLength(7);
  });

  test('no answer in time is no answer: the receiver gets the event again', async () => {
    await install({ timeout: 20, ignore: { mediaTypes: ['application/octet-stream'] } });
    double.receiver.answer.status = 'none';
    await push();
    await tried(1);
    double.receiver.answer.status = 200;
    double.clock.advance(1000);
    await double.control.idle();
    expect(await states()).toEqual([
      [1, 'internal error', 'to be retried'],
      [2, 200, 'accepted'],
    ]);
    expect(double.receiver.received).toHaveLength(2);
  });

  test('another endpoint of its own name goes its own way; one of the same name takes the place', async () => {
    double.receiver.answer.status = 500;
    await install({ url: 'http://127.0.0.1:9', retries: 'for ever' });
    await install({ name: 'other', url: double.receiver.url });
    double.receiver.answer.status = 200;
    await push();
    await until('the other has all', async () => {
      const deliveries = await double.control.registryDeliveries();
      return deliveries.filter(({ endpoint }) => endpoint === 'other').length === 3;
    });
    await install();
    double.clock.advance(60_000);
    await double.control.idle();
    expect(double.receiver.received).toHaveLength(3);
    const deliveries = await double.control.registryDeliveries();
    expect(deliveries.filter(({ endpoint }) => endpoint === 'drawbridge')).toHaveLength(1);
    await double.control.removeRegistryNotifications({ name: 'other' });
  });
});
