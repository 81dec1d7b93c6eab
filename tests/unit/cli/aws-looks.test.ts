import { ECRClient } from '@aws-sdk/client-ecr';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';
import { awsExecutions } from '../../../cli/aws/aws-executions.ts';
import { callerName } from '../../../cli/aws/caller-name.ts';
import { ecrImages } from '../../../lib/adapters/aws/ecr-images.ts';
import { digest } from '../../support/samples.ts';
import { cannedAnswers, raisedBy, type Canned } from '../adapters/canned-answers.ts';

/** What the command line makes of AWS's answers. */

const machine = 'arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:drawbridge-prod-deploy';

const executions = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...awsExecutions(new SFNClient(options), machine) };
};

const end = { outcome: 'superseded', because: 'the tag names another image by now' };

test.each([
  [{ status: 'RUNNING' }, { state: 'running' }],
  [{ status: 'PENDING_REDRIVE' }, { state: 'running' }],
  [
    { status: 'SUCCEEDED', output: JSON.stringify({ end }) },
    { state: 'succeeded', end },
  ],
  [{ status: 'SUCCEEDED', output: 'no JSON' }, { state: 'succeeded' }],
  [
    { status: 'FAILED', error: 'NotConfirmed', cause: 'x' },
    { state: 'failed', error: 'NotConfirmed', because: 'x' },
  ],
  [{ status: 'ABORTED' }, { state: 'failed', error: 'ABORTED' }],
])('an execution that is %j', async (body, view) => {
  const { find, requests } = executions({ body });
  expect(await find('web-1')).toEqual(view);
  expect(requests[0]?.input['executionArn']).toBe(`${machine.replace('stateMachine', 'execution')}:web-1`);
});

test('one that there is not is none; one that may not be seen is refused', async () => {
  expect(await executions({ code: 'ExecutionDoesNotExist' }).find('web-1')).toBeUndefined();
  expect(await executions({ code: 'ExecutionDoesNotExist' }).steps('web-1')).toBeUndefined();
  const denied = executions({ code: 'AccessDeniedException' });
  for (const ask of [() => denied.find('web-1'), () => denied.steps('web-1'), () => denied.running()])
    expect(await raisedBy(ask)).toMatchObject({ name: 'AwsRefused' });
});

test('those under way are read to the last page', async () => {
  const page = (name: string, nextToken?: string) => ({ body: { executions: [{ name }], nextToken } });
  const { running, requests } = executions(page('web-2', 'more'), page('web-1'));
  expect(await running()).toEqual(['web-2', 'web-1']);
  expect(requests.map(({ input }) => input['statusFilter'])).toEqual(['RUNNING', 'RUNNING']);
});

test('steps are the tasks that were begun, with their times; no data is asked for', async () => {
  const entered = (type: string, name: string) => ({
    type,
    timestamp: 1_767_606_000,
    stateEnteredEventDetails: { name },
  });
  const events = [
    entered('TaskStateEntered', 'Confirm'),
    entered('ChoiceStateEntered', 'Confirmed?'),
    { type: 'TaskStateExited' },
  ];
  const { steps, requests } = executions({ body: { events } });
  expect(await steps('web-1')).toEqual([{ state: 'Confirm', at: '2026-01-05T09:40:00.000Z' }]);
  expect(requests[0]?.input['includeExecutionData']).toBe(false);
});

const identity = (arn: string): Canned => ({
  xml: `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`,
});

test.each([
  ['arn:aws-us-gov:iam::123456789012:user/ops/jane', 'jane'],
  ['arn:aws-us-gov:sts::123456789012:assumed-role/Admin/jane@example.com', 'jane@example.com'],
  ['arn:aws-us-gov:iam::123456789012:root', 'root'],
  ['arn:aws-us-gov:sts::123456789012:assumed-role/Admin/a=b,c', 'a-b-c'],
])('%s is called %s', async (arn, name) => {
  expect(await callerName(new STSClient(cannedAnswers(identity(arn)).options))).toBe(name);
});

test('whether ECR has an image is asked by its digest', async () => {
  const { options, requests } = cannedAnswers({ body: { imageDetails: [{ imageDigest: digest }] } });
  expect(await ecrImages(new ECRClient(options)).has('acme/web', digest)).toBe(true);
  expect(requests[0]?.input).toEqual({ repositoryName: 'acme/web', imageIds: [{ imageDigest: digest }] });
  const missing = cannedAnswers({ code: 'ImageNotFoundException' });
  expect(await ecrImages(new ECRClient(missing.options)).has('acme/web', digest)).toBe(false);
  const denied = cannedAnswers({ code: 'AccessDeniedException' });
  expect(await raisedBy(() => ecrImages(new ECRClient(denied.options)).has('acme/web', digest))).toMatchObject({
    name: 'AwsRefused',
  });
});
