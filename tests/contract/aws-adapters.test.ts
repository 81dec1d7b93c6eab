import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateStateMachineCommand, SFNClient, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parameterStoreRepositoryIndex } from '../../lib/adapters/aws/parameter-store-repository-index.ts';
import { parameterStoreTargets } from '../../lib/adapters/aws/parameter-store-targets.ts';
import { secretsManagerGitlabCredentials } from '../../lib/adapters/aws/secrets-manager-gitlab-credentials.ts';
import { secretsManagerHookSecrets } from '../../lib/adapters/aws/secrets-manager-hook-secrets.ts';
import { stepFunctionsWorkflows } from '../../lib/adapters/aws/step-functions-workflows.ts';
import { repositoryKey } from '../../lib/domain/repository-key.ts';
import { clientOptionsOf, startAws, type LocalAws } from '../../local/aws.ts';
import { registry, targetDocument as document } from '../support/samples.ts';

/** The thin adapters against an AWS that we did not write. What it cannot do, canned answers show at the unit level. */

const token = 't'.repeat(40);

let aws: LocalAws;
let parameters: SSMClient;
let secrets: SecretsManagerClient;
let sfn: SFNClient;

beforeAll(async () => {
  aws = await startAws({ speed: 20, region: 'us-gov-west-1' });
  const options = clientOptionsOf(aws);
  parameters = new SSMClient(options);
  secrets = new SecretsManagerClient(options);
  sfn = new SFNClient(options);
  // Step Functions takes a role that is there, and no other.
  await new IAMClient(options).send(new CreateRoleCommand({ RoleName: 'contract', AssumeRolePolicyDocument: '{}' }));
}, 60_000);

afterAll(async () => {
  await aws.close();
});

describe('targets in Parameter Store', () => {
  const path = '/drawbridge/contract/targets';
  const put = (name: string, Value: string) =>
    parameters.send(new PutParameterCommand({ Name: `${path}/${name}`, Value, Type: 'String' }));
  const targets = () => parameterStoreTargets(parameters, { path, registry });

  beforeAll(async () => {
    const many = Array.from({ length: 23 }, (_, index) => put(`4711/web-${index}`, JSON.stringify(document)));
    const broken = [
      put('4711/not-json', '{"on":'),
      put('4711/no-cluster', JSON.stringify({ ...document, cluster: 7 })),
    ];
    const foreign = ['47/web', '47110/web'].map((name) => put(name, JSON.stringify(document)));
    await Promise.all([...many, ...broken, ...foreign]);
  });

  test("are the project's own, over all pages; the broken ones apart, by name and field", async () => {
    const { targets: found, broken } = await targets().ofProject(4711);
    const names = Array.from({ length: 23 }, (_, index) => `web-${index}`);
    expect(found.map(({ name }) => name).sort()).toEqual(names.sort());
    expect(new Set(found.map(({ project }) => project))).toEqual(new Set([4711]));
    expect([...broken].sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'no-cluster', problems: [expect.stringMatching(/^cluster: /)] },
      { name: 'not-json', problems: [expect.stringMatching(/JSON/)] },
    ]);
  });

  test('of a project that has none are none', async () => {
    expect(await targets().ofProject(4712)).toEqual({ targets: [], broken: [] });
  });

  test('are found by name, broken or not; another is not there', async () => {
    expect(await targets().find({ project: 47, name: 'web' })).toMatchObject({
      project: 47,
      name: 'web',
      cluster: 'prod',
    });
    expect(await targets().find({ project: 4711, name: 'not-json' })).toHaveProperty('problems');
    expect(await targets().find({ project: 47, name: 'web-1' })).toBeUndefined();
  });
});

describe('the repository index in Parameter Store', () => {
  const path = '/drawbridge/contract/repositories';
  const projectsOf = async (repository: string, Value?: string) => {
    const Name = `${path}/${repositoryKey(repository)}`;
    if (Value !== undefined) await parameters.send(new PutParameterCommand({ Name, Value, Type: 'String' }));
    return parameterStoreRepositoryIndex(parameters, path).projectsOf(repository);
  };

  test('names the projects that wait for a repository', async () => {
    expect(await projectsOf('acme/web/app', '[4711,7]')).toEqual({ projects: [4711, 7], broken: [] });
  });

  test('knows none for one that nobody waits for', async () => {
    expect(await projectsOf('acme/unknown')).toEqual({ projects: [], broken: [] });
  });

  test.each(['4711', '{"4711":true}', '["4711"]', '[0]', '[1.5]', 'hunter2'])(
    '%s is told of as broken',
    async (Value) => {
      const repository = `acme/${Buffer.from(Value).toString('hex')}`;
      const name = `repositories/${repositoryKey(repository)}`;
      const broken = [{ name, problems: ['must be a list of project ids'] }];
      expect(await projectsOf(repository, Value)).toEqual({ projects: [], broken });
    },
  );
});

describe('secrets', () => {
  const text = (webhook_token: string) => JSON.stringify({ webhook_token });

  test('count while current or pending; the previous version is none', async () => {
    const { ARN = '', VersionId: first = '' } = await secrets.send(
      new CreateSecretCommand({ Name: 'contract/hook', SecretString: text(token) }),
    );
    const read = () => secretsManagerHookSecrets(secrets, ARN).hookSecrets();
    expect(await read()).toEqual([{ webhookToken: token }]);
    const pending = 'p'.repeat(40);
    const { VersionId: second = '' } = await secrets.send(
      new PutSecretValueCommand({ SecretId: ARN, SecretString: text(pending), VersionStages: ['AWSPENDING'] }),
    );
    expect(await read()).toEqual([{ webhookToken: token }, { webhookToken: pending }]);
    const moved = { SecretId: ARN, VersionStage: 'AWSCURRENT', MoveToVersionId: second, RemoveFromVersionId: first };
    await secrets.send(new UpdateSecretVersionStageCommand(moved));
    const dropped = { SecretId: ARN, VersionStage: 'AWSPENDING', RemoveFromVersionId: second };
    await secrets.send(new UpdateSecretVersionStageCommand(dropped));
    expect(await read()).toEqual([{ webhookToken: pending }]);
  });

  test.each([
    ['that is absent', undefined],
    ['with a short token', text('hunter2')],
    ['that is not JSON', 'hunter2'],
  ])('one %s is Misconfigured, by name, never by value', async (what, SecretString) => {
    const Name = `contract/${what.replaceAll(' ', '-')}`;
    if (SecretString !== undefined) await secrets.send(new CreateSecretCommand({ Name, SecretString }));
    const failure: unknown = await secretsManagerHookSecrets(secrets, Name)
      .hookSecrets()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'Misconfigured' });
    expect(String(failure)).toContain(Name);
    expect(String(failure)).not.toContain('hunter2');
  });

  test("GitLab's credentials are read by name", async () => {
    const value = { gitlab_url: 'https://gitlab.example.com/', gitlab_token: 'glpat-x', gitlab_project_id: '4711' };
    const SecretString = JSON.stringify(value);
    await secrets.send(new CreateSecretCommand({ Name: 'contract-gitlab', SecretString }));
    const read = secretsManagerGitlabCredentials(secrets, { id: 'contract-gitlab', plainLoopback: false });
    expect(await read()).toEqual({
      url: 'https://gitlab.example.com',
      token: 'glpat-x',
      registry: { host: 'registry.gitlab.example.com', username: 'drawbridge', password: 'glpat-x' },
    });
  });
});

describe('executions of the workflow', () => {
  const machineOf = async (name: string, state: object): Promise<string> => {
    const definition = JSON.stringify({ StartAt: 'Only', States: { Only: state } });
    const roleArn = `arn:aws:iam::${aws.account}:role/contract`;
    const { stateMachineArn = '' } = await sfn.send(new CreateStateMachineCommand({ name, definition, roleArn }));
    return stateMachineArn;
  };
  const settled = async (status: () => Promise<{ state: string }>): Promise<unknown> => {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const seen = await status();
      if (seen.state !== 'running') return seen;
      if (Date.now() > deadline) throw new Error('the execution was still running after 10 s');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  test.each([
    ['succeeds', { Type: 'Succeed' }, { state: 'succeeded' }],
    ['fails', { Type: 'Fail', Error: 'NotConfirmed', Cause: 'so' }, { state: 'failed', error: 'NotConfirmed' }],
  ])('one that %s is so known, and its name is taken', async (what, state, end) => {
    const workflows = stepFunctionsWorkflows(sfn, await machineOf(what, state));
    expect(await workflows.start('web-1', { a: 1 })).toBe('started');
    expect(await settled(() => workflows.status('web-1'))).toEqual(end);
    expect(await workflows.start('web-1', { a: 1 })).toBe('exists');
  });

  test('one that runs is running, its name taken; stopped, it has failed', async () => {
    const arn = await machineOf('runs', { Type: 'Wait', Seconds: 3_000, End: true });
    const workflows = stepFunctionsWorkflows(sfn, arn);
    await workflows.start('web-1', { a: 1 });
    expect(await workflows.status('web-1')).toEqual({ state: 'running' });
    expect(await workflows.start('web-1', { a: 1 })).toBe('exists');
    const executionArn = `${arn.replace(':stateMachine:', ':execution:')}:web-1`;
    await sfn.send(new StopExecutionCommand({ executionArn }));
    expect(await settled(() => workflows.status('web-1'))).toEqual({ state: 'failed', error: 'ABORTED' });
  });

  test('one that never was is unknown', async () => {
    const workflows = stepFunctionsWorkflows(sfn, await machineOf('idle', { Type: 'Succeed' }));
    expect(await workflows.status('web-1')).toEqual({ state: 'unknown' });
  });
});
