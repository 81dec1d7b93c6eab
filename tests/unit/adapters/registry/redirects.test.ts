import { redirectTarget, registryOrigin } from '../../../../lib/adapters/registry/trusted-url.ts';
import {
  bytesOf,
  challenge,
  digestOf,
  expectNothingSecret,
  failureOf,
  registryStages,
  repository,
} from './registry-stage.ts';
import type { Stage } from './registry-stage.ts';
import { inTurn, redirect, status, type Answer } from './scripted-server.ts';

const stage = registryStages();
const content = Buffer.from('the bytes of a layer');
const blob = { mediaType: 'a/b', digest: digestOf(content), size: content.length };
const path = `/v2/${repository}/blobs/${blob.digest}`;
const send: Answer = (_request, response) => response.end(content);

const read = (parts: Stage) => bytesOf(parts.opened().blob(repository, blob, 0));
const refused = async (parts: Stage): Promise<unknown> => {
  const { name, facts } = await failureOf(() => read(parts));
  expect(name).toBe('RegistryRefused');
  expect(parts.waits).toEqual([]);
  return facts;
};

describe('a blob that lies elsewhere', () => {
  test.each([301, 302, 303, 307, 308])(
    'is fetched there by %p, with the link as it is and without any credential',
    async (code) => {
      const parts = await stage();
      parts.content.answer = status(code, { location: `${parts.elsewhere.url}/bucket/a?X-Signature=s%2Ft` });
      parts.elsewhere.answer = send;
      expect(await read(parts)).toEqual(content);
      expect(parts.elsewhere.received).toMatchObject([{ method: 'GET', url: '/bucket/a?X-Signature=s%2Ft' }]);
      expectNothingSecret(parts.elsewhere);
    },
  );

  test('at the registry itself, by a relative link, is fetched with the token', async () => {
    const parts = await stage();
    parts.content.answer = (request, response) => {
      (request.url === '/moved?to=1' ? send : redirect('/moved?to=1'))(request, response);
    };
    expect(await read(parts)).toEqual(content);
    expect(parts.registry.received.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [path, undefined],
      [path, 'Bearer jwt-1'],
      ['/moved?to=1', 'Bearer jwt-1'],
    ]);
  });

  test('is fetched after five redirects, and no more', async () => {
    const parts = await stage();
    parts.content.answer = redirect(`${parts.elsewhere.url}/1`);
    parts.elsewhere.answer = (request, response) => {
      const hop = Number(request.url?.slice(1));
      (hop === 5 ? send : redirect(`/${hop + 1}`))(request, response);
    };
    expect(await read(parts)).toEqual(content);
    parts.elsewhere.answer = redirect('/round');
    parts.elsewhere.received.length = 0;
    expect(await refused(parts)).toMatchObject({ host: parts.elsewhere.host });
    expect(parts.elsewhere.received).toHaveLength(5);
  });

  test('and is sent back from there is fetched without the token: it could be a trap', async () => {
    const parts = await stage();
    parts.content.answer = redirect(`${parts.elsewhere.url}/`);
    parts.elsewhere.answer = redirect(`${parts.registry.url}/v2/another/blobs/${blob.digest}`);
    expect(await refused(parts)).toEqual({ host: parts.registry.host, repository, status: 401 });
    expect(parts.registry.received.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer jwt-1',
      undefined,
    ]);
    expect(parts.tokens).toHaveLength(1);
  });

  test('is asked for with no name of the link’s own', async () => {
    const parts = await stage();
    parts.content.answer = redirect(`http://root:toor@${parts.elsewhere.host}/`);
    parts.elsewhere.answer = send;
    expect(await read(parts)).toEqual(content);
    expectNothingSecret(parts.elsewhere);
  });

  test('is refused there: no login is tried, and the link is told to nobody', async () => {
    const parts = await stage();
    parts.content.answer = redirect(`${parts.elsewhere.url}/bucket?X-Signature=s`);
    parts.elsewhere.answer = challenge(`${parts.gitlab.url}/jwt/auth`);
    expect(await refused(parts)).toMatchObject({ host: parts.elsewhere.host, repository });
    expect(parts.tokens).toHaveLength(1);
    expectNothingSecret(parts.elsewhere);
  });

  test.each([400, 403])(
    'by a link that is answered %p there is asked for by the next one; four are enough',
    async (code) => {
      const parts = await stage();
      parts.content.answer = redirect(`${parts.elsewhere.url}/bucket?X-Signature=s`);
      parts.elsewhere.answer = inTurn(status(code), send);
      expect(await read(parts)).toEqual(content);
      parts.elsewhere.answer = status(code);
      parts.elsewhere.received.length = 0;
      const failure = await failureOf(() => read(parts));
      expect(failure).toMatchObject({
        name: 'RegistryUnavailable',
        facts: { host: parts.elsewhere.host, status: code },
      });
      expect(parts.elsewhere.received).toHaveLength(4);
      expectNothingSecret(parts.elsewhere);
    },
  );

  test('by a link that has expired is asked for by the registry’s next one', async () => {
    const parts = await stage();
    let links = 0;
    parts.content.answer = (request, response) => {
      links += 1;
      redirect(`${parts.elsewhere.url}/?X-Signature=${links}`)(request, response);
    };
    parts.elsewhere.answer = inTurn(
      (_request, response) => {
        response
          .writeHead(200, { 'content-length': content.length })
          .write(content.subarray(0, 5), () => response.destroy());
      },
      (_request, response) => {
        response.writeHead(206, { 'content-range': `bytes 5-${content.length - 1}/${content.length}` });
        response.end(content.subarray(5));
      },
    );
    expect(await read(parts)).toEqual(content);
    expect(parts.elsewhere.received.map(({ url, headers }) => [url, headers.range])).toEqual([
      ['/?X-Signature=1', undefined],
      ['/?X-Signature=2', 'bytes=5-'],
    ]);
  });
});

describe('not followed is a redirect', () => {
  test.each<[string, Record<string, string>]>([
    ['to nowhere', {}],
    ['to no address', { location: 'http://:80:80/' }],
    ['to another machine over http', { location: 'http://storage.test/' }],
    ['to a file', { location: 'file:///etc/passwd' }],
    ['to what is no web', { location: 'ftp://127.0.0.1/' }],
  ])('%s', async (_what, headers) => {
    const parts = await stage();
    parts.content.answer = status(307, headers);
    await refused(parts);
  });

  test.each<[string, (parts: Stage) => Promise<unknown>]>([
    ['a manifest', (parts) => parts.opened().manifest(repository, 'v1')],
    ['a digest', (parts) => parts.opened().digestOf(repository, 'v1')],
    ['referrers', (parts) => parts.opened().referrers(repository, blob.digest)],
  ])('of %s, wherever to', async (_what, ask) => {
    const parts = await stage();
    parts.elsewhere.answer = send;
    for (const location of [`${parts.elsewhere.url}/`, '/v2/another/manifests/v1']) {
      parts.content.answer = redirect(location);
      expect(await failureOf(() => ask(parts))).toMatchObject({ name: 'RegistryRefused' });
    }
    expect(parts.elsewhere.connections()).toBe(0);
  });

  test('from https to http, but to this machine in the rehearsal', () => {
    const from = new URL('https://registry.example.com/v2/');
    const to = (location: string, local: boolean) => () => redirectTarget(from, location, local).href;
    expect(to('http://registry.example.com/x', false)).toThrow('redirects');
    expect(to('http://registry.example.com/x', true)).toThrow('redirects');
    expect(to('http://127.0.0.1/x', false)).toThrow('redirects');
    expect(to('http://127.0.0.1/x', true)()).toBe('http://127.0.0.1/x');
    expect(to('//storage.example.com/x?y=1', false)()).toBe('https://storage.example.com/x?y=1');
  });
});

test.each([
  ['registry.example.com', false, 'https://registry.example.com'],
  ['registry.example.com:5050', true, 'https://registry.example.com:5050'],
  ['127.0.0.1:5000', true, 'http://127.0.0.1:5000'],
  ['127.0.0.1:5000', false, 'https://127.0.0.1:5000'],
  ['127.0.0.1.example.com', true, 'https://127.0.0.1.example.com'],
])('the registry %s, in the rehearsal %p, is asked at %s', (host, local, origin) => {
  expect(registryOrigin(host, local).origin).toBe(origin);
});

test('a registry’s host that is none is Misconfigured', () => {
  expect(() => registryOrigin('registry.127.0.0.1', true)).toThrow('registry_host is no host');
});
