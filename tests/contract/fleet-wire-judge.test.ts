import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  BatchCheckLayerAvailabilityCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  ECRClient,
  InitiateLayerUploadCommand,
  ListImageReferrersCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LocalAws } from '../../local/aws.ts';
import { startAws } from '../../local/aws.ts';
import { virtualClock } from '../../local/clock.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import type { Venv } from '../../local/venv.ts';
import { ensureVenv } from '../../local/venv.ts';
import type { StubWorld } from '../unit/fleet-wire/stub-world.ts';
import { ruleArn, stubWorld } from '../unit/fleet-wire/stub-world.ts';

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const repository = (name: string) => `arn:aws:ecr:eu-central-1:123456789012:repository/${name}`;

const copying = [
  'ecr:BatchCheckLayerAvailability',
  'ecr:BatchGetImage',
  'ecr:CompleteLayerUpload',
  'ecr:CreateRepository',
  'ecr:InitiateLayerUpload',
  'ecr:ListImageReferrers',
  'ecr:PutImage',
];

const allowed = {
  Version: '2012-10-17',
  Statement: [
    // MiniStack 1.5.33 judges ModifyRule on '*', AWS on the rule.
    { Effect: 'Allow', Action: ['ecs:UpdateService', 'elasticloadbalancing:ModifyRule'], Resource: '*' },
    { Effect: 'Allow', Action: ['ecr:DescribeImages', ...copying], Resource: repository('web') },
    { Effect: 'Allow', Action: 'ecr:UploadLayerPart', Resource: repository('*') },
  ],
};

/** Makes a user without any right and a role with some, and prints the keys of both as JSON. */
const makeCallers = `
import json, sys
from botocore.session import Session

def client(name):
    return Session().create_client(name)

iam = client('iam')
iam.create_user(UserName='stranger')
key = iam.create_access_key(UserName='stranger')['AccessKey']
trust = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': 'sts:AssumeRole'}]}
role = iam.create_role(RoleName='apply', AssumeRolePolicyDocument=json.dumps(trust))['Role']
iam.put_role_policy(RoleName='apply', PolicyName='p', PolicyDocument=sys.argv[1])
session = client('sts').assume_role(RoleArn=role['Arn'], RoleSessionName='apply')['Credentials']
print(json.dumps({
    'stranger': {'accessKeyId': key['AccessKeyId'], 'secretAccessKey': key['SecretAccessKey']},
    'role': {'accessKeyId': session['AccessKeyId'], 'secretAccessKey': session['SecretAccessKey'], 'sessionToken': session['SessionToken']},
}))
`;

let aws: LocalAws;
let venv: Venv;
let callers: { stranger: Keys; role: Keys };
let world: StubWorld;
let fleet: Fleet;

beforeAll(async () => {
  venv = await ensureVenv();
  aws = await startAws({ speed: 20, region: 'eu-central-1' });
  const args = ['-c', makeCallers, JSON.stringify(allowed)];
  const { stdout } = await promisify(execFile)(venv.python, args, { env: aws.env });
  callers = JSON.parse(stdout) as typeof callers;
}, 120_000);

afterAll(async () => {
  await aws.close();
});

beforeEach(async () => {
  world = stubWorld();
  const models = join(venv.sitePackages, 'botocore', 'data');
  fleet = await startFleet({ world, clock: virtualClock(), models, judge: aws.url, seed: 1 });
});

afterEach(async () => {
  await fleet.close();
});

const as = (credentials: Keys) => ({ endpoint: fleet.url, region: 'eu-central-1', credentials, maxAttempts: 1 });
const update = new UpdateServiceCommand({ cluster: 'main', service: 'web' });
const Actions = [{ Type: 'forward' as const, TargetGroupArn: 'g' }];

describe('who may, judged by MiniStack', () => {
  test('a caller without the right is refused in both protocols, and nothing is done', async () => {
    const ecs = new ECSClient(as(callers.stranger)).send(update);
    await expect(ecs).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/user\/stranger is not authorized to perform: ecs:UpdateService/) as string,
    });
    const elb = new ElasticLoadBalancingV2Client(as(callers.stranger)).send(new DescribeRulesCommand({}));
    await expect(elb).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    const ecr = new ECRClient(as(callers.stranger)).send(new DescribeImagesCommand({ repositoryName: 'web' }));
    await expect(ecr).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(world.updates).toBe(0);
    expect(fleet.calls).toMatchObject([
      { outcome: 'denied', error: 'AccessDeniedException', resources: ['arn of ecs UpdateService'] },
      { outcome: 'denied', error: 'AccessDenied' },
      { outcome: 'denied', error: 'AccessDeniedException' },
    ]);
  });

  test('a role may do what its policy allows, on that resource, and no more', async () => {
    const ecs = new ECSClient(as(callers.role));
    await ecs.send(update);
    const elb = new ElasticLoadBalancingV2Client(as(callers.role));
    const { Rules } = await elb.send(new ModifyRuleCommand({ RuleArn: ruleArn, Actions }));
    expect(Rules).toMatchObject([{ RuleArn: ruleArn, Actions }]);
    const ecr = new ECRClient(as(callers.role));
    const images = (repositoryName: string) =>
      ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] }));
    expect((await images('web')).imageDetails).toHaveLength(1);
    await expect(images('other')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    const services = ecs.send(new DescribeServicesCommand({ services: ['web'] }));
    await expect(services).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(fleet.calls.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'denied', 'denied']);
    expect(fleet.defects).toEqual([]);
  });

  test('Application Auto Scaling, which MiniStack does not know, is left out', async () => {
    const scaling = new ApplicationAutoScalingClient(as({ ...callers.stranger, secretAccessKey: 'guessed' }));
    const described = scaling.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
    // This world does not play it: whoever comes so far was let in.
    await expect(described).rejects.toMatchObject({ name: 'UnknownOperationException' });
    expect(fleet.calls).toMatchObject([{ outcome: 'error', error: 'UnknownOperationException' }]);
  });

  test('a wrong secret or an unknown key is refused', async () => {
    const wrongSecret = new ECSClient(as({ ...callers.role, secretAccessKey: 'guessed' })).send(update);
    await expect(wrongSecret).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    const unknownKey = new ECSClient(as({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' })).send(update);
    await expect(unknownKey).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    expect(fleet.calls.map(({ outcome }) => outcome)).toEqual(['denied', 'denied']);
  });

  test('each call that a copy makes is judged on its repository', async () => {
    const ecr = new ECRClient(as(callers.role));
    const uploadId = '0b5f1a3e-0000-4000-8000-000000000001';
    const digest = `sha256:${'a'.repeat(64)}`;
    const calls = (repositoryName: string): Promise<unknown>[] => [
      ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests: [digest] })),
      ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] })),
      ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] })),
      ecr.send(new CreateRepositoryCommand({ repositoryName })),
      ecr.send(new InitiateLayerUploadCommand({ repositoryName })),
      ecr.send(new ListImageReferrersCommand({ repositoryName, subjectId: { imageDigest: digest } })),
      ecr.send(new PutImageCommand({ repositoryName, imageManifest: '{}' })),
    ];
    const refusals = async (repositoryName: string): Promise<string[]> => {
      const settled = await Promise.allSettled(calls(repositoryName));
      return settled.map((one) => (one.status === 'rejected' ? (one.reason as Error).name : 'answered'));
    };
    // This world plays none of them: whoever comes so far was let in.
    expect(new Set(await refusals('web'))).toEqual(new Set(['UnknownOperationException']));
    expect(new Set(await refusals('other'))).toEqual(new Set(['AccessDeniedException']));
  });

  test('layer parts are judged once for each caller and repository', async () => {
    const part = {
      uploadId: '0b5f1a3e-0000-4000-8000-000000000001',
      partFirstByte: 0,
      partLastByte: 0,
      layerPartBlob: new Uint8Array(1),
    };
    const upload = (keys: Keys, repositoryName: string) =>
      new ECRClient(as(keys)).send(new UploadLayerPartCommand({ ...part, repositoryName }));
    await upload(callers.role, 'web');
    // The judge would refuse this one for its signature: it is no longer asked.
    await upload({ ...callers.role, secretAccessKey: 'guessed' }, 'web');
    await expect(upload({ ...callers.role, secretAccessKey: 'guessed' }, 'other')).rejects.toThrow('signature');
    await upload(callers.role, 'other');
    await expect(upload(callers.stranger, 'web')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a judge that cannot be reached lets nobody pass, and is a defect', async () => {
    await fleet.close();
    const models = join(venv.sitePackages, 'botocore', 'data');
    const closed = fleet.url;
    fleet = await startFleet({ world, clock: virtualClock(), models, judge: closed, seed: 1 });
    await expect(new ECSClient(as(callers.role)).send(update)).rejects.toMatchObject({ name: 'ServerException' });
    expect(world.updates).toBe(0);
    expect(fleet.defects).toEqual([expect.stringContaining('nobody judges who may')]);
  });
});
