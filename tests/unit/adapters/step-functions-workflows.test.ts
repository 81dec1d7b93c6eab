import { SFNClient } from '@aws-sdk/client-sfn';
import { stepFunctionsWorkflows } from '../../../lib/adapters/aws/step-functions-workflows.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const machine = 'arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:drawbridge-prod-deploy';
const workflows = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...stepFunctionsWorkflows(new SFNClient(options), machine) };
};

test('starts by name, with the input as it is', async () => {
  const { requests, start } = workflows({ body: { executionArn: 'x', startDate: 1 } });
  expect(await start('web-1', { b: 1, a: 2 })).toBe('started');
  expect(requests[0]?.input).toEqual({ stateMachineArn: machine, name: 'web-1', input: '{"b":1,"a":2}' });
});

test('a name that is taken exists; anything else that is refused is a failure', async () => {
  expect(await workflows({ code: 'ExecutionAlreadyExists' }).start('web-1', {})).toBe('exists');
  expect(await raisedBy(() => workflows({ code: 'StateMachineDoesNotExist' }).start('x', {}))).toMatchObject({
    name: 'AwsRefused',
  });
  expect(await raisedBy(() => workflows('no answer').start('x', {}))).toMatchObject({ name: 'AwsUnavailable' });
  // a limit of running executions, not a fault of the input
  expect(await raisedBy(() => workflows({ code: 'ExecutionLimitExceeded' }).start('x', {}))).toMatchObject({
    name: 'AwsUnavailable',
  });
});

test.each([
  ['RUNNING', undefined, { state: 'running' }],
  ['PENDING_REDRIVE', undefined, { state: 'running' }],
  ['SUCCEEDED', undefined, { state: 'succeeded' }],
  ['FAILED', 'RolloutFailed', { state: 'failed', error: 'RolloutFailed' }],
  ['TIMED_OUT', undefined, { state: 'failed', error: 'TIMED_OUT' }],
  ['ABORTED', undefined, { state: 'failed', error: 'ABORTED' }],
])('%s with error %p', async (status, error, expected) => {
  const { requests, status: ask } = workflows({ body: { status, error } });
  expect(await ask('web-1')).toEqual(expected);
  expect(requests[0]?.input).toEqual({
    executionArn: 'arn:aws-us-gov:states:us-gov-west-1:123456789012:execution:drawbridge-prod-deploy:web-1',
  });
});

test('an execution that is not there, or not yet visible, is unknown', async () => {
  expect(await workflows({ code: 'ExecutionDoesNotExist' }).status('web-1')).toEqual({ state: 'unknown' });
});
