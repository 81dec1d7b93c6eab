import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsManagerRotationStart } from '../../../lib/adapters/aws/secrets-manager-rotation-start.ts';
import { gitlabVersions, hookVersions } from '../../../lib/adapters/aws/secrets-manager-secret-versions.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const clientFor = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, client: new SecretsManagerClient(options) };
};

const hooks = (...answers: Canned[]) => {
  const { client, requests } = clientFor(...answers);
  return { requests, versions: hookVersions(client) };
};

const value = (secret: object): Canned => ({ body: { SecretString: JSON.stringify(secret) } });
const gitlab = { gitlab_url: 'https://gitlab.example.com', gitlab_token: 'glpat-x' };

test('describe: whether it is rotated, and who carries which label; a secret without versions has none', async () => {
  const labels = { a: ['AWSCURRENT'], b: ['AWSPENDING'] };
  const { versions, requests } = hooks({ body: { RotationEnabled: true, VersionIdsToStages: labels } }, { body: {} });
  expect(await versions.describe('hook')).toEqual({ rotationEnabled: true, labels });
  expect(await versions.describe('hook')).toEqual({ rotationEnabled: false, labels: {} });
  expect(requests[0]).toEqual({ target: 'secretsmanager.DescribeSecret', input: { SecretId: 'hook' } });
});

describe('value', () => {
  test('is read by version id, never by label; keys that are not ours come along', async () => {
    const document = { webhook_token: 'short', other: { deep: [1] } };
    const { versions, requests } = hooks(value(document), value({}));
    expect(await versions.value('hook', 'v1')).toEqual(document);
    expect(await versions.value('hook', 'v1')).toEqual({});
    expect(requests[0]?.input).toEqual({ SecretId: 'hook', VersionId: 'v1' });
  });

  test.each<[string, Canned]>([
    ['no such version', { code: 'ResourceNotFoundException' }],
    ['a label, and no value', { body: { VersionStages: ['AWSPENDING'] } }],
  ])('%s is undefined', async (_what, answer) => {
    expect(await hooks(answer).versions.value('hook', 'v1')).toBeUndefined();
  });

  test.each(['webhook_token', 'webhook_signing_token', 'made_at', 'base_version'])(
    'an empty %s in the hook secret is Misconfigured, by key',
    async (key) => {
      const failure = await raisedBy(() => hooks(value({ [key]: '', x: 'hunter2' })).versions.value('hook', 'v1'));
      expect(failure.name).toBe('Misconfigured');
      expect(failure.message).toContain(key);
      expect(failure.message).not.toContain('hunter2');
    },
  );

  test('of the GitLab secret, as a rotation writes it', async () => {
    const document = {
      ...{ ...gitlab, gitlab_project_id: '7', gitlab_group_id: '8', gitlab_token_id: 9, rotate_gitlab_token: 'self' },
      ...{ registry_username: 'u', registry_password: 'p', registry_token_id: 10, made_at: 'm', base_version: 'b' },
      registry_host: 'registry.example.com',
    };
    expect(await gitlabVersions(clientFor(value(document)).client).value('gitlab', 'v1')).toEqual(document);
  });

  test.each<[string, object]>([
    ['gitlab_url', { gitlab_url: '' }],
    ['gitlab_token', { gitlab_token: '' }],
    ['gitlab_project_id', { gitlab_project_id: 7 }],
    ['gitlab_group_id', { gitlab_group_id: 8 }],
    ['gitlab_token_id', { gitlab_token_id: '9' }],
    ['rotate_gitlab_token', { rotate_gitlab_token: 'yes' }],
    ['registry_username', { registry_username: '' }],
    ['registry_password', { registry_password: '' }],
    ['registry_token_id', { registry_token_id: '10' }],
  ])('of the GitLab secret with a wrong %s is Misconfigured, by key', async (key, change) => {
    const { client } = clientFor(value({ ...gitlab, ...change }));
    const failure = await raisedBy(() => gitlabVersions(client).value('gitlab', 'v1'));
    expect(failure).toMatchObject({ name: 'Misconfigured' });
    expect(failure.message).toContain(`secret gitlab: ${key} missing`);
  });
});

describe('fill', () => {
  test('writes under the version id, labelled AWSPENDING', async () => {
    const { versions, requests } = hooks({ body: {} });
    expect(await versions.fill('hook', 'v1', { webhook_token: 't' })).toBe('filled');
    expect(requests).toEqual([
      {
        target: 'secretsmanager.PutSecretValue',
        input: {
          SecretId: 'hook',
          ClientRequestToken: 'v1',
          SecretString: '{"webhook_token":"t"}',
          VersionStages: ['AWSPENDING'],
        },
      },
    ]);
  });

  test('another value is there already: taken', async () => {
    expect(await hooks({ code: 'ResourceExistsException' }).versions.fill('hook', 'v1', {})).toBe('taken');
  });

  test('is given up in time, also where the client itself is patient', async () => {
    const { options } = cannedAnswers({ body: {} });
    const handle = (_request: unknown, { abortSignal }: { abortSignal?: AbortSignal } = {}) =>
      new Promise((_resolve, reject) => {
        abortSignal?.addEventListener('abort', () => {
          reject(Object.assign(new Error('aborted'), { name: 'AbortError' }));
        });
      });
    const client = new SecretsManagerClient({ ...options, requestHandler: { handle } as never });
    const began = performance.now();
    await expect(hookVersions(client).fill('hook', 'v1', {})).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

test('promote moves AWSCURRENT from the version that has it, or from none', async () => {
  const { versions, requests } = hooks({ body: {} });
  await versions.promote('hook', 'v1', 'v0');
  await versions.promote('hook', 'v1', undefined);
  expect(requests.map(({ input }) => input)).toEqual([
    { SecretId: 'hook', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v1', RemoveFromVersionId: 'v0' },
    { SecretId: 'hook', VersionStage: 'AWSCURRENT', MoveToVersionId: 'v1' },
  ]);
  expect(requests[0]?.target).toBe('secretsmanager.UpdateSecretVersionStage');
});

test('takeOff takes AWSPENDING off; that it is off already is fine', async () => {
  const { versions, requests } = hooks(
    { body: {} },
    { code: 'InvalidParameterException' },
    { code: 'ResourceNotFoundException' },
  );
  for (let time = 1; time <= 3; time += 1) await versions.takeOff('hook', 'v1');
  expect(requests[0]?.input).toEqual({ SecretId: 'hook', VersionStage: 'AWSPENDING', RemoveFromVersionId: 'v1' });
  expect(requests).toHaveLength(3);
});

describe.each([
  ['AccessDeniedException', 'AwsRefused'],
  ['ThrottlingException', 'AwsUnavailable'],
])('%s is %s', (code, name) => {
  const { versions } = hooks({ code });
  const { client } = clientFor({ code });
  test.each<[string, () => Promise<unknown>]>([
    ['describe', () => versions.describe('hook')],
    ['value', () => versions.value('hook', 'v1')],
    ['fill', () => versions.fill('hook', 'v1', { webhook_token: 'hunter2' })],
    ['promote', () => versions.promote('hook', 'v1', 'v0')],
    ['takeOff', () => versions.takeOff('hook', 'v1')],
    ['the start of a rotation', () => secretsManagerRotationStart(client)('hook')],
  ])('for %s', async (_call, act) => {
    const failure = await raisedBy(act);
    expect(failure).toMatchObject({ name });
    expect(failure.message).not.toContain('hunter2');
  });
});

test('a rotation is begun as it is configured', async () => {
  const { client, requests } = clientFor({ body: {} });
  await secretsManagerRotationStart(client)('gitlab');
  expect(requests).toMatchObject([{ target: 'secretsmanager.RotateSecret', input: { SecretId: 'gitlab' } }]);
  expect(Object.keys(requests[0]?.input ?? {}).sort()).toEqual(['ClientRequestToken', 'SecretId']);
});
