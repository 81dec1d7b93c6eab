import { ECSClient } from '@aws-sdk/client-ecs';
import { ecsServiceCopies } from '../../../lib/adapters/aws/ecs-service-copies.ts';
import { revisionArn, serviceName } from '../../support/samples.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const copies = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...ecsServiceCopies(new ECSClient(options)) };
};

const service = {
  serviceName: 'web',
  taskDefinition: revisionArn(7),
  tags: [{ key: 'team', value: 'a' }],
  deployments: [
    { id: 'ecs-svc/1', status: 'ACTIVE' },
    { id: 'ecs-svc/2', status: 'PRIMARY', volumeConfigurations: [] },
  ],
  currentServiceRevisions: [{ arn: 'arn:old' }, { arn: 'arn:new' }],
};
const described: Canned = { body: { services: [service] } };
const revisions: Canned = {
  body: {
    serviceRevisions: [
      { serviceRevisionArn: 'arn:old', taskDefinition: revisionArn(6) },
      { serviceRevisionArn: 'arn:new', taskDefinition: revisionArn(7), launchType: 'FARGATE' },
    ],
  },
};

test('a service is described with its tags, its PRIMARY rollout and the service revision that it is set to', async () => {
  const { requests, describe } = copies(described, revisions);
  expect(await describe(serviceName)).toEqual({
    service,
    primary: service.deployments[1],
    revision: { serviceRevisionArn: 'arn:new', taskDefinition: revisionArn(7), launchType: 'FARGATE' },
  });
  expect(requests.map(({ input }) => input)).toEqual([
    { cluster: serviceName.cluster, services: [serviceName.service], include: ['TAGS'] },
    { serviceRevisionArns: ['arn:old', 'arn:new'] },
  ]);
});

test.each<[string, Canned[], number]>([
  ['the region has none', [described, { code: 'UnsupportedFeatureException' }], 2],
  ['ECS takes its ARN no more', [described, { code: 'InvalidParameterException' }], 2],
  ['it names none', [{ body: { services: [{ ...service, currentServiceRevisions: undefined }] } }, revisions], 1],
])('without its service revision when %s', async (_what, answers, asked) => {
  const { requests, describe } = copies(...answers);
  expect(await describe(serviceName)).toEqual({
    service: expect.objectContaining({ serviceName: 'web' }) as object,
    primary: service.deployments[1],
  });
  expect(requests).toHaveLength(asked);
});

test.each<[string, Canned]>([
  ['in the list of failures', { body: { services: [], failures: [{ reason: 'MISSING' }] } }],
  ['by its cluster', { code: 'ClusterNotFoundException' }],
])('one that is missing, %s, is undefined', async (_what, answer) => {
  expect(await copies(answer).describe(serviceName)).toBeUndefined();
});

test.each<[string, Canned[]]>([
  ['the service', [{ code: 'AccessDeniedException' }]],
  ['its service revision', [described, { code: 'AccessDeniedException' }]],
])('%s that may not be read is not taken for missing', async (_what, answers) => {
  expect(await raisedBy(() => copies(...answers).describe(serviceName))).toMatchObject({ name: 'AwsRefused' });
});

test('a request for a service goes out with every field, and is answered by the service', async () => {
  const request = { cluster: 'prod', serviceName: 'web-green', desiredCount: 2, tags: [], clientToken: 'web-1' };
  const { requests, create } = copies({ body: { service: { serviceArn: 'arn:green', status: 'ACTIVE' } } });
  expect(await create(request)).toMatchObject({ arn: 'arn:green', status: 'ACTIVE' });
  expect(requests[0]?.input).toEqual(request);
});

test.each<[string, Canned]>([
  ['AwsRefused', { code: 'InvalidParameterException' }],
  ['AwsUnavailable', 'no answer'],
  ['AwsUnavailable', { body: {} }],
])('a service that could not be made is %s', async (name, answer) => {
  expect(await raisedBy(() => copies(answer).create({ serviceName: 'web-green' }))).toMatchObject({ name });
});
