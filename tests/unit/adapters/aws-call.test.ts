import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import { awsCall, isAwsError } from '../../../lib/adapters/aws/aws-call.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const call = (answer: Canned, expected?: string[]) => {
  const client = new ECSClient(cannedAnswers(answer).options);
  return awsCall('DescribeServices', () => client.send(new DescribeServicesCommand({ services: ['web'] })), expected);
};

test('an answer passes', async () => {
  expect(await call({ body: { services: [] } })).toMatchObject({ services: [] });
});

test.each<[string, Canned]>([
  ['no answer, which may have been lost after the work was done', 'no answer'],
  ['a server error', { code: 'ServerException', status: 500 }],
  ['503', { code: 'ServiceUnavailable', status: 503 }],
  ['429', { code: 'Whatever', status: 429 }],
  ['throttling', { code: 'ThrottlingException' }],
  ['throttling by another name', { code: 'TooManyRequestsException' }],
  ['a table’s throughput', { code: 'ProvisionedThroughputExceededException' }],
  ['a limit of requests', { code: 'RequestLimitExceeded' }],
])('%s is AwsUnavailable: another try may help', async (_what, answer) => {
  expect(await raisedBy(() => call(answer))).toMatchObject({ name: 'AwsUnavailable' });
});

test.each([
  'AccessDeniedException',
  'ClientException',
  'InvalidParameterException',
  'ExpiredTokenException',
  'ValidationException',
])('%s is AwsRefused: it will be refused again', async (code) => {
  expect(await raisedBy(() => call({ code }))).toMatchObject({
    name: 'AwsRefused',
    facts: { operation: 'DescribeServices', code },
  });
});

test("AWS's own text is left behind: it may quote what we sent", async () => {
  for (const code of ['ClientException', 'ThrottlingException']) {
    const failure = await raisedBy(() => call({ code }));
    if (!(failure instanceof DeployFailure)) throw failure;
    expect(JSON.parse(failure.message)).toMatchObject({ because: `DescribeServices: ${code}` });
    expect([failure.message, failure.stack, JSON.stringify(failure)].join()).not.toContain('hunter2');
    expect((failure.cause as Error).message).toContain('hunter2');
  }
});

test('what the caller expects passes unchanged', async () => {
  const error = await raisedBy(() => call({ code: 'ClusterNotFoundException' }, ['ClusterNotFoundException']));
  expect(isAwsError(error, 'ClusterNotFoundException')).toBe(true);
  expect(isAwsError(error, 'ServiceNotFoundException')).toBe(false);
});

test.each([undefined, null, 'text', {}])('%p is no AWS error of any name', (error) => {
  expect(isAwsError(error, 'X')).toBe(false);
});
