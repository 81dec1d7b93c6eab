import { startDouble, type Double } from '../unit/gitlab-double/receiver.ts';
import { get, imageType, indexType, json, registryClient } from '../unit/gitlab-double/registry-client.ts';

let double: Double;
let client: ReturnType<typeof registryClient>;
beforeEach(async () => {
  double = await startDouble();
  client = registryClient(double);
});
afterEach(() => double.close());

const pull = 'repository:acme/web:pull';
const accept = { accept: `${imageType}, ${indexType}` };

describe('login', () => {
  test('whoever has no token is told where to get one, and for what', async () => {
    const service = 'service="container_registry"';
    expect((await client.ask('/')).headers['www-authenticate']).toBe(
      `Bearer realm="${double.url}/jwt/auth",${service}`,
    );
    const refused = await client.ask('/acme/web/tags/list');
    expect(refused.status).toBe(401);
    expect(refused.headers['www-authenticate']).toBe(
      `Bearer realm="${double.url}/jwt/auth",${service},scope="repository:acme/web:pull"`,
    );
    expect(json(refused)).toMatchObject({ errors: [{ code: 'UNAUTHORIZED' }] });
  });

  test('an access token gives a registry token, whatever the user name; the answer says nothing of its life', async () => {
    const answer = await client.login(pull, 'whoever');
    expect(answer.status).toBe(200);
    expect(Object.keys(json(answer) as object)).toEqual(['token']);
  });

  test('it lives five minutes of world time', async () => {
    const bearer = await client.tokenFor(pull);
    double.clock.advance(299_000);
    expect((await client.ask('/acme/web/tags/list', bearer)).status).toBe(200);
    double.clock.advance(1000);
    const late = await client.ask('/acme/web/tags/list', bearer);
    expect([late.status, late.headers['www-authenticate']]).toEqual([401, expect.stringContaining('invalid_token')]);
  });

  test('it opens what it was asked for, and no more', async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    const bearer = await client.tokenFor(pull);
    expect((await client.ask('/acme/web/image/tags/list', bearer)).status).toBe(401);
    expect((await client.ask('/acme/other/tags/list', bearer)).status).toBe(401);
    const push = await client.ask('/acme/web/blobs/uploads/', bearer, { method: 'POST' });
    expect([push.status, push.headers['www-authenticate']]).toEqual([
      401,
      expect.stringContaining('scope="repository:acme/web:pull,push",error="insufficient_scope"'),
    ]);
  });

  test('it cannot be made or changed', async () => {
    const [header = '', , signature = ''] = (await client.tokenFor(pull)).split('.');
    const access = [{ type: 'repository', name: 'acme/web', actions: ['pull', 'push'] }];
    const claims = Buffer.from(JSON.stringify({ access, exp: 9_999_999_999 })).toString('base64url');
    expect((await client.ask('/acme/web/tags/list', `${header}.${claims}.${signature}`)).status).toBe(401);
  });

  test('a blob is mounted only from where the token may pull', async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    const { blobs } = await double.control.pushImage({ repository: 'acme/other', tag: 'v1' });
    const mount = `/acme/web/blobs/uploads/?mount=${blobs[0]?.digest ?? ''}&from=acme/other`;
    const push = 'repository:acme/web:pull,push';
    const status = async (scope: string) =>
      (await client.ask(mount, await client.tokenFor(scope), { method: 'POST' })).status;
    expect(await status(push)).toBe(202);
    expect(await status(`${push}&scope=repository:acme/other:pull`)).toBe(201);
  });

  test('a deploy token needs its own user name, and is good for its project and its rights', async () => {
    await double.control.createProject({ id: 2, path: 'acme/other' });
    const { username, token } = await double.control.createDeployToken({ project: 4711 });
    const both = 'repository:acme/web:pull,push&scope=repository:acme/other:pull';
    expect((await client.login(both, 'whoever', token)).status).toBe(401);
    const bearer = await client.tokenFor(both, username, token);
    expect((await client.ask('/acme/web/tags/list', bearer)).status).toBe(200);
    expect((await client.ask('/acme/web/blobs/uploads/', bearer, { method: 'POST' })).status).toBe(401);
    expect((await client.ask('/acme/other/tags/list', bearer)).status).toBe(401);
  });

  test('a job pushes with its token', async () => {
    const { username, token } = await double.control.createJobToken({ project: 4711 });
    expect(username).toBe('gitlab-ci-token');
    const bearer = await client.tokenFor('repository:acme/web/image:pull,push', username, token);
    expect((await client.ask('/acme/web/image/blobs/uploads/', bearer, { method: 'POST' })).status).toBe(202);
  });

  test('a wrong password is a 401 in OCI form, and another service is nobody', async () => {
    const wrong = await client.login(pull, 'whoever', 'wrong');
    expect([wrong.status, json(wrong)]).toEqual([
      401,
      { errors: [{ code: 'UNAUTHORIZED', message: 'HTTP Basic: Access denied.', detail: null }] },
    ]);
    expect((await get(`${double.url}/jwt/auth?service=docker`)).status).toBe(404);
  });

  test('what belongs to no project gets a token that opens nothing', async () => {
    const bearer = await client.tokenFor('repository:nobody/web:pull');
    expect((await client.ask('/nobody/web/tags/list', bearer)).status).toBe(401);
  });
});

describe('blobs', () => {
  const pushed = async () => {
    const { blobs } = await double.control.pushImage({ repository: 'acme/web', tag: 'v1', layers: [{ size: 5000 }] });
    const [layer = { digest: '', size: 0 }] = blobs;
    const bearer = await client.tokenFor(pull);
    return { layer, bearer, link: await client.linkOf('acme/web', layer.digest, bearer) };
  };

  test('lie at another origin: 307 to a link that needs no credentials', async () => {
    const { layer, bearer, link } = await pushed();
    const answer = await client.ask(`/acme/web/blobs/${layer.digest}`, bearer);
    expect([answer.status, answer.bytes.length]).toEqual([307, 0]);
    expect(new URL(link).host).not.toBe(double.registryHost);
    expect((await get(link)).bytes.length).toBe(5000);
  });

  test('Range is honoured there', async () => {
    const { link } = await pushed();
    const whole = (await get(link)).bytes;
    const part = await get(link, { headers: { range: 'bytes=4000-' } });
    expect([part.status, part.headers['content-range']]).toEqual([206, 'bytes 4000-4999/5000']);
    expect(part.bytes.equals(whole.subarray(4000))).toBe(true);
    expect((await get(link, { headers: { range: 'bytes=5000-' } })).status).toBe(416);
  });

  test('whoever sends their credentials along is refused, and it is on record', async () => {
    const { link, bearer } = await pushed();
    expect((await get(link, { headers: { authorization: `Bearer ${bearer}` } })).status).toBe(400);
    const last = (await double.control.registryRequests()).at(-1);
    expect(last).toMatchObject({ server: 'storage', authorization: 'Bearer', status: 400 });
    expect(JSON.stringify(await double.control.registryRequests())).not.toContain(bearer);
  });

  test('a link is good for its method and its time, and cannot be made', async () => {
    const { link } = await pushed();
    expect((await get(link, { method: 'HEAD' })).status).toBe(403);
    expect((await get(link.replace(/Expires=\d+/, 'Expires=9999999999'))).status).toBe(403);
    double.clock.advance(1_200_000);
    const late = await get(link);
    expect([late.status, late.bytes.toString()]).toEqual([403, expect.stringContaining('Request has expired')]);
  });

  test('from the registry itself, when it has no object storage', async () => {
    const { layer, bearer } = await pushed();
    await double.control.setRegistry({ redirect: false });
    const answer = await client.ask(`/acme/web/blobs/${layer.digest}`, bearer, { headers: { range: 'bytes=10-19' } });
    expect([answer.status, answer.bytes.length]).toEqual([206, 10]);
  });

  test('each request is on record: where, what, how much of it', async () => {
    const { link } = await pushed();
    await get(link, { headers: { range: 'bytes=0-99' } });
    const path = new URL(link).pathname;
    expect((await double.control.registryRequests()).slice(-3)).toMatchObject([
      { server: 'login', method: 'GET', authorization: 'Basic', status: 200 },
      { server: 'registry', method: 'GET', authorization: 'Bearer', status: 307, bytes: 0 },
      { server: 'storage', method: 'GET', path, authorization: 'none', range: 'bytes=0-99', status: 206, bytes: 100 },
    ]);
  });
});

describe('images that are put there at once', () => {
  test('an index with attestations, a signature and an artifact about it', async () => {
    const platforms = [
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm64' },
    ];
    const { digest, manifests } = await double.control.pushImage({
      ...{ repository: 'acme/web', tag: 'v1', platforms, attestations: true, signature: true, referrer: true },
    });
    const bearer = await client.tokenFor(pull);
    const index = await client.ask('/acme/web/manifests/v1', bearer, { headers: accept });
    expect([index.headers['docker-content-digest'], index.headers['content-type']]).toEqual([digest, indexType]);
    const named = (json(index) as { manifests: { digest: string }[] }).manifests.map((child) => child.digest);
    // two images, an attestation of each, the index, the signature, the artifact
    expect(manifests).toHaveLength(7);
    expect(manifests.slice(0, 4).sort()).toEqual(named.sort());
    const signature = await client.ask(`/acme/web/manifests/${digest.replace(':', '-')}.sig`, bearer, {
      headers: accept,
    });
    expect(signature.headers['docker-content-digest']).toBe(manifests[5]);
    const referrers = json(await client.ask(`/acme/web/referrers/${digest}`, bearer));
    expect(referrers).toMatchObject({ manifests: [{ digest: manifests[6], artifactType: 'application/spdx+json' }] });
  });

  test('without a referrers API a tag lists the artifact', async () => {
    await double.control.setRegistry({ referrersApi: false });
    const { digest, manifests } = await double.control.pushImage({ repository: 'acme/web', tag: 'v1', referrer: true });
    const bearer = await client.tokenFor(pull);
    expect((await client.ask(`/acme/web/referrers/${digest}`, bearer)).status).toBe(404);
    const fallback = `/acme/web/manifests/${digest.replace(':', '-')}`;
    expect(json(await client.ask(fallback, bearer, { headers: accept }))).toMatchObject({
      manifests: [{ digest: manifests[1] }],
    });
  });

  test('the same seed gives the same image; none gives another', async () => {
    const digestOf = async (seed?: string) =>
      (await double.control.pushImage({ repository: 'acme/web', ...(seed === undefined ? {} : { seed }) })).digest;
    expect(await digestOf('one')).toBe(await digestOf('one'));
    expect(await digestOf()).not.toBe(await digestOf());
  });

  test('only below a project, whose path may have capitals', async () => {
    await expect(double.control.pushImage({ repository: 'nobody/web', tag: 'v1' })).rejects.toThrow('no project has');
    await double.control.createProject({ id: 3, path: 'Acme/Loud' });
    await double.control.pushImage({ repository: 'acme/loud/image', tag: 'v1' });
  });

  test('a tag or an image is deleted', async () => {
    const { digest } = await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    const bearer = await client.tokenFor(pull);
    const status = async (reference: string) =>
      (await client.ask(`/acme/web/manifests/${reference}`, bearer, { headers: accept })).status;
    await double.control.deleteImage({ repository: 'acme/web', reference: 'v1' });
    expect([await status('v1'), await status(digest)]).toEqual([404, 200]);
    await double.control.deleteImage({ repository: 'acme/web', reference: digest });
    expect(await status(digest)).toBe(404);
    await expect(double.control.deleteImage({ repository: 'acme/web', reference: 'v1' })).rejects.toThrow(
      'there is no',
    );
  });

  test('any manifest at all, unchecked', async () => {
    const body = '{"schemaVersion":2}';
    const put = { repository: 'acme/web', tag: 'odd', mediaType: imageType, body };
    const { digest } = await double.control.putRegistryManifest(put);
    const bearer = await client.tokenFor(pull);
    const got = await client.ask('/acme/web/manifests/odd', bearer, { headers: accept });
    expect([got.bytes.toString(), got.headers['docker-content-digest']]).toEqual([body, digest]);
  });
});

describe('rules for tags', () => {
  const rules = '/projects/4711/registry/protection/tag/rules';
  const query = `query ($fullPath: ID!) { project(fullPath: $fullPath) {
    containerProtectionTagRules { nodes { tagNamePattern immutable } } } }`;
  const graphql = async (body: object): Promise<unknown> =>
    json(
      await get(`${double.url}/api/graphql`, {
        method: 'POST',
        headers: { 'private-token': double.token, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );

  test('those that leave tags mutable are listed; since 18.7', async () => {
    const { id } = await double.control.protectRegistryTag({ project: 4711, pattern: '^v', push: 'owner' });
    const listed = {
      id,
      project_id: 4711,
      tag_name_pattern: '^v',
      minimum_access_level_for_push: 'owner',
      minimum_access_level_for_delete: 'maintainer',
    };
    expect((await double.api(`GET ${rules}`)).body).toEqual([listed]);
    await double.control.setInstance({ version: '18.6.2-ee' });
    expect((await double.api(`GET ${rules}`)).status).toBe(404);
  });

  test('those that make tags immutable are told by GraphQL only, until they are taken away', async () => {
    await double.control.protectRegistryTag({ project: 4711, pattern: '^v', immutable: true });
    expect((await double.api(`GET ${rules}`)).body).toEqual([]);
    const variables = { fullPath: 'acme/web' };
    const nodes = (found: object[]) => ({ data: { project: { containerProtectionTagRules: { nodes: found } } } });
    expect(await graphql({ query, variables })).toMatchObject(nodes([{ tagNamePattern: '^v', immutable: true }]));
    await double.control.unprotectRegistryTag({ project: 4711, pattern: '^v' });
    expect(await graphql({ query, variables })).toMatchObject(nodes([]));
  });

  test('GraphQL gives the fields that are asked for, null for a project that is not there', async () => {
    await double.control.protectRegistryTag({ project: 4711, pattern: '^v' });
    const bare = query.replace(' immutable', '');
    expect(await graphql({ query: bare, variables: { fullPath: 'acme/web' } })).toMatchObject({
      data: { project: { containerProtectionTagRules: { nodes: [{ tagNamePattern: '^v' }] } } },
    });
    expect(JSON.stringify(await graphql({ query: bare, variables: { fullPath: 'acme/web' } }))).not.toContain(
      'immutable',
    );
    expect(await graphql({ query, variables: { fullPath: 'acme/none' } })).toEqual({ data: { project: null } });
    expect(await graphql({ query: '{ currentUser { id } }' })).toHaveProperty('errors');
  });

  test('a protected tag moves: who pushes here has the rights', async () => {
    await double.control.protectRegistryTag({ project: 4711, pattern: '^v' });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1' });
  });

  test('an immutable tag is made once: neither moved nor deleted', async () => {
    await double.control.protectRegistryTag({ project: 4711, pattern: '^v', immutable: true });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1', seed: 'one' });
    await double.control.pushImage({ repository: 'acme/web', tag: 'v1', seed: 'one' });
    await expect(double.control.pushImage({ repository: 'acme/web', tag: 'v1', seed: 'two' })).rejects.toThrow(
      'denied',
    );
    await expect(double.control.deleteImage({ repository: 'acme/web', reference: 'v1' })).rejects.toThrow('denied');
    await double.control.pushImage({ repository: 'acme/web', tag: 'latest', seed: 'two' });
  });
});
