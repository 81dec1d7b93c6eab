import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsFleet } from '../../../lib/adapters/aws/ecs-fleet.ts';
import { serviceName } from '../../support/samples.ts';
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
    const listing = { cluster, serviceName: service, maxResults: 100 };
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
