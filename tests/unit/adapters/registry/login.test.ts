import {
  basic,
  bytesOf,
  challenge,
  digestOf,
  expectNothingSecret,
  failureOf,
  registryStages,
  repository,
  type Stage,
} from './registry-stage.ts';
import { inTurn, json, redirect, status } from './scripted-server.ts';

const stage = registryStages();
const digest = digestOf('manifest');
const found = status(200, { 'docker-content-digest': digest });

const started = async (): Promise<Stage> => {
  const parts = await stage();
  parts.content.answer = found;
  return parts;
};
const authorizations = ({ registry }: Stage) => registry.received.map(({ headers }) => headers.authorization);
const realmSaid = (parts: Stage, header: string) => {
  parts.registry.answer = status(401, { 'www-authenticate': header });
};

describe('a registry that asks for a login', () => {
  test('is shown a token, got from GitLab for the one repository and for pulling only', async () => {
    const parts = await started();
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
    expect(authorizations(parts)).toEqual([undefined, 'Bearer jwt-1']);
    expect(parts.gitlab.received).toMatchObject([
      {
        method: 'GET',
        url: '/jwt/auth?service=container_registry&scope=repository%3Aacme%2Fweb%3Apull',
        headers: { authorization: basic },
      },
    ]);
  });

  test('is shown the same one again, and another for another repository', async () => {
    const parts = await started();
    const registry = parts.opened();
    await registry.digestOf(repository, 'v1');
    await registry.digestOf(repository, 'v2');
    expect(parts.tokens).toHaveLength(1);
    await registry.digestOf('acme/api', 'v1');
    expect(parts.gitlab.received.map(({ url }) => new URLSearchParams(url.split('?')[1]).get('scope'))).toEqual([
      'repository:acme/web:pull',
      'repository:acme/api:pull',
    ]);
    expect(authorizations(parts)).toEqual([undefined, 'Bearer jwt-1', 'Bearer jwt-1', 'Bearer jwt-2']);
  });

  test.each([
    ['three quarters of what is said', { expires_in: 300 }, 225],
    ['three quarters of a minute when nothing is', {}, 45],
    ['less when it was issued before', { expires_in: 300, issued_at: '2026-01-05T09:38:20Z' }, 125],
    ['no more when its issuer is ahead', { expires_in: 300, issued_at: '2026-01-05T10:00:00Z' }, 225],
    ['the usual when its date is none', { expires_in: 300, issued_at: 'today' }, 225],
  ])('is shown a new one after %s', async (_what, life, seconds) => {
    const parts = await started();
    let given = 0;
    parts.registry.answer = (request, response) => {
      (request.headers.authorization === undefined ? challenge(`${parts.gitlab.url}/jwt/auth`) : found)(
        request,
        response,
      );
    };
    parts.gitlab.answer = (request, response) => {
      given += 1;
      json({ token: `jwt-${given}`, ...life })(request, response);
    };
    const registry = parts.opened();
    await registry.digestOf(repository, 'v1');
    parts.time.now += seconds * 1_000 - 1;
    await registry.digestOf(repository, 'v1');
    expect(given).toBe(1);
    parts.time.now += 1;
    await registry.digestOf(repository, 'v1');
    expect(authorizations(parts)).toEqual([undefined, 'Bearer jwt-1', 'Bearer jwt-1', 'Bearer jwt-2']);
  });

  test('and takes back a token before its end gets a new one at once', async () => {
    const parts = await started();
    const registry = parts.opened();
    await registry.digestOf(repository, 'v1');
    parts.tokens.push('jwt-only-it-knows');
    expect(await registry.digestOf(repository, 'v1')).toBe(digest);
    expect(authorizations(parts)).toEqual([undefined, 'Bearer jwt-1', 'Bearer jwt-1', 'Bearer jwt-3']);
    expect(parts.waits).toEqual([]);
  });

  test.each([401, 403])('and answers %p to a token of GitLab’s lets nobody read: that is final', async (code) => {
    const parts = await started();
    parts.content.answer = status(code, { 'www-authenticate': `Bearer realm="${parts.gitlab.url}/jwt/auth"` });
    const { name, facts } = await failureOf(() => parts.opened().manifest(repository, 'v1'));
    expect({ name, facts }).toEqual({
      name: 'RegistryRefused',
      facts: { host: parts.registry.host, repository, status: code },
    });
    expect(parts.tokens).toHaveLength(1);
    expect(parts.registry.received).toHaveLength(2);
  });

  test('by two challenges: the one for a token counts', async () => {
    const parts = await started();
    realmSaid(parts, `Basic realm="x", Bearer realm="${parts.gitlab.url}/jwt/auth",service="a b&c", Basic realm="y"`);
    await failureOf(() => parts.opened().digestOf(repository, 'v1'));
    expect(parts.gitlab.received[0]?.url).toMatch(/^\/jwt\/auth\?service=a\+b%26c&scope=/);
  });

  test('that calls its token access_token is understood', async () => {
    const parts = await started();
    parts.gitlab.answer = (request, response) => {
      parts.tokens.push('jwt-a');
      json({ access_token: 'jwt-a' })(request, response);
    };
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
  });

  test('a rotated password counts for the next token', async () => {
    const parts = await started();
    const registry = parts.opened();
    await registry.digestOf(repository, 'v1');
    parts.credentials.registry = { ...parts.credentials.registry, password: 'hunter2-rotated' };
    parts.time.now += 226_000;
    await registry.digestOf(repository, 'v1');
    expect(parts.gitlab.received[1]?.headers.authorization).toBe(
      `Basic ${Buffer.from('reader:hunter2-rotated').toString('base64')}`,
    );
  });
});

describe('a password that GitLab refuses', () => {
  const staged = (parts: Stage, { taken = '', code = 401 }: { taken?: string; code?: number } = {}) => {
    const given = parts.gitlab.answer;
    parts.gitlab.answer = (request, response) => {
      const shown = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString();
      (taken === shown ? given : status(code))(request, response);
    };
    const { registry } = parts.credentials;
    parts.pending = { ...parts.credentials, registry: { ...registry, username: 'next', password: 'hunter2-next' } };
  };

  test.each([401, 403])('by %d gives way to the one that a rotation has staged', async (code) => {
    const parts = await started();
    staged(parts, { taken: 'next:hunter2-next', code });
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
    expect(parts.gitlab.received).toHaveLength(2);
  });

  test('once: when that is refused as well, it is final', async () => {
    const parts = await started();
    staged(parts);
    expect(await failureOf(() => parts.opened().manifest(repository, 'v1'))).toMatchObject({ name: 'RegistryRefused' });
    expect(parts.gitlab.received).toHaveLength(2);
  });
});

test('a registry that wants no login is told nothing', async () => {
  const parts = await started();
  parts.registry.answer = found;
  expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
  expectNothingSecret(parts.registry);
  expect(parts.gitlab.connections()).toBe(0);
});

test.each([
  ['with a token at hand', true],
  ['with none yet', false],
])('six blobs at once, %s that has grown old or was never there: one token', async (_what, before) => {
  const parts = await started();
  const registry = parts.opened();
  if (before) await registry.digestOf(repository, 'v1');
  parts.time.now += 240_000;
  const blobs = Array.from({ length: 6 }, (_, index) => Buffer.alloc(100_000, index));
  parts.content.answer = ({ url }, response) => {
    response.end(blobs.find((bytes) => url?.endsWith(digestOf(bytes))));
  };
  const descriptors = blobs.map((bytes) => ({ mediaType: 'a/b', digest: digestOf(bytes), size: bytes.length }));
  const read = await Promise.all(descriptors.map((blob) => bytesOf(registry.blob(repository, blob, 0))));
  expect(read.map(digestOf)).toEqual(descriptors.map((blob) => blob.digest));
  expect(parts.tokens).toHaveLength(before ? 2 : 1);
});

describe('credentials go nowhere but to gitlab_url: refused is a login', () => {
  test.each<[string, (parts: Stage) => string]>([
    ['at another host', ({ elsewhere }) => `${elsewhere.url}/jwt/auth`],
    ['at the registry itself', ({ registry }) => `${registry.url}/jwt/auth`],
    ['at a host behind a name like GitLab’s', ({ gitlab, elsewhere }) => `http://${gitlab.host}@${elsewhere.host}/`],
    ['at GitLab’s name with more behind it', ({ gitlab }) => `${gitlab.url}.example.com/jwt/auth`],
    ['by another scheme', ({ gitlab }) => `https://${gitlab.host}/jwt/auth`],
    ['at another port', ({ gitlab }) => `http://${gitlab.host.replace(/:.*/, '')}:1/jwt/auth`],
    ['at no address', () => '/jwt/auth'],
    ['at nothing', () => ''],
  ])('%s', async (_what, realm) => {
    const parts = await started();
    parts.registry.answer = challenge(realm(parts));
    expect(await failureOf(() => parts.opened().manifest(repository, 'v1'))).toMatchObject({ name: 'RegistryRefused' });
    expect([parts.gitlab, parts.elsewhere].map((server) => server.connections())).toEqual([0, 0]);
    expect(parts.registry.received).toHaveLength(1);
    expectNothingSecret(parts.registry);
  });

  test.each([
    ['by password', 'Basic realm="registry"'],
    ['by what nobody knows', 'Negotiate'],
    ['by a token from nowhere', 'Bearer service="container_registry"'],
    ['by a word that ends like one', 'NotBearer realm="x"'],
  ])('%s', async (_what, header) => {
    const parts = await started();
    realmSaid(parts, header);
    expect(await failureOf(() => parts.opened().manifest(repository, 'v1'))).toMatchObject({ name: 'RegistryRefused' });
    expect(parts.gitlab.connections()).toBe(0);
    expect(parts.registry.received).toHaveLength(1);
    expectNothingSecret(parts.registry);
  });

  test('with a user’s name and a query of the registry’s making: both are left out', async () => {
    const parts = await started();
    parts.registry.answer = challenge(`http://root:hunter2@${parts.gitlab.host}/jwt/auth?scope=all&account=root`);
    await failureOf(() => parts.opened().manifest(repository, 'v1'));
    expect(parts.gitlab.received).toMatchObject([
      {
        url: '/jwt/auth?service=container_registry&scope=repository%3Aacme%2Fweb%3Apull',
        headers: { authorization: basic },
      },
    ]);
  });
});

describe('GitLab, asked for a token', () => {
  test.each([400, 401, 403, 404])('says %p: RegistryRefused, at once', async (code) => {
    const parts = await started();
    parts.gitlab.answer = status(code);
    const { name, facts } = await failureOf(() => parts.opened().manifest(repository, 'v1'));
    expect({ name, facts }).toEqual({
      name: 'RegistryRefused',
      facts: { host: parts.gitlab.host, repository, status: code },
    });
    expect(parts.gitlab.received).toHaveLength(1);
  });

  test('sends the password on to elsewhere: it is not followed', async () => {
    const parts = await started();
    parts.gitlab.answer = redirect(`${parts.elsewhere.url}/jwt/auth`);
    expect(await failureOf(() => parts.opened().manifest(repository, 'v1'))).toMatchObject({ name: 'RegistryRefused' });
    expect(parts.elsewhere.connections()).toBe(0);
  });

  test.each([408, 429, 500, 502, 503])('says %p once: it is asked again', async (code) => {
    const parts = await started();
    parts.gitlab.answer = inTurn(status(code), parts.gitlab.answer);
    expect(await parts.opened().digestOf(repository, 'v1')).toBe(digest);
  });

  test('says 503 for ever: RegistryUnavailable after four tries, not four times four', async () => {
    const parts = await started();
    parts.gitlab.answer = status(503);
    expect(await failureOf(() => parts.opened().digestOf(repository, 'v1'))).toMatchObject({
      name: 'RegistryUnavailable',
      facts: { host: parts.gitlab.host, status: 503 },
    });
    expect(parts.gitlab.received).toHaveLength(4);
  });

  test.each<[string, unknown]>([
    ['no JSON', '<html>hunter2'],
    ['no token', {}],
    ['an empty token', { token: '' }],
    ['a token that would write headers of its own', { token: 'jwt-1\r\nX-Evil: hunter2' }],
    ['a token that is no text', { token: 7 }],
    ['a body without end', { token: 'jwt-1', padding: 'x'.repeat(70_000) }],
  ])('answers %s: RegistryRefused', async (_what, body) => {
    const parts = await started();
    parts.gitlab.answer = json(body);
    expect(await failureOf(() => parts.opened().digestOf(repository, 'v1'))).toMatchObject({ name: 'RegistryRefused' });
    expect(authorizations(parts)).toEqual([undefined]);
  });
});
