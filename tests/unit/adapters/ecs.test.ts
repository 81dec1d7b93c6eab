import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { ecrImages } from '../../../lib/adapters/aws/ecr-images.ts';
import { ecsFleet } from '../../../lib/adapters/aws/ecs-fleet.ts';
import { serviceStateOf } from '../../../lib/adapters/aws/ecs-service-state.ts';
import { endAnnouncement } from '../../../lib/domain/announcement.ts';
import { eventBridgeAnnouncements } from '../../../lib/adapters/aws/event-bridge-announcements.ts';
import { digest, end, found, record, revisionArn, serviceName } from '../../support/samples.ts';
import { cannedAnswers, raisedBy, type Canned } from './canned-answers.ts';

const fleet = (...answers: Canned[]) => {
  const { options, requests } = cannedAnswers(...answers);
  return { requests, ...ecsFleet(new ECSClient(options)) };
};

describe('a service', () => {
  test('in our words; what ECS leaves out are its defaults', () => {
    expect(serviceStateOf({})).toEqual({
      arn: '',
      status: '',
      controller: 'ECS',
      strategy: 'ROLLING',
      classicLoadBalancer: false,
      desired: 0,
      running: 0,
      pending: 0,
      minimumHealthy: 100,
      maximum: 200,
      revision: '',
      targetGroups: [],
      rollouts: [],
      events: [],
    });
  });

  test('behind a Classic Load Balancer, with its own strategy, is told as such', () => {
    const state = serviceStateOf({
      loadBalancers: [{ loadBalancerName: 'classic' }, { targetGroupArn: 'arn:tg' }],
      deploymentController: { type: 'CODE_DEPLOY' },
      deploymentConfiguration: { strategy: 'BLUE_GREEN', minimumHealthyPercent: 0, maximumPercent: 150 },
    });
    expect(state).toMatchObject({
      classicLoadBalancer: true,
      targetGroups: ['arn:tg'],
      controller: 'CODE_DEPLOY',
      strategy: 'BLUE_GREEN',
      minimumHealthy: 0,
      maximum: 150,
    });
  });

  test('a rollout without a state of its own has not completed', () => {
    expect(serviceStateOf({ deployments: [{ id: 'ecs-svc/1', status: 'PRIMARY' }] }).rollouts[0]?.state).toBe(
      'IN_PROGRESS',
    );
  });

  test.each<[string, Canned]>([
    ['in the list of failures', { body: { services: [], failures: [{ reason: 'MISSING' }] } }],
    ['by its cluster', { code: 'ClusterNotFoundException' }],
  ])('that is missing, %s, is undefined', async (_what, answer) => {
    expect(await fleet(answer).service(serviceName)).toBeUndefined();
  });

  test.each<[string, Canned]>([
    ['AwsRefused', { code: 'AccessDeniedException' }],
    ['AwsUnavailable', { code: 'ThrottlingException' }],
  ])('that cannot be read is %s, and not taken for missing', async (name, answer) => {
    expect(await raisedBy(() => fleet(answer).service(serviceName))).toMatchObject({ name });
  });
});

describe("ECS's record of a rollout", () => {
  test.each<[string, Canned]>([
    ['the region does not have it', { code: 'UnsupportedFeatureException' }],
    ['it is gone', { code: 'ServiceDeploymentNotFoundException' }],
    ['it is not answered', { body: { serviceDeployments: [] } }],
  ])('is undefined when %s', async (_what, answer) => {
    expect(await fleet(answer).serviceDeployment('arn:x')).toBeUndefined();
  });

  test('says why it was rolled back', async () => {
    const record = { status: 'ROLLBACK_SUCCESSFUL', statusReason: 'x', rollback: { reason: 'circuit breaker' } };
    expect(await fleet({ body: { serviceDeployments: [record] } }).serviceDeployment('arn:x')).toEqual({
      arn: 'arn:x',
      status: 'ROLLBACK_SUCCESSFUL',
      reason: 'circuit breaker',
    });
  });
});

test('an update names cluster, service and revision, and nothing else', async () => {
  const { requests, update } = fleet({ body: { service: {} } });
  await update(serviceName, revisionArn(8));
  expect(requests[0]?.input).toEqual({ ...serviceName, taskDefinition: revisionArn(8) });
});

test('a definition goes out with every field it came with', async () => {
  const { requests, register } = fleet({
    body: { taskDefinition: { taskDefinitionArn: revisionArn(8), status: 'ACTIVE' } },
  });
  expect(await register({ family: 'web', cpu: '256' }, [{ key: 'a', value: 'b' }])).toMatchObject({
    arn: revisionArn(8),
    active: true,
  });
  expect(requests[0]?.input).toEqual({ family: 'web', cpu: '256', tags: [{ key: 'a', value: 'b' }] });
});

describe('an image', () => {
  const digestOf = (answer: Canned) => {
    const { options, requests } = cannedAnswers(answer);
    return { requests, ask: () => ecrImages(new ECRClient(options)).digestOf('acme/web', 'v1') };
  };

  test('is known by its digest', async () => {
    const { requests, ask } = digestOf({ body: { imageDetails: [{ imageDigest: digest }] } });
    expect(await ask()).toBe(digest);
    expect(requests[0]?.input).toEqual({ repositoryName: 'acme/web', imageIds: [{ imageTag: 'v1' }] });
  });

  test.each(['ImageNotFoundException', 'RepositoryNotFoundException'])('is missing by %s', async (code) => {
    expect(await digestOf({ code }).ask()).toBeUndefined();
  });

  test('that may not be read is not missing', async () => {
    expect(await raisedBy(digestOf({ code: 'AccessDeniedException' }).ask)).toMatchObject({ name: 'AwsRefused' });
  });
});

describe('an announcement', () => {
  const announce = (answer: Canned) => {
    const { options, requests } = cannedAnswers(answer);
    const { tell } = eventBridgeAnnouncements(new EventBridgeClient(options), 'arn:x:states:r:1:stateMachine:deploy');
    const announcement = endAnnouncement(record({ found, revision: revisionArn(8) }), end());
    return { requests, tell: () => tell(announcement) };
  };

  test('says what came of which deployment', async () => {
    const { requests, tell } = announce({ body: { FailedEntryCount: 0, Entries: [{ EventId: '1' }] } });
    await tell();
    const [entry] = requests[0]?.input['Entries'] as { Source: string; DetailType: string; Detail: string }[];
    expect(entry).toMatchObject({
      Source: 'drawbridge',
      DetailType: 'Deployment succeeded',
      Resources: ['arn:x:states:r:1:stateMachine:deploy'],
    });
    expect(JSON.parse(entry?.Detail ?? '')).toMatchObject({
      version: 1,
      deployment: 'web-1',
      target: '4711/web',
      service: 'prod/web',
      digest,
      outcome: 'deployed',
    });
  });

  test('that EventBridge answers for and does not take is a failure', async () => {
    const { tell } = announce({ body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] } });
    expect(await raisedBy(tell)).toMatchObject({ name: 'AwsUnavailable' });
  });
});
