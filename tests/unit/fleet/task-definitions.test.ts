import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { ACCOUNT, HOST, rehearsed } from './rehearsed-world.ts';

const ROLE = `arn:aws:iam::${ACCOUNT}:role/execution`;

const full = {
  family: 'full',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '512',
  memory: '1024',
  executionRoleArn: ROLE,
  taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/app`,
  ephemeralStorage: { sizeInGiB: 30 },
  runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
  enableFaultInjection: true,
  volumes: [{ name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }],
  aFieldOfTomorrow: { kept: [1, 2] },
  containerDefinitions: [
    {
      name: 'app',
      image: `${HOST}/web:1`,
      restartPolicy: { enabled: true },
      secrets: [{ name: 'KEY', valueFrom: 'arn:of:secret' }],
      ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 2 }],
      alsoOfTomorrow: true,
    },
  ],
};

describe('RegisterTaskDefinition', () => {
  test('keeps every member unchanged, whatever it is, and sets the read-only ones', () => {
    const it = rehearsed();
    it.call('ecs', 'RegisterTaskDefinition', full);
    const { taskDefinition, tags } = it.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'full' });
    const { revision, status, taskDefinitionArn, registeredAt, ...others } = taskDefinition as TaskDefinition;
    expect(others).toMatchObject(full);
    expect({ revision, status, tags }).toEqual({ revision: 1, status: 'ACTIVE', tags: undefined });
    expect(taskDefinitionArn).toMatch(/:task-definition\/full:1$/);
    expect(registeredAt).toBeInstanceOf(Date);
    expect(others.compatibilities).toEqual(['EC2', 'FARGATE']);
  });

  test('keeps tags beside the task definition', () => {
    const it = rehearsed();
    const tags = [{ key: 'team', value: 'a' }];
    const answer = it.call('ecs', 'RegisterTaskDefinition', { ...full, tags });
    expect(answer['tags']).toEqual(tags);
    expect(answer['taskDefinition']).not.toHaveProperty('tags');
    const described = it.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'full:1', include: ['TAGS'] });
    expect(described['tags']).toEqual(tags);
  });

  test.each([
    ['a family name with a space', { family: 'a b' }],
    ['no container', { containerDefinitions: [] }],
    ['a container without image', { containerDefinitions: [{ name: 'app' }] }],
    ['a container without name', { containerDefinitions: [{ image: 'a' }] }],
    [
      'two containers of one name',
      { containerDefinitions: [...full.containerDefinitions, ...full.containerDefinitions] },
    ],
    ['no essential container', { containerDefinitions: [{ name: 'app', image: 'a', essential: false }] }],
    ['Fargate without cpu', { cpu: undefined }],
    ['Fargate without memory', { memory: undefined }],
    ['Fargate without awsvpc', { networkMode: 'bridge' }],
    ['Fargate with an ECR image and no execution role', { executionRoleArn: undefined }],
    ['no memory anywhere', { requiresCompatibilities: undefined, memory: undefined }],
  ])('refuses %s', (_what, change) => {
    expect(rehearsed().refusal('ecs', 'RegisterTaskDefinition', { ...full, ...change }).code).toBe('ClientException');
  });
});

describe('task definitions', () => {
  test('are listed by family, status and order, in pages', () => {
    const it = rehearsed();
    for (let count = 0; count < 3; count += 1) it.call('ecs', 'RegisterTaskDefinition', full);
    it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'full:2' });
    const list = (input: object): (string | undefined)[] => {
      const { taskDefinitionArns } = it.call('ecs', 'ListTaskDefinitions', { familyPrefix: 'full', ...input });
      return (taskDefinitionArns as string[]).map((arn) => arn.split('/')[1]);
    };
    expect(list({})).toEqual(['full:1', 'full:3']);
    expect(list({ sort: 'DESC' })).toEqual(['full:3', 'full:1']);
    expect(list({ status: 'INACTIVE' })).toEqual(['full:2']);
    expect(list({ sort: 'DESC', maxResults: 1 })).toEqual(['full:3']);
    expect(list({ familyPrefix: 'fu' })).toEqual([]);
  });

  const undescribed = { code: 'ClientException', message: 'Unable to describe task definition.' };

  test('deregistered are INACTIVE, listed as such, and no longer what the family means', () => {
    const it = rehearsed();
    it.call('ecs', 'RegisterTaskDefinition', full);
    it.call('ecs', 'RegisterTaskDefinition', full);
    const { taskDefinition } = it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'full:2' });
    expect(taskDefinition).toMatchObject({ status: 'INACTIVE', revision: 2 });
    const described = it.call('ecs', 'DescribeTaskDefinition', { taskDefinition: 'full' });
    expect(described['taskDefinition']).toMatchObject({ revision: 1 });
    expect(it.refusal('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'full' }).code).toBe('ClientException');
    expect(it.refusal('ecs', 'DescribeTaskDefinition', { taskDefinition: 'none' })).toEqual(undescribed);
  });

  test('deregistered are described for as long as a service or a task refers to them', () => {
    const it = rehearsed({ desiredCount: 1 });
    const { taskDefinitionArn: taskDefinition } = it.seeded;
    it.call('ecs', 'DeregisterTaskDefinition', { taskDefinition });
    const status = (): string | undefined =>
      (it.call('ecs', 'DescribeTaskDefinition', { taskDefinition })['taskDefinition'] as TaskDefinition).status;
    expect(status()).toBe('INACTIVE');
    it.deploy('2');
    it.until('the old task drains', () => it.tasks('STOPPED').length > 0);
    expect(status()).toBe('INACTIVE');
    it.until('completed', it.stable);
    expect(it.refusal('ecs', 'DescribeTaskDefinition', { taskDefinition })).toEqual(undescribed);
  });
});
