import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerGitlabCredentials } from '../../../lib/adapters/aws/secrets-manager-gitlab-credentials.ts';
import { secretsManagerManagerCredentials } from '../../../lib/adapters/aws/secrets-manager-manager-credentials.ts';
import { secretsManagerHookSecrets } from '../../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const token = 'hunter2-'.repeat(5);
const signingToken = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const value = (secret: object | string): Canned => ({
  body: { SecretString: typeof secret === 'string' ? secret : JSON.stringify(secret) },
});
const absent: Canned = { code: 'ResourceNotFoundException' };

const hookSecrets = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, read: () => secretsManagerHookSecrets(new SecretsManagerClient(options), 'hook').hookSecrets() };
};

describe('the hook secret', () => {
  test('current alone, when nothing is pending, or pending has no value yet', async () => {
    const { requests, read } = hookSecrets(value({ webhook_token: token }), absent);
    expect(await read()).toEqual([{ webhookToken: token }]);
    expect(requests.map(({ input }) => input)).toEqual([
      { SecretId: 'hook', VersionStage: 'AWSCURRENT' },
      { SecretId: 'hook', VersionStage: 'AWSPENDING' },
    ]);
  });

  test('current and pending, each with its own signing token or none; AWSPREVIOUS never', async () => {
    const pending = { webhook_token: 'p'.repeat(32), webhook_signing_token: signingToken, made_at: 1 };
    const { requests, read } = hookSecrets(value({ webhook_token: token }), value(pending));
    expect(await read()).toEqual([
      { webhookToken: token },
      { webhookToken: 'p'.repeat(32), webhookSigningToken: signingToken },
    ]);
    expect(JSON.stringify(requests)).not.toContain('AWSPREVIOUS');
  });

  test("with the registry's tokens: now, and after its next change", async () => {
    const [registry_token, registry_token_next] = ['r'.repeat(32), 'n'.repeat(32)];
    const { read } = hookSecrets(
      value({ webhook_token: token, registry_token }),
      value({ webhook_token: token, registry_token, registry_token_next }),
    );
    expect(await read()).toEqual([
      { webhookToken: token, registryToken: registry_token },
      { webhookToken: token, registryToken: registry_token, registryTokenNext: registry_token_next },
    ]);
  });

  test.each<[string, object | string, string]>([
    ['with an empty registry token', { webhook_token: token, registry_token: '' }, 'registry_token'],
    ['with a short registry token', { webhook_token: token, registry_token: 'r'.repeat(31) }, 'registry_token'],
    [
      'with a short next registry token',
      { webhook_token: token, registry_token: 'r'.repeat(32), registry_token_next: 'n'.repeat(31) },
      'registry_token_next',
    ],
    ['not JSON', 'hunter2', 'it is not JSON'],
    ['empty', '', 'it is not JSON'],
    ['no object', '"hunter2"', 'the whole'],
    ['without a token', {}, 'webhook_token'],
    ['with an empty token', { webhook_token: '' }, 'webhook_token'],
    ['with a short token', { webhook_token: 'hunter2'.repeat(4) }, 'webhook_token'],
    ['with a token that is no text', { webhook_token: 42 }, 'webhook_token'],
    ['with an empty signing token', { webhook_token: token, webhook_signing_token: '' }, 'webhook_signing_token'],
    [
      'with a bare signing key',
      { webhook_token: token, webhook_signing_token: signingToken.slice(6) },
      'webhook_signing_token',
    ],
    [
      'with a signing key of 31 bytes',
      { webhook_token: token, webhook_signing_token: `whsec_${Buffer.alloc(31, 7).toString('base64')}` },
      'webhook_signing_token',
    ],
    [
      'with a signing key in base64url',
      { webhook_token: token, webhook_signing_token: `whsec_${Buffer.alloc(32, 255).toString('base64url')}` },
      'webhook_signing_token',
    ],
  ])(
    '%s is a fault that names secret and key, and never the value: no check is no option',
    async (_what, secret, named) => {
      const failure = await raisedBy(hookSecrets(value(secret), absent).read);
      expect(failure.message).toMatch(/secret hook/);
      expect(failure.message).toContain(named);
      for (const text of ['hunter2', signingToken.slice(8, 20)]) expect(failure.message).not.toContain(text);
    },
  );

  test.each<[string, Canned]>([
    ['without any value', absent],
    ['without a token', value({ registry_token: 'r'.repeat(32) })],
  ])(
    'before the first rotation, AWSCURRENT %s: what is pending counts, for the rotation tests it',
    async (_what, current) => {
      const { read } = hookSecrets(current, value({ webhook_token: token }));
      expect(await read()).toEqual([{ webhookToken: token }]);
    },
  );

  test('a pending version that cannot be used is a fault, whatever AWSCURRENT holds', async () => {
    const pending = value({ webhook_token: 'hunter2' });
    for (const current of [value({ webhook_token: token }), absent])
      expect((await raisedBy(hookSecrets(current, pending).read)).message).toContain('webhook_token');
  });

  test('that cannot be read now is not taken for unfilled, though something is pending', async () => {
    const { read } = hookSecrets({ code: 'ThrottlingException' }, value({ webhook_token: token }));
    expect(await raisedBy(read)).toMatchObject({ name: 'AwsUnavailable' });
  });

  test('a pending version that has its label but no value does not count', async () => {
    const { read } = hookSecrets(value({ webhook_token: token }), { body: { VersionStages: ['AWSPENDING'] } });
    expect(await read()).toEqual([{ webhookToken: token }]);
  });

  test('of which no version has a value is such a fault too', async () => {
    expect((await raisedBy(hookSecrets(absent).read)).message).toContain('secret hook: it has no value yet');
  });

  test.each([
    ['AccessDeniedException', 'AwsRefused'],
    ['ThrottlingException', 'AwsUnavailable'],
    ['DecryptionFailure', 'AwsRefused'],
  ])('that cannot be read, %s, is %s, and not taken for absent', async (code, name) => {
    expect(await raisedBy(hookSecrets({ code }).read)).toMatchObject({ name });
    expect(await raisedBy(hookSecrets(value({ webhook_token: token }), { code }).read)).toMatchObject({ name });
  });
});

describe("GitLab's credentials", () => {
  const read = (secret: object, plainLoopback = false) => {
    const { options } = cannedAnswers(value(secret));
    return secretsManagerGitlabCredentials(new SecretsManagerClient(options), { id: 'gitlab', plainLoopback })();
  };

  test.each(['https://gitlab.example.com', 'https://gitlab.example.com/', 'https://gitlab.example.com//'])(
    'from %s have no trailing slash',
    async (gitlab_url) => {
      expect(await read({ gitlab_url, gitlab_token: 'glpat-x', gitlab_project_id: '1' })).toEqual({
        url: 'https://gitlab.example.com',
        token: 'glpat-x',
        registry: { host: 'registry.gitlab.example.com', username: 'drawbridge', password: 'glpat-x' },
      });
    },
  );

  const gitlab = { gitlab_url: 'https://gitlab.example.com:8443', gitlab_token: 'glpat-x' };

  test.each([
    [{}, { host: 'registry.gitlab.example.com', username: 'drawbridge', password: 'glpat-x' }],
    [{ registry_host: 'gitlab.example.com:5050' }, { host: 'gitlab.example.com:5050', password: 'glpat-x' }],
    [{ registry_host: '127.0.0.1:5000' }, { host: '127.0.0.1:5000' }],
    [
      { registry_username: 'gitlab+deploy-token-7', registry_password: 'gldt-y' },
      { host: 'registry.gitlab.example.com', username: 'gitlab+deploy-token-7', password: 'gldt-y' },
    ],
  ])('with %j reach the registry as %j', async (more, registry) => {
    expect(await read({ ...gitlab, ...more })).toMatchObject({ registry });
  });

  test.each<[string, object]>([
    ...[
      'https://registry.example.com',
      'registry.example.com/acme',
      'hunter2@registry.example.com',
      'Registry',
      '',
    ].map((host): [string, object] => ['registry_host', { registry_host: host }]),
    ...['a..b', '-a.example.com', 'a.example.com:', 'a.example.com:hunter2', `${'a.'.repeat(130)}b`, 'a b', 'ä'].map(
      (host): [string, object] => ['registry_host', { registry_host: host }],
    ),
    ['registry_password', { registry_username: 'hunter2' }],
    ['registry_username', { registry_password: 'hunter2' }],
    ['registry_password', { registry_username: 'hunter2', registry_password: '' }],
    ['registry_username', { registry_username: 'hunter2:x', registry_password: 'hunter2' }],
    ['registry_username', { registry_username: 'hunter2\n', registry_password: 'hunter2' }],
  ])('%s is refused by key: %j', async (named, more) => {
    const { message } = await raisedBy(() => read({ ...gitlab, ...more }, true));
    expect(message).toContain(`secret gitlab: ${named} missing`);
    expect(message).not.toContain('hunter2');
  });

  describe('that were refused', () => {
    const pair = (n: number) => ({ registry_username: 'u', registry_password: `gldt-${n}` });
    const refused = async (first: object, pending: Canned) => {
      const { options, requests } = cannedAnswers(value({ ...gitlab, ...first }), pending);
      const source = secretsManagerGitlabCredentials(new SecretsManagerClient(options), {
        id: 'gitlab',
        plainLoopback: false,
      });
      const shown = await source();
      const others = await source(shown);
      expect(requests.map(({ input }) => input['VersionStage'])).toEqual(['AWSCURRENT', 'AWSPENDING']);
      return { shown, others };
    };

    test.each<[string, object, object]>([
      ['token', {}, { gitlab_token: 'glpat-next' }],
      ['token beside the same registry password', pair(1), { gitlab_token: 'glpat-next' }],
      ['registry password', pair(1), pair(2)],
    ])('give way to AWSPENDING with another %s', async (_what, first, next) => {
      const { shown, others } = await refused(first, value({ ...gitlab, ...first, ...next }));
      expect(others).not.toEqual(shown);
      expect(others).toMatchObject({ url: gitlab.gitlab_url });
    });

    test.each<[string, Canned]>([
      ['without AWSPENDING', absent],
      ['with an AWSPENDING that has no value yet', absent],
      ['with an AWSPENDING that has no value yet, as the local AWS says it', { body: { VersionId: 'v' } }],
      ['with an AWSPENDING of the same values', value({ ...gitlab, made_at: 'now' })],
    ])('are the same once more %s', async (_what, pending) => {
      const { shown, others } = await refused({}, pending);
      expect(others).toBe(shown);
    });
  });

  test.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])(
    '%s only in the rehearsal',
    async (gitlab_url) => {
      expect(await read({ gitlab_url, gitlab_token: 'x' }, true)).toMatchObject({ url: gitlab_url });
      expect((await raisedBy(() => read({ gitlab_url, gitlab_token: 'x' }))).message).toContain('gitlab_url');
    },
  );

  test.each([
    ['plain http to elsewhere', { gitlab_url: 'http://gitlab.example.com', gitlab_token: 'hunter2' }, 'gitlab_url'],
    ['loopback in a name', { gitlab_url: 'http://localhost.example.com', gitlab_token: 'hunter2' }, 'gitlab_url'],
    ['another protocol', { gitlab_url: 'file:///etc/hunter2', gitlab_token: 'hunter2' }, 'gitlab_url'],
    ['no address', { gitlab_token: 'hunter2' }, 'gitlab_url'],
    ['an empty token', { gitlab_url: 'https://gitlab.example.com', gitlab_token: '' }, 'gitlab_token'],
    ['nothing', {}, 'gitlab_url, gitlab_token'],
  ])('with %s are refused by key, also in the rehearsal', async (_what, secret, named) => {
    const { message } = await raisedBy(() => read(secret, true));
    expect(message).toContain(`secret gitlab: ${named} missing`);
    expect(message).not.toContain('hunter2');
  });
});

describe("a manager's credentials", () => {
  const gitlab = { gitlab_url: 'https://gitlab.example.com/', gitlab_token: 'glpat-x', gitlab_project_id: '4711' };
  const source = (...answers: Canned[]) => {
    const { options, requests } = cannedAnswers(...answers);
    const secrets = { manager: 'manager', gitlab: 'gitlab', plainLoopback: false };
    return { requests, read: secretsManagerManagerCredentials(new SecretsManagerClient(options), secrets) };
  };
  const own = { url: 'https://gitlab.example.com', token: 'glpat-m', manager: true, project: 4711 };
  const standIn = { ...own, token: 'glpat-x', manager: false };

  test("are the manager's token at the GitLab secret's address", async () => {
    const { requests, read } = source(value(gitlab), value({ gitlab_manager_token: 'glpat-m' }));
    expect(await read()).toEqual(own);
    expect(requests.map(({ input }) => input)).toEqual([
      { SecretId: 'gitlab', VersionStage: 'AWSCURRENT' },
      { SecretId: 'manager', VersionStage: 'AWSCURRENT' },
    ]);
  });

  test.each<[string, Canned]>([
    ['there is no such secret, or it has no value', absent],
    ['its value has no such key', value({})],
  ])('are gitlab_token when %s', async (_what, manager) => {
    expect(await source(value(gitlab), manager).read()).toEqual(standIn);
  });

  test('name no project when none is given', async () => {
    const { gitlab_url, gitlab_token } = gitlab;
    expect(await source(value({ gitlab_url, gitlab_token }), absent).read()).not.toHaveProperty('project');
  });

  test('that were refused are the same once more, and nobody is asked', async () => {
    const { requests, read } = source(absent);
    expect(await read(own)).toBe(own);
    expect(requests).toEqual([]);
  });

  test("that were gitlab_token give way to AWSPENDING's", async () => {
    const { requests, read } = source(value({ ...gitlab, gitlab_token: 'glpat-next' }));
    expect(await read(standIn)).toEqual({ ...standIn, token: 'glpat-next' });
    expect(requests.map(({ input }) => input)).toEqual([{ SecretId: 'gitlab', VersionStage: 'AWSPENDING' }]);
    expect(await source(absent).read(standIn)).toBe(standIn);
  });

  test.each<[string, Canned, Canned]>([
    ['secret manager: gitlab_manager_token', value(gitlab), value({ gitlab_manager_token: '' })],
    ['secret gitlab: gitlab_project_id', value({ ...gitlab, gitlab_project_id: 'hunter2' }), absent],
    ['secret gitlab: gitlab_token', value({ ...gitlab, gitlab_token: '' }), absent],
    ['secret gitlab: it has no value yet', absent, absent],
  ])('are refused by key: %s', async (named, ...answers) => {
    const failure = await raisedBy(() => source(...answers).read());
    expect(failure).toMatchObject({ name: 'Misconfigured' });
    expect(failure.message).toContain(named);
    expect(failure.message).not.toContain('hunter2');
  });
});
