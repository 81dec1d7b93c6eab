import { manifestTypes } from '../../../../lib/domain/image-manifest.ts';
import { digestOf, failureOf, registryStages, repository, type Stage } from './registry-stage.ts';
import { inTurn, status, type Answer } from './scripted-server.ts';

const stage = registryStages();
const [imageType, indexType, dockerImageType, dockerListType] = manifestTypes;

const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf('config'), size: 6 };
const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf('layer'), size: 5 };
const image = { schemaVersion: 2, mediaType: imageType, config, layers: [layer] };
const child = { mediaType: imageType, digest: digestOf('child'), size: 7 };
const index = { schemaVersion: 2, mediaType: indexType, manifests: [child] };

interface Sent {
  type?: string;
  headers?: Record<string, string>;
}

/** A registry that sends this text for every manifest. */
const sending = async (body: unknown, { type = imageType, headers = {} }: Sent = {}) => {
  const parts = await stage();
  const text = typeof body === 'string' ? body : JSON.stringify(body, undefined, 3);
  parts.registry.answer = (_request, response) => {
    response.writeHead(200, { 'content-type': type, ...headers }).end(text);
  };
  return { parts, text, read: (reference = 'v1') => parts.opened().manifest(repository, reference) };
};

describe('a manifest', () => {
  test('of an image is read, its bytes as they are', async () => {
    const { text, read, parts } = await sending(image);
    const manifest = await read();
    expect(manifest).toEqual({
      mediaType: imageType,
      digest: digestOf(text),
      bytes: Buffer.from(text),
      config,
      layers: [layer],
      manifests: [],
    });
    expect(parts.registry.received).toMatchObject([
      { method: 'GET', url: '/v2/acme/web/manifests/v1', headers: { accept: manifestTypes.join(', ') } },
    ]);
    expect(await read(digestOf(text))).toEqual(manifest);
  });

  test.each([
    [dockerListType, { ...index, mediaType: dockerListType }, { manifests: [child], layers: [] }],
    [indexType, index, { manifests: [child], layers: [] }],
    [dockerImageType, { ...image, mediaType: dockerImageType }, { manifests: [], layers: [layer], config }],
    [`${imageType}; charset=utf-8`, image, { mediaType: imageType }],
    [imageType, { ...image, mediaType: undefined }, { mediaType: imageType }],
  ])('of the type %s is read', async (type, body, read) => {
    expect(await (await sending(body, { type })).read()).toMatchObject(read);
  });

  test('keeps what it says of its parts, and minds nothing that is new', async () => {
    const platform = { os: 'linux', architecture: 'arm64' };
    const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' };
    const attested = { ...child, platform: { ...platform, variant: 'v8' }, annotations, artifactType: 'a/b', data: '' };
    const read = await (
      await sending({ ...index, subject: layer, manifests: [attested], x: 1 }, { type: indexType })
    ).read();
    expect(read).toMatchObject({ subject: layer });
    expect(read?.manifests).toEqual([{ ...child, platform, annotations, artifactType: 'a/b' }]);
  });

  test('keeps the addresses of a foreign layer, for others to refuse, and drops what is null', async () => {
    const foreign = { ...layer, urls: ['https://example.com/layer'], annotations: null, platform: null };
    const read = await (await sending({ ...image, layers: [foreign], subject: null })).read();
    expect(read?.layers).toEqual([{ ...layer, urls: ['https://example.com/layer'] }]);
    expect(read).not.toHaveProperty('subject');
  });

  test('that is not there is undefined', async () => {
    const parts = await stage();
    expect(await parts.opened().manifest(repository, 'v1')).toBeUndefined();
    expect(await parts.opened().digestOf(repository, 'v1')).toBeUndefined();
  });
});

describe('ImageRefused is a manifest', () => {
  test('with another digest than was asked for', async () => {
    const { read } = await sending(image);
    expect(await failureOf(() => read(digestOf('another')))).toMatchObject({ name: 'ImageRefused' });
  });

  test.each([digestOf('another'), 'hunter2', `${digestOf('x')}0`, 'sha512:abc'])(
    'that the registry calls %s',
    async (digest) => {
      const { read, text } = await sending(image, { headers: { 'docker-content-digest': digest } });
      for (const reference of ['v1', digestOf(text)])
        expect(await failureOf(() => read(reference))).toMatchObject({ name: 'ImageRefused' });
    },
  );

  test.each<[string, string, unknown]>([
    ['that calls itself another type', imageType, { ...image, mediaType: dockerImageType }],
    [
      'of a type that nobody copies',
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      { ...image, mediaType: undefined },
    ],
    ['of no type', '', { ...image, mediaType: undefined }],
    ['of any JSON', 'application/json', image],
    ['that is not JSON', imageType, '{"hunter2"'],
    ['that is no object', imageType, '[]'],
    ['that is null', imageType, 'null'],
    ['that is index and image', imageType, { ...image, manifests: [child] }],
    ['that is image and index', indexType, { ...index, config, layers: [layer] }],
    ['that is an index without manifests', indexType, { ...index, manifests: undefined }],
    ['without a config', imageType, { ...image, config: undefined }],
    ['without layers', imageType, { ...image, layers: undefined }],
    ['whose type is no text', imageType, { ...image, mediaType: 7 }],
  ])('%s', async (_what, type, body) => {
    const { read } = await sending(body, { type });
    expect(await failureOf(() => read())).toMatchObject({ name: 'ImageRefused' });
  });

  test.each<[string, object]>([
    ['digest', { digest: '../../../hunter2' }],
    ['digest', { digest: `sha256:${'a'.repeat(63)}/` }],
    ['digest', { digest: digestOf('layer').toUpperCase() }],
    ['digest', { digest: `${digestOf('layer')}\n` }],
    ['digest', { digest: undefined }],
    ['size', { size: -1 }],
    ['size', { size: 1.5 }],
    ['size', { size: '5' }],
    ['size', { size: 2 ** 53 }],
    ['mediaType', { mediaType: 'hunter2' }],
    ['mediaType', { mediaType: 'a/b\r\nX-Evil: hunter2' }],
    ['mediaType', { mediaType: `a/${'b'.repeat(200)}` }],
    ['urls', { urls: 'hunter2' }],
    ['annotations.hunter', { annotations: { hunter: 2 } }],
    ['platform.os', { platform: { architecture: 'arm64' } }],
  ])('whose layer has a wrong %s, which is named and not shown: %j', async (field, change) => {
    const { read } = await sending({ ...image, layers: [layer, { ...layer, ...change }] });
    const { name, facts } = await failureOf(() => read());
    expect({ name, facts }).toEqual({ name: 'ImageRefused', facts: { field: `layers.1.${field}` } });
  });

  test.each([
    ['says so', { 'content-length': String(5 * 1024 * 1024) }],
    ['does not say so', {}],
  ])('of more than 4 MiB, when it %s: the rest is not read', async (_what, headers) => {
    const parts = await stage();
    const written = { bytes: 0, closed: false };
    parts.registry.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': imageType, ...headers });
      const block = Buffer.alloc(65_536, ' ');
      const more = (): void => {
        written.bytes += block.length;
        // Without an end but for a registry that has said how long it is.
        if (written.bytes <= 64 * 1024 * 1024) response.write(block, more);
      };
      response.on('close', () => {
        written.closed = true;
      });
      more();
    };
    expect(await failureOf(() => parts.opened().manifest(repository, 'v1'))).toMatchObject({ name: 'ImageRefused' });
    // What the two machines' buffers hold comes on top.
    expect(written.bytes).toBeLessThan(24 * 1024 * 1024);
    expect(parts.registry.received).toHaveLength(1);
  });

  test('of 4 MiB is none', async () => {
    const text = JSON.stringify(image);
    const { read } = await sending(text + ' '.repeat(4 * 1024 * 1024 - text.length));
    expect((await read())?.bytes).toHaveLength(4 * 1024 * 1024);
  });
});

describe('nothing is asked', () => {
  const repositories = [
    '',
    '..',
    '../x',
    'a/../b',
    'a/./b',
    'a//b',
    '/a',
    'a/',
    'Acme/web',
    'a%2fb',
    'a?x=1',
    'a#b',
    'a b',
    'a\nb',
    'a:b',
  ];
  const references = [
    '',
    '.',
    '..',
    '../blobs/x',
    'a/b',
    'v1?x=1',
    'v1#x',
    '%2e%2e',
    'v 1',
    'v1\n',
    'x'.repeat(129),
    'sha256:..',
    `sha256:${'A'.repeat(64)}`,
  ];

  test.each(repositories)('of a repository by the name of %j: RegistryRefused', async (name) => {
    const parts = await stage();
    const registry = parts.opened();
    const blob = registry.blob(name, layer, 0)[Symbol.asyncIterator]();
    for (const ask of [
      () => registry.manifest(name, 'v1'),
      () => registry.digestOf(name, 'v1'),
      () => registry.referrers(name, layer.digest),
      () => blob.next(),
    ])
      expect(await failureOf(ask)).toMatchObject({ name: 'RegistryRefused', facts: {} });
    expect(parts.registry.connections()).toBe(0);
  });

  test.each(references)('by the tag or digest %j: ImageRefused', async (reference) => {
    const parts = await stage();
    const registry = parts.opened();
    const blob = registry.blob(repository, { ...layer, digest: reference }, 0)[Symbol.asyncIterator]();
    for (const ask of [
      () => registry.manifest(repository, reference),
      () => registry.digestOf(repository, reference),
      () => registry.referrers(repository, reference),
      () => blob.next(),
    ])
      expect(await failureOf(ask)).toMatchObject({ name: 'ImageRefused', facts: {} });
    expect(parts.registry.connections()).toBe(0);
  });
});

describe('the digest of a tag', () => {
  const digest = digestOf('manifest');

  test('is asked for without the manifest', async () => {
    const { parts } = await sending(image, { headers: { 'docker-content-digest': digest } });
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
    expect(parts.registry.received).toMatchObject([{ method: 'HEAD', headers: { accept: manifestTypes.join(', ') } }]);
  });

  test('is that of the manifest where the registry does not say', async () => {
    const { parts, text } = await sending(image);
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digestOf(text));
    expect(parts.registry.received.map(({ method }) => method)).toEqual(['HEAD', 'GET']);
  });

  test('is refused where it is none', async () => {
    const { parts } = await sending(image, { headers: { 'docker-content-digest': 'hunter2' } });
    expect(await failureOf(() => parts.opened().digestOf(repository, 'v1'))).toMatchObject({ name: 'ImageRefused' });
  });
});

describe('a registry that does not answer', () => {
  const well: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': imageType }).end(JSON.stringify(image));
  };
  const cut: Answer = (_request, response) => {
    response
      .writeHead(200, { 'content-type': imageType, 'content-length': 1_000 })
      .write('{', () => response.destroy());
  };
  const drop: Answer = (request) => request.socket.destroy();
  const silent: Answer = () => undefined;
  const stalled: Answer = (_request, response) => {
    response.writeHead(200, { 'content-type': imageType }).write('{');
  };
  const impatient = { quiet: { answer: 500, blob: 500 } };
  const read = (parts: Stage) => parts.opened().manifest(repository, 'v1');

  test.each<[string, Answer]>([
    ...[408, 429, 500, 502, 503, 504].map((code): [string, Answer] => [`is ${code}`, status(code)]),
    ['breaks off', cut],
    ['drops the connection', drop],
  ])('and %s is asked again', async (_what, answer) => {
    const parts = await stage();
    parts.registry.answer = inTurn(answer, well);
    expect(await read(parts)).toMatchObject({ config });
    expect(parts.registry.received).toHaveLength(2);
  });

  test.each([
    ['says nothing', silent],
    ['stalls', stalled],
  ])('and %s is given up and asked again', async (_what, answer) => {
    const parts = await stage(impatient);
    parts.registry.answer = inTurn(answer, well);
    expect(await read(parts)).toMatchObject({ config });
  });

  test.each<[string, Answer, object]>([
    ['is 503', status(503), { status: 503 }],
    ['drops the connection', drop, { error: 'ECONNRESET' }],
    ['says nothing', silent, { error: 'ETIMEDOUT' }],
  ])(
    'and %s for ever is RegistryUnavailable after four tries, each later than the last',
    async (_what, answer, facts) => {
      const parts = await stage(impatient);
      parts.registry.answer = answer;
      const failure = await failureOf(() => read(parts));
      expect(failure).toMatchObject({ name: 'RegistryUnavailable', facts: { host: parts.registry.host, ...facts } });
      expect(parts.registry.received).toHaveLength(4);
      expect(parts.waits).toEqual([375, 750, 1_500]);
    },
  );

  test.each([
    [0, [250, 500, 1_000]],
    [0.999, [499.75, 999.5, 1_999]],
  ])('waits by chance: %p', async (random, waits) => {
    const parts = await stage({ random: () => random });
    parts.registry.answer = status(503);
    await failureOf(() => read(parts));
    expect(parts.waits).toEqual(waits);
  });

  test.each([
    ['7', 7_000],
    ['Mon, 05 Jan 2026 09:40:03 GMT', 3_000],
    ['3600', 10_000],
    ['0', 375],
    ['Mon, 05 Jan 2026 09:00:00 GMT', 375],
    ['soon', 375],
  ])('and says Retry-After: %s is left alone for %p ms', async (header, ms) => {
    const parts = await stage();
    parts.registry.answer = inTurn(status(429, { 'retry-after': header }), well);
    await read(parts);
    expect(parts.waits).toEqual([ms]);
  });

  test('at all, as its name is not known', async () => {
    const parts = await stage();
    parts.credentials.registry.host = 'registry.test';
    const lookup = (...[, , callback]: Parameters<NonNullable<Parameters<Stage['opened']>[0]>['lookup'] & object>) => {
      process.nextTick(callback, Object.assign(new Error('getaddrinfo hunter2'), { code: 'ENOTFOUND' }), '');
    };
    expect(await failureOf(() => parts.opened({ lookup }).manifest(repository, 'v1'))).toMatchObject({
      name: 'RegistryUnavailable',
      facts: { host: 'registry.test', error: 'ENOTFOUND' },
    });
  });

  test.each([206, 400, 405, 416, 418])('but says %p is RegistryRefused', async (code) => {
    const parts = await stage();
    parts.registry.answer = status(code);
    for (const ask of [() => read(parts), () => parts.opened().digestOf(repository, 'v1')])
      expect(await failureOf(ask)).toMatchObject({ name: 'RegistryRefused', facts: { status: code } });
    expect(parts.waits).toEqual([]);
  });
});

test('the registry’s host is the secret’s, and read again after a minute', async () => {
  const parts = await stage();
  const registry = parts.opened();
  expect(await registry.host()).toBe(parts.registry.host);
  parts.credentials.registry.host = 'registry.example.com';
  parts.time.now += 59_999;
  expect(await registry.host()).toBe(parts.registry.host);
  parts.time.now += 1;
  expect(await registry.host()).toBe('registry.example.com');
});
