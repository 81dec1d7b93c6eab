import { load } from 'js-yaml';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundsOf } from '../../local/build/bounds.ts';
import { boundParameters } from '../../local/deploy.ts';
import { runChild } from '../../local/children.ts';
import { unknownTypes } from '../../local/stage/unknown-types.ts';
import { widenings } from '../../local/stage/widening.ts';
import { ensureLintVenv } from '../../local/venv.ts';
import { packageStack, resourcesOf, type Resources, type Statement } from '../support/packaged-stack.ts';

const project = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'drawbridge-stack-'));
const read = (path: string) => readFileSync(join(project, path), 'utf8');

// Text of the right form will do: nothing connects.
const pem = join(folder, 'gitlab-ca.pem');
writeFileSync(pem, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
const inVpc = [
  `caBundle=${pem}`,
  'network=vpc',
  'subnetIds=subnet-0123456789abcdef0',
  'securityGroupIds=sg-0123456789abcdef0',
  'mayDeleteServices=true',
];
const files: Record<'gov' | 'east' | 'local', string> = { gov: '', east: '', local: '' };
let gov: Resources, east: Resources, local: Resources;

beforeAll(async () => {
  files.gov = await packageStack(join(folder, 'gov'), ['--stage', 'dev', '--region', 'us-gov-west-1']);
  const params = inVpc.map((param) => `--param=${param}`);
  files.east = await packageStack(join(folder, 'east'), ['--stage', 'dev', '--region', 'us-east-1', ...params]);
  const asDeployed = boundParameters({ region: 'us-gov-west-1', account: '123456789012' });
  files.local = await packageStack(join(folder, 'local'), [
    ...['--stage', 'local', '--region', 'us-gov-west-1'],
    ...asDeployed,
  ]);
  [gov, east, local] = [files.gov, files.east, files.local].map(resourcesOf) as [Resources, Resources, Resources];
}, 240_000);

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ofType = (resources: Resources, type: string) =>
  Object.entries(resources).filter(([, { Type }]) => Type === type);
const properties = (resources: Resources, type: string) =>
  ofType(resources, type).map(([, { Properties }]) => Properties);
const statementsOf = (resources: Resources): Statement[] =>
  [
    ...properties(resources, 'AWS::IAM::Role').flatMap(
      ({ Policies }) => Policies as { PolicyDocument: { Statement: Statement[] } }[],
    ),
    ...(properties(resources, 'AWS::IAM::ManagedPolicy') as unknown as {
      PolicyDocument: { Statement: Statement[] };
    }[]),
  ].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
/** The statements that allow an action, each with the role that it is of. */
const allowancesOf = (resources: Resources, action: string) =>
  ofType(resources, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
    (Properties['Policies'] as { PolicyDocument: { Statement: Statement[] } }[])
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter((statement) => actionsOf(statement).includes(action))
      .map((statement) => ({ role, ...statement })),
  );
const actionsOf = ({ Action }: Statement) => [Action].flat();
const isAny = ({ Resource }: Statement) => [Resource].flat().includes('*');
const functionsOf = (resources: Resources) => properties(resources, 'AWS::Lambda::Function');

describe('the stack that ops deploy', () => {
  test('names no partition and no region', () => {
    for (const file of [files.gov, files.east]) {
      expect(readFileSync(file, 'utf8')).not.toMatch(/arn:aws|us-gov-|us-east-/);
    }
  });

  test('gives each function a role that no other has', () => {
    const roles = functionsOf(gov).map(({ Role }) => (Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(roles.length);
    expect(
      ofType(gov, 'AWS::IAM::Role')
        .map(([name]) => name)
        .sort(),
    ).toEqual([...roles, 'DeployWorkflowRole'].sort());
  });

  test('allows no action by wildcard, and every resource only for the listed actions', () => {
    const listed = load(read('stack/actions-without-resource.yml')) as string[];
    const statements = [...statementsOf(gov), ...statementsOf(east)];
    expect(statements.flatMap(actionsOf).filter((action) => action.includes('*'))).toEqual([]);
    expect(new Set(statements.filter(isAny).flatMap(actionsOf))).toEqual(new Set(listed));
  });

  test('passes roles to ECS tasks only, and from one function', () => {
    const passing = statementsOf(gov).filter((statement) => actionsOf(statement).includes('iam:PassRole'));
    expect(passing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    ]);
  });

  test('lets few functions write what users depend on, and only what the stack may touch', () => {
    const writes = [
      ...['ecs:CreateService', 'ecs:UpdateService', 'ecs:DeleteService', 'ecs:TagResource'],
      ...['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:ModifyListener'],
      'application-autoscaling:RegisterScalableTarget',
    ];
    const writersIn = (resources: Resources) =>
      Object.fromEntries(
        writes.map((action) => [
          action.replace(/^.*:/, ''),
          allowancesOf(resources, action).map(({ role }) => role.replace(/Role$/, '')),
        ]),
      );
    const writers = {
      CreateService: ['StartGreen'],
      UpdateService: ['StartRollout', 'StartGreen', 'Retire', 'Undo'],
      DeleteService: [],
      TagResource: ['Register', 'StartGreen'],
      ModifyRule: ['TestGreen', 'Shift', 'Retire', 'Undo'],
      ModifyListener: ['Shift', 'Undo'],
      RegisterScalableTarget: ['StartGreen', 'Retire', 'Undo'],
    };
    expect(writersIn(gov)).toEqual(writers);
    expect(writersIn(east)).toEqual({ ...writers, DeleteService: ['Retire'] });
    const sub = (service: string, resource: string) => ({
      'Fn::Sub': `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${resource}`,
    });
    const platform = 'govcloud-ml-platform';
    const ofService = ['', '-green'].map((end) =>
      sub('ecs', `service/${platform}-ecs-cluster/${platform}-ml-service${end}`),
    );
    const resourcesFor = (action: string) => allowancesOf(east, action).map(({ Resource }) => Resource);
    for (const action of ['ecs:CreateService', 'ecs:UpdateService', 'ecs:DeleteService'])
      for (const resource of resourcesFor(action)) expect(resource).toEqual(ofService);
    for (const action of ['elasticloadbalancing:ModifyRule', 'elasticloadbalancing:ModifyListener'])
      for (const resource of resourcesFor(action))
        expect(resource).toEqual([sub('elasticloadbalancing', `listener-rule/app/${platform}-alb/*`)]);
  });

  test('tags services only while it makes them, and bounds the counts of services only', () => {
    const conditions = (action: string) => allowancesOf(gov, action).map(({ Condition }) => Condition);
    expect(conditions('ecs:TagResource')).toEqual(
      ['RegisterTaskDefinition', 'CreateService'].map((by) => ({ StringEquals: { 'ecs:CreateAction': by } })),
    );
    const ofServices = {
      StringEquals: {
        'application-autoscaling:service-namespace': 'ecs',
        'application-autoscaling:scalable-dimension': 'ecs:service:DesiredCount',
      },
    };
    for (const condition of conditions('application-autoscaling:RegisterScalableTarget'))
      expect(condition).toEqual(ofServices);
  });

  test('tells its Lambdas whether services may be deleted', () => {
    const told = (resources: Resources) =>
      new Set(
        functionsOf(resources).map(
          ({ Environment }) => (Environment as { Variables: Record<string, unknown> }).Variables['MAY_DELETE_SERVICES'],
        ),
      );
    expect([told(gov), told(east)]).toEqual([new Set(['false']), new Set(['true'])]);
  });

  test('tells EventBridge from the functions that have something to tell, on the default bus alone', () => {
    const bus = 'arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:event-bus/default';
    const tellers = ['Admit', 'CopyImage', 'Register', 'StartRollout', 'StartGreen', 'Shift', 'Undo', 'Settle'];
    expect(allowancesOf(gov, 'events:PutEvents').map(({ role, Resource }) => ({ role, Resource }))).toEqual(
      tellers.map((name) => ({ role: `${name}Role`, Resource: { 'Fn::Sub': bus } })),
    );
  });

  test('lets the topic of sentences be written by its rule alone', () => {
    const { PolicyDocument } = gov['DeploymentsTopicPolicy']?.Properties as {
      PolicyDocument: { Statement: unknown[] };
    };
    expect(PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: 'DeploymentsTopic' },
        Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['DeploymentsRule', 'Arn'] } } },
      },
    ]);
  });

  test('keeps the journal restorable, encrypted and after the stack', () => {
    expect(gov['Journal']).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
      },
    });
  });

  test('makes secrets without a value, so that a deployment overwrites none', () => {
    const secrets = properties(gov, 'AWS::SecretsManager::Secret');
    expect(secrets.map(({ Name }) => Name)).toEqual(['drawbridge/dev/hook', 'drawbridge/dev/manager']);
    for (const secret of secrets) expect(Object.keys(secret).sort()).toEqual(['Description', 'Name']);
  });

  test('keeps every log for a set time, and no execution data in any', () => {
    const groups = properties(gov, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(functionsOf(gov).length + 2);
    for (const group of groups) expect(group).toMatchObject({ RetentionInDays: 90 });
    const logging = { LoggingConfiguration: { IncludeExecutionData: false, Level: 'ERROR' } };
    expect(gov['DeployWorkflow']?.Properties).toMatchObject(logging);
    const { Format } = gov['HttpApiStage']?.Properties['AccessLogSettings'] as { Format: string };
    expect(Object.keys(JSON.parse(Format) as object)).toEqual(['requestId', 'status', 'bytes']);
  });

  test('tells GitLab beside deployments: from a queue of its own that events alone fill, tried again for a day', () => {
    const queue = { 'Fn::GetAtt': ['FeedbackQueue', 'Arn'] };
    const { Timeout, Environment } = gov['TellDashgitlabLambdaFunction']?.Properties as {
      Timeout: number;
      Environment: { Variables: Record<string, unknown> };
    };
    const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy, SqsManagedSseEnabled } = gov['FeedbackQueue']
      ?.Properties as Record<string, unknown>;
    const [retry, retention] = [Number(VisibilityTimeout), Number(MessageRetentionPeriod)];
    const { maxReceiveCount } = RedrivePolicy as { maxReceiveCount: number };
    // Whoever is at an attempt is over, and GitLab with it, before anybody looks for what became of it.
    expect(Number(Environment.Variables['FEEDBACK_SETTLE_SECONDS'])).toBeGreaterThan(Math.max(Timeout, 60));
    expect(retry).toBeGreaterThan(Timeout);
    expect(retry * maxReceiveCount).toBe(86_400);
    expect(retention).toBeGreaterThan(2 * 86_400);
    expect(SqsManagedSseEnabled).toBe(true);
    expect(properties(gov, 'AWS::Lambda::EventSourceMapping')).toMatchObject([{ EventSourceArn: queue, BatchSize: 1 }]);
    const policies = properties(gov, 'AWS::SQS::QueuePolicy');
    expect(policies.map(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement)).toEqual([
      [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queue,
          Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': ['DeploymentEventsRule', 'Arn'] } } },
        },
      ],
    ]);
  });

  test('throttles its routes and bounds its doors', () => {
    const route = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };
    expect(gov['HttpApiStage']?.Properties).toMatchObject({ DefaultRouteSettings: route });
    const door = { ReservedConcurrentExecutions: 20, Timeout: 9 };
    for (const name of ['Pipeline', 'Registry'])
      expect(gov[`${name}DashwebhookLambdaFunction`]?.Properties).toMatchObject(door);
    const routes = properties(gov, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    expect(routes).toEqual(['POST /webhooks/pipeline', 'POST /webhooks/registry']);
  });

  test('lets each Lambda end before the workflow gives up on it', () => {
    const { Definition, DefinitionSubstitutions } = gov['DeployWorkflow']?.Properties as {
      Definition: { States: Record<string, { Type: string; Resource: string; TimeoutSeconds: number }> };
      DefinitionSubstitutions: Record<string, { 'Fn::GetAtt': [string] }>;
    };
    const tasks = Object.values(Definition.States).filter(({ Type }) => Type === 'Task');
    const used = tasks.map(({ Resource }) => Resource.slice(2, -1));
    expect(new Set(used)).toEqual(new Set(Object.keys(DefinitionSubstitutions)));
    for (const { Resource, TimeoutSeconds } of tasks) {
      const [name] = DefinitionSubstitutions[Resource.slice(2, -1)]?.['Fn::GetAtt'] ?? [''];
      expect(gov[name]?.Properties['Timeout']).toBeLessThan(TimeoutSeconds);
    }
    const invoked = allowancesOf(gov, 'lambda:InvokeFunction').find(({ role }) => role === 'DeployWorkflowRole');
    expect(invoked?.Resource).toEqual(Object.values(DefinitionSubstitutions));
  });

  describe('rotates its secrets', () => {
    const rotating = { 'Fn::GetAtt': ['RotateDashsecretLambdaFunction', 'Arn'] };

    test('by a Lambda that Secrets Manager may call for this account alone, before the schedule is made', () => {
      const permissions = properties(gov, 'AWS::Lambda::Permission');
      expect(permissions.filter(({ Principal }) => Principal === 'secretsmanager.amazonaws.com')).toEqual([
        {
          FunctionName: rotating,
          Action: 'lambda:InvokeFunction',
          Principal: 'secretsmanager.amazonaws.com',
          SourceAccount: { Ref: 'AWS::AccountId' },
        },
      ]);
      expect(gov['HookSecretRotation']).toMatchObject({ DependsOn: ['RotationPermission'] });
      expect(gov['RotationPermission']?.Type).toBe('AWS::Lambda::Permission');
    });

    test('every thirty days, and never because the stack is deployed', () => {
      expect(gov['HookSecretRotation']?.Properties).toEqual({
        SecretId: { Ref: 'HookSecret' },
        RotationLambdaARN: rotating,
        RotationRules: { AutomaticallyAfterDays: 30 },
        RotateImmediatelyOnUpdate: false,
      });
    });

    test('with waits that the doors’ cache and the Lambda’s time allow', () => {
      for (const resources of [gov, local]) {
        const { Environment, Timeout } = resources['RotateDashsecretLambdaFunction']?.Properties as {
          Environment: { Variables: Record<string, unknown> };
          Timeout: number;
        };
        const seconds = (name: string) => Number(Environment.Variables[name]);
        const settle = seconds('ROTATION_SETTLE_SECONDS');
        // A door that has read, reads again after its cache and after four seconds of quiet; a write may take 2.5 s.
        expect(settle).toBeGreaterThanOrEqual(Math.max(seconds('SECRET_CACHE_SECONDS'), 4) + 2.5);
        // A step that gives up has waited for the doors twice, and once for deliveries under way; 30 s are for its work.
        expect(2 * settle + seconds('ROTATION_DRAIN_SECONDS') + 30).toBeLessThan(Timeout);
      }
    });

    test('from two functions that may change them or begin it, each its own part', () => {
      const writers = (action: string) => allowancesOf(gov, action).map(({ role, Resource }) => ({ role, Resource }));
      const secret = (name: string) => ({
        'Fn::Sub': `arn:\${AWS::Partition}:secretsmanager:\${AWS::Region}:\${AWS::AccountId}:secret:${name}-??????`,
      });
      const [hook, gitlab] = [secret('drawbridge/dev/hook'), secret('govcloud-ml-platform-gitlab-credentials')];
      for (const action of ['secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'])
        expect(writers(action)).toEqual([{ role: 'RotateSecretRole', Resource: [hook, gitlab] }]);
      expect(writers('secretsmanager:RotateSecret')).toEqual([{ role: 'TendCredentialsRole', Resource: gitlab }]);
      const managers = ofType(gov, 'AWS::IAM::Role').filter(([, { Properties }]) =>
        JSON.stringify(Properties).includes('secret:drawbridge/dev/manager-??????'),
      );
      expect(managers.map(([role]) => role)).toEqual(['RotateSecretRole', 'TendCredentialsRole', 'TendHooksRole']);
    });

    test.each(['RotateDashsecret', 'TendDashhooks'])(
      '%s knows hooks by the URL that is told as the webhook’s',
      (name) => {
        const { Environment } = gov[`${name}LambdaFunction`]?.Properties as {
          Environment: { Variables: Record<string, unknown> };
        };
        const { Outputs } = JSON.parse(readFileSync(files.gov, 'utf8')) as {
          Outputs: Record<string, { Value: unknown }>;
        };
        expect(Environment.Variables['HOOK_URL']).toEqual(Outputs['HookUrl']?.Value);
        expect(Environment.Variables['HOOK_URL']).toMatchObject({
          'Fn::Sub': expect.stringMatching(/^https:/) as string,
        });
      },
    );
  });

  test("trusts a certificate authority of GitLab's own just where GitLab is asked, and only when it is given", () => {
    const trusting = (resources: Resources) =>
      functionsOf(resources)
        .filter(({ Environment }) => 'NODE_EXTRA_CA_CERTS' in (Environment as { Variables: object }).Variables)
        .map(({ Role }) => (Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0]);
    const readers = ofType(gov, 'AWS::IAM::Role')
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('gitlab-credentials-??????'))
      .map(([name]) => name);
    expect(trusting(gov)).toEqual([]);
    expect(trusting(east).sort()).toEqual(readers.sort());
    expect(readers).toHaveLength(8);
  });

  test('has nothing of the local stage', () => {
    const wide = Object.values(widenings).flat();
    const widened = (resources: Resources) =>
      new Set(
        statementsOf(resources)
          .filter(isAny)
          .flatMap(actionsOf)
          .filter((action) => wide.includes(action)),
      );
    expect(widened(local)).toEqual(new Set(wide));
    expect(widened(gov)).toEqual(new Set(['ecs:ListTasks']));
    expect(new Set(functionsOf(gov).map(({ Runtime }) => Runtime))).toEqual(new Set(['nodejs24.x']));
    expect(new Set(functionsOf(local).map(({ Runtime }) => Runtime))).toEqual(new Set(['provided.al2023']));
    const types = (resources: Resources) => new Set(Object.values(resources).map(({ Type }) => Type));
    expect([...types(gov)].filter((type) => !types(local).has(type))).toEqual(unknownTypes);
    const exact = statementsOf(local).filter((statement) => !isAny(statement));
    expect(exact).toHaveLength(statementsOf(gov).filter((statement) => !isAny(statement)).length);
  });
});

test('what the stack publishes of its bounds is JSON, and in it what its Lambdas are told', () => {
  const published = (resources: Resources): unknown => {
    const { Value } = resources['Bounds']?.Properties as { Value: { 'Fn::Sub': [string, object] } };
    const [template] = Value['Fn::Sub'];
    return JSON.parse(template.replace(/\$\{([^}]+)\}/g, '$1'));
  };
  expect(published(gov)).toEqual({
    account: 'AWS::AccountId',
    partition: 'AWS::Partition',
    region: 'AWS::Region',
    services: ['Services'],
    repositories: ['Repositories'],
    listenerRules: ['ListenerRules'],
    mayDelete: false,
  });
  expect(published(east)).toMatchObject({ mayDelete: true });
});

test('what the stack may touch cannot be everything', async () => {
  expect(() => boundsOf('arns', '*')).toThrow('"*" is not an ARN that names something');
  expect(() => boundsOf('arns', 'arn:x:iam::1:role/ok,arn:x:iam::1:role/*')).toThrow('role/*');
  expect(() => boundsOf('arns', '')).toThrow('not an ARN');
  const everything = packageStack(join(folder, 'wide'), ['--stage', 'dev', '--param=mayPassRoles=*']);
  await expect(everything).rejects.toThrow('"*" is not an ARN that names something');
}, 60_000);

test('bounds take the form that each action is judged on', () => {
  const services = 'arn:x:ecs:r:1:service/c/one,arn:x:ecs:r:1:service/c/two-*';
  expect(boundsOf('clusters', services)).toEqual(['arn:x:ecs:r:1:cluster/c']);
  expect(boundsOf('tasks', services)).toEqual(['arn:x:ecs:r:1:task/c/*']);
  expect(boundsOf('revisions', services)).toEqual([
    'arn:x:ecs:r:1:service-revision/c/one/*',
    'arn:x:ecs:r:1:service-revision/c/two-*/*',
  ]);
  expect(boundsOf('deployments', services)).toEqual([
    'arn:x:ecs:r:1:service-deployment/c/one/*',
    'arn:x:ecs:r:1:service-deployment/c/two-*/*',
  ]);
});

describe('AWS’s own rules', () => {
  test('cfn-lint finds nothing', async () => {
    const { python } = await ensureLintVenv();
    const lint = ['-c', 'from cfnlint.runner import main; main()', '--template', files.gov, files.east];
    const regions = ['--regions', 'us-gov-west-1', 'us-gov-east-1', 'us-east-1'];
    await expect(runChild(python, [...lint, ...regions], { env: { HOME: folder }, cwd: project })).resolves.toBe('');
  }, 120_000);

  test('an action is allowed on `*` just when it knows no resource', async () => {
    const { sitePackages } = await ensureLintVenv();
    const path = join(sitePackages, 'cfnlint', 'data', 'AdditionalSpecs', 'Policies.json');
    const reference = JSON.parse(readFileSync(path, 'utf8')) as Record<
      string,
      { Actions: Record<string, { Resources?: string[] }> }
    >;
    const knowsResource = (action: string) => {
      const [service = '', name = ''] = action.split(':');
      const known = Object.entries(reference[service]?.Actions ?? {}).find(
        ([key]) => key.toLowerCase() === name.toLowerCase(),
      );
      if (known === undefined) throw new Error(`AWS knows no action ${action}`);
      return known[1].Resources !== undefined;
    };
    const statements = [...statementsOf(gov), ...statementsOf(east)];
    const wrong = statements.flatMap((statement) =>
      actionsOf(statement).filter((action) => knowsResource(action) === isAny(statement)),
    );
    // The one is judged on `*` when it lists by service, whatever the reference says, and bounded by its condition; the
    // other tells composite alarms only to who may ask for any.
    expect(new Set(wrong)).toEqual(new Set(['ecs:ListTasks', 'cloudwatch:DescribeAlarms']));
  }, 120_000);
});
