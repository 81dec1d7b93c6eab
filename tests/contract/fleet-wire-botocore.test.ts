import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { virtualClock } from '../../local/clock.ts';
import type { Fleet } from '../../local/fleet/server.ts';
import { startFleet } from '../../local/fleet/server.ts';
import { ensureVenv } from '../../local/venv.ts';
import { createdAt, ruleArn, stubWorld, targetGroupArn } from '../unit/fleet-wire/stub-world.ts';

/** Makes the calls that it reads as JSON, [[service, operation, input], …], and prints each answer or error code as JSON. */
const caller = `
import json, sys
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session

url, calls = sys.argv[1], json.loads(sys.argv[2])
config = Config(user_agent_appid='python-deployer', parameter_validation=False, retries={'max_attempts': 0})
session = Session()
clients = {name: session.create_client(name, region_name='eu-central-1', endpoint_url=url, config=config,
           aws_access_key_id='key', aws_secret_access_key='secret') for name in ('ecs', 'ecr', 'elbv2')}

def made(service, operation, given):
    try:
        answer = clients[service]._make_api_call(operation, given)
        del answer['ResponseMetadata']
        return answer
    except ClientError as error:
        return {'code': error.response['Error']['Code'], 'message': error.response['Error']['Message'],
                'status': error.response['ResponseMetadata']['HTTPStatusCode']}

print(json.dumps([made(*call) for call in calls], default=lambda time: time.isoformat()))
`;

let venv: { python: string; sitePackages: string };
let fleet: Fleet;

beforeAll(async () => {
  venv = await ensureVenv();
}, 120_000);

beforeEach(async () => {
  const models = join(venv.sitePackages, 'botocore', 'data');
  fleet = await startFleet({ world: stubWorld(), clock: virtualClock(), models, seed: 1 });
});

afterEach(async () => {
  await fleet.close();
});

const calls = async (...made: [service: string, operation: string, input: object][]): Promise<unknown[]> => {
  const args = ['-c', caller, fleet.url, JSON.stringify(made)];
  const { stdout } = await promisify(execFile)(venv.python, args);
  return JSON.parse(stdout) as unknown[];
};

describe('botocore and the fleet', () => {
  test('round trips in both protocols, times and nested structures included', async () => {
    const containerDefinitions = [{ name: 'web', image: 'web:1', dockerLabels: { a: 'b' }, essential: true }];
    const forward = [{ TargetGroupArn: targetGroupArn, Weight: 5 }];
    const Actions = [{ Type: 'forward', ForwardConfig: { TargetGroups: forward } }];
    const Targets = [{ Id: '10.0.0.1', Port: 8080 }];
    const uploadId = '12345678-1234-1234-1234-123456789012';
    const part = { repositoryName: 'web', uploadId, partFirstByte: 0, partLastByte: 2, layerPartBlob: 'abc' };
    const [services, updated, registered, rules, modified, health, images, taken] = await calls(
      ['ecs', 'DescribeServices', { cluster: 'main', services: ['web', 'missing'] }],
      ['ecs', 'UpdateService', { cluster: 'main', service: 'web', desiredCount: 4 }],
      ['ecs', 'RegisterTaskDefinition', { family: 'web', containerDefinitions }],
      ['elbv2', 'DescribeRules', { RuleArns: [ruleArn] }],
      ['elbv2', 'ModifyRule', { RuleArn: ruleArn, Actions }],
      ['elbv2', 'DescribeTargetHealth', { TargetGroupArn: targetGroupArn, Targets }],
      ['ecr', 'DescribeImages', { repositoryName: 'web', imageIds: [{ imageTag: 'v1' }] }],
      ['ecr', 'UploadLayerPart', part],
    );
    expect(services).toMatchObject({ services: [{ serviceName: 'web' }], failures: [{ reason: 'MISSING' }] });
    const shown = (services as { services: { createdAt: string }[] }).services[0]?.createdAt ?? '';
    expect(new Date(shown)).toEqual(createdAt);
    expect(updated).toMatchObject({ service: { desiredCount: 4 } });
    expect(registered).toMatchObject({ taskDefinition: { family: 'web', containerDefinitions } });
    const conditions = [{ Field: 'path-pattern', Values: ['/a&b/*', '<"x">'] }];
    expect(rules).toMatchObject({ Rules: [{ RuleArn: ruleArn, IsDefault: false, Conditions: conditions }] });
    expect(modified).toEqual({ Rules: [{ RuleArn: ruleArn, Actions }] });
    expect(health).toMatchObject({ TargetHealthDescriptions: [{ Target: Targets[0] }] });
    expect(images).toMatchObject({ imageDetails: [{ imageTags: ['v1'], imageSizeInBytes: 5_000_000_000 }] });
    expect(taken).toEqual({ repositoryName: 'web', uploadId, lastByteReceived: 2 });
    expect(new Set(fleet.calls.map(({ caller, outcome }) => `${caller} ${outcome}`))).toEqual(
      new Set(['python-deployer ok']),
    );
    expect(fleet.defects).toEqual([]);
  });

  test('errors arrive under the codes of their service', async () => {
    const answers = await calls(
      ['ecs', 'UpdateService', { service: 'missing' }],
      ['ecs', 'UpdateService', { cluster: 'main' }],
      ['ecs', 'CreateCluster', {}],
      ['ecs', 'ListClusters', {}],
      ['ecr', 'DescribeImages', { repositoryName: 'UPPER' }],
      ['elbv2', 'DescribeTargetHealth', { TargetGroupArn: 'another' }],
      ['elbv2', 'ModifyRule', { Actions: [{ Type: 'backward' }] }],
      ['elbv2', 'DescribeListeners', {}],
    );
    expect(answers).toMatchObject([
      { code: 'ServiceNotFoundException', message: 'Service not found.', status: 400 },
      { code: 'InvalidParameterException', status: 400, message: expect.stringContaining("'service'") as string },
      { code: 'UnknownOperationException', status: 400 },
      { code: 'ServerException', status: 500 },
      { code: 'InvalidParameterException', status: 400, message: expect.stringContaining('pattern') as string },
      { code: 'TargetGroupNotFound', status: 400 },
      {
        code: 'ValidationError',
        status: 400,
        message: expect.stringMatching(/2 validation errors.*RuleArn.*Actions.1.Type/) as string,
      },
      { code: 'InvalidAction', status: 400 },
    ]);
    expect(fleet.defects).toHaveLength(1);
  });
});
