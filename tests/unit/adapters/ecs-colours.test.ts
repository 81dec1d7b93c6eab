import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsFleet } from '../../../lib/adapters/aws/ecs-fleet.ts';
import { crashedTask, scaledIn, serviceName } from '../../support/samples.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const fleet = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...ecsFleet(new ECSClient(options)) };
};

test('a service is resized by its desired count, and nothing else', async () => {
  const { requests, resize } = fleet({ body: { service: {} } });
  await resize(serviceName, 0);
  expect(requests).toEqual([
    {
      target: 'AmazonEC2ContainerServiceV20141113.UpdateService',
      input: { ...serviceName, desiredCount: 0 },
    },
  ]);
});

test('a service is removed without force: one that still has tasks to run stays', async () => {
  const { requests, remove } = fleet({ body: { service: {} } });
  await remove(serviceName);
  expect(requests).toEqual([{ target: 'AmazonEC2ContainerServiceV20141113.DeleteService', input: { ...serviceName } }]);
});

test.each([
  ['ServiceNotActiveException', 'AwsRefused'],
  ['ServiceNotFoundException', 'AwsRefused'],
  ['ThrottlingException', 'AwsUnavailable'],
])('a service that cannot be written because of %s is %s', async (code, name) => {
  expect(await raisedBy(() => fleet({ code }).resize(serviceName, 0))).toMatchObject({ name, facts: { code } });
  expect(await raisedBy(() => fleet({ code }).remove(serviceName))).toMatchObject({ name, facts: { code } });
});

describe('the addresses of a rollout', () => {
  const task = (address: string | undefined, more: object = {}) => ({
    startedBy: 'ecs-svc/2',
    lastStatus: 'RUNNING',
    attachments: [
      {
        details: [
          { name: 'subnetId', value: 'subnet-1' },
          { name: 'privateIPv4Address', value: address },
        ],
      },
    ],
    ...more,
  });

  test('are those of its running tasks, over all pages', async () => {
    const { requests, addresses } = fleet(
      { body: { taskArns: ['one', 'two', 'three', 'four'], nextToken: 'more' } },
      {
        body: {
          tasks: [
            task('10.0.0.1'),
            task('10.0.0.2', { startedBy: 'ecs-svc/1' }),
            task('10.0.0.3', { lastStatus: 'PENDING' }),
            task(undefined),
          ],
        },
      },
      { body: { taskArns: ['five'] } },
      { body: { tasks: [task('10.0.0.5')] } },
    );
    expect(await addresses(serviceName, 'ecs-svc/2')).toEqual(['10.0.0.1', '10.0.0.5']);
    const { cluster, service } = serviceName;
    const listing = { cluster, serviceName: service, desiredStatus: 'RUNNING', maxResults: 100 };
    expect(requests.map(({ input }) => input)).toEqual([
      listing,
      { cluster, tasks: ['one', 'two', 'three', 'four'] },
      { ...listing, nextToken: 'more' },
      { cluster, tasks: ['five'] },
    ]);
  });

  test('are none when no task runs: ECS refuses an empty list', async () => {
    const { requests, addresses } = fleet({ body: { taskArns: [] } });
    expect(await addresses(serviceName, 'ecs-svc/2')).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test.each<[string, Canned[]]>([
    ['listed', [{ code: 'AccessDeniedException' }]],
    ['described', [{ body: { taskArns: ['one'] } }, { code: 'AccessDeniedException' }]],
  ])('of tasks that may not be %s are not taken for none', async (_what, answers) => {
    expect(await raisedBy(() => fleet(...answers).addresses(serviceName, 'ecs-svc/2'))).toMatchObject({
      name: 'AwsRefused',
    });
  });
});

describe('the stopped tasks of a rollout', () => {
  const task = (id: string, more: object = {}) => ({
    taskArn: `arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task/prod/${id}`,
    startedBy: 'ecs-svc/2',
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'app', exitCode: 1 }],
    ...more,
  });

  test('are its own, over all pages, each with what is to be said of it', async () => {
    const { requests, stopped } = fleet(
      { body: { taskArns: ['one', 'two'], nextToken: 'more' } },
      { body: { tasks: [task('one'), task('two', { startedBy: 'ecs-svc/1' })] } },
      { body: { taskArns: ['three', 'four', 'five'] } },
      {
        body: {
          tasks: [
            task('three', {
              containers: [
                { name: 'app', exitCode: 137, reason: 'OutOfMemoryError: Container killed' },
                { name: 'proxy', exitCode: 0 },
                { name: 'sidecar', reason: 'CannotPullContainerError' },
              ],
            }),
            task('four', {
              stopCode: 'ServiceSchedulerInitiated',
              stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/2)',
              containers: [{ name: 'app', exitCode: 143 }],
            }),
            { taskArn: 'five', startedBy: 'ecs-svc/2' },
          ],
        },
      },
    );
    expect(await stopped(serviceName, 'ecs-svc/2')).toEqual([
      crashedTask('one'),
      {
        ...crashedTask('three'),
        containers: [
          'container app exited with code 137 (OutOfMemoryError: Container killed)',
          'container sidecar (CannotPullContainerError)',
        ],
      },
      scaledIn('four'),
      { id: 'five', code: '', reason: 'stopped', containers: [] },
    ]);
    const { cluster, service } = serviceName;
    const listing = { cluster, serviceName: service, desiredStatus: 'STOPPED', maxResults: 100 };
    expect(requests.map(({ input }) => input)).toEqual([
      listing,
      { cluster, tasks: ['one', 'two'] },
      { ...listing, nextToken: 'more' },
      { cluster, tasks: ['three', 'four', 'five'] },
    ]);
  });

  test('are none when nothing stopped: ECS refuses an empty list', async () => {
    const { requests, stopped } = fleet({ body: { taskArns: [] } });
    expect(await stopped(serviceName, 'ecs-svc/2')).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  test.each<[string, string, string]>([
    ['listed', 'AccessDeniedException', 'AwsRefused'],
    ['listed', 'ThrottlingException', 'AwsUnavailable'],
    ['described', 'AccessDeniedException', 'AwsRefused'],
    ['described', 'ThrottlingException', 'AwsUnavailable'],
  ])('that cannot be %s because of %s are not taken for none', async (what, code, name) => {
    const answers: Canned[] = what === 'listed' ? [{ code }] : [{ body: { taskArns: ['one'] } }, { code }];
    expect(await raisedBy(() => fleet(...answers).stopped(serviceName, 'ecs-svc/2'))).toMatchObject({ name });
  });
});
