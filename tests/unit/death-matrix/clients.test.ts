import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { ecsFleet } from '../../../lib/adapters/aws/ecs-fleet.ts';
import { gitlabApi } from '../../../lib/adapters/gitlab/gitlab-api.ts';
import { watchedClient } from '../../support/death-matrix/aws-calls.ts';
import { watchedFetch } from '../../support/death-matrix/gitlab-calls.ts';
import { outwardCalls, type OutwardCalls } from '../../support/death-matrix/outward-calls.ts';
import { watchedWorkflows } from '../../support/death-matrix/workflow-calls.ts';
import type { Fault } from '../../support/death-matrix/fault.ts';
import { memoryWorkflows } from '../../support/memory-ports.ts';
import { cannedAnswers } from '../adapters/canned-answers.ts';

/** How each client's calls are named, and that its adapter takes the matrix's faults for what they stand for. */

const hands = { stop: () => undefined, late: () => Promise.resolve() };
const disturbed = (fault: Fault, service: string, operation: string): OutwardCalls =>
  outwardCalls(hands, { site: { state: 'Look', look: 1, service, operation, nth: 1 }, fault });

const inTask = async <T>(outward: OutwardCalls, act: () => Promise<T>): Promise<T> =>
  (await outward.tasks('web-1', { Look: act })['Look']?.({} as never)) as T;

const seen = ({ calls }: OutwardCalls) => calls.map(({ service, operation }) => `${service}.${operation}`);

describe('an AWS client', () => {
  test("is seen by the SDK's own names, a document client by those of the client below", async () => {
    const outward = outwardCalls(hands);
    const { options } = cannedAnswers({ body: {} });
    const ecs = watchedClient(new ECSClient(options), outward);
    const dynamo = DynamoDBDocumentClient.from(watchedClient(new DynamoDBClient(options), outward));
    await inTask(outward, async () => {
      await ecs.send(new DescribeServicesCommand({ services: ['web'] }));
      await dynamo.send(new GetCommand({ TableName: 'journal', Key: { id: 'x' } }));
    });
    expect(seen(outward)).toEqual(['ECS.DescribeServices', 'DynamoDB.GetItem']);
  });

  test.each([
    ['refused', 'AwsRefused', 'AccessDeniedException', 0],
    ['throttled', 'AwsUnavailable', 'ThrottlingException', 0],
    ['answer lost', 'AwsUnavailable', 'TimeoutError', 1],
  ] as const)('%s is %s to the adapter', async (fault, name, code, sent) => {
    const outward = disturbed(fault, 'ECS', 'DescribeServices');
    const { options, requests } = cannedAnswers({ body: {} });
    const fleet = ecsFleet(watchedClient(new ECSClient(options), outward));
    const asked = inTask(outward, () => fleet.service({ cluster: 'prod', service: 'web' }));
    await expect(asked).rejects.toMatchObject({ name, facts: { code } });
    expect(requests).toHaveLength(sent);
  });
});

describe('GitLab', () => {
  const route = 'GET /projects/:id/pipelines/:id';
  const real = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = real;
  });

  const asking = (outward: OutwardCalls) => {
    let asked = 0;
    const answer = () => {
      asked += 1;
      return Promise.resolve(new Response('{}', { status: 404 }));
    };
    globalThis.fetch = watchedFetch(answer, outward);
    const gitlab = gitlabApi(() =>
      Promise.resolve({
        url: 'http://127.0.0.1:1',
        token: 'x',
        registry: { host: 'x', username: 'x', password: 'x' },
      }),
    );
    return { ask: () => inTask(outward, () => gitlab.pipeline(4711, 90001)), asked: () => asked };
  };

  test('is seen by its routes', async () => {
    const outward = outwardCalls(hands);
    expect(await asking(outward).ask()).toEqual({ state: 'missing' });
    expect(seen(outward)).toEqual([`GitLab.${route}`]);
  });

  test.each([
    ['refused', 'GitLab answered 401', 0],
    ['throttled', 'GitLab answered 429', 0],
    ['answer lost', 'GitLab did not answer', 1],
  ] as const)('%s: %s', async (fault, because, sent) => {
    const { ask, asked } = asking(disturbed(fault, 'GitLab', route));
    expect(await ask()).toEqual({ state: 'unavailable', because });
    expect(asked()).toBe(sent);
  });
});

describe('Step Functions', () => {
  test.each([
    ['refused', 'AwsRefused', 0],
    ['throttled', 'AwsUnavailable', 0],
    ['answer lost', 'AwsUnavailable', 1],
  ] as const)('%s is %s', async (fault, name, started) => {
    const outward = disturbed(fault, 'SFN', 'StartExecution');
    const workflows = memoryWorkflows();
    const start = inTask(outward, () => watchedWorkflows(workflows, outward).start('web-1', {}));
    await expect(start).rejects.toMatchObject({ name });
    expect(workflows.executions.size).toBe(started);
    expect(seen(outward)).toEqual(['SFN.StartExecution']);
  });
});
