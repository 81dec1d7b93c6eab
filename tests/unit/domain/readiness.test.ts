import { alreadyDeployed, canRoll, refuseService, surveyGround } from '../../../lib/domain/readiness.ts';
import { digest, olderDigest, registry, revisionArn, rollout, service } from '../../support/samples.ts';

describe('what cannot work is refused before the first write', () => {
  test('a service at rest is not', () => {
    expect(refuseService(service())).toBeUndefined();
  });

  test.each([
    ['ServiceMissing', 'the service is INACTIVE', { status: 'INACTIVE' }],
    ['ServiceMissing', 'the service is DRAINING', { status: 'DRAINING' }],
    ['UnsupportedService', 'its deployment controller is CODE_DEPLOY', { controller: 'CODE_DEPLOY' }],
    ['UnsupportedService', 'its deployment controller is EXTERNAL', { controller: 'EXTERNAL' }],
    ['UnsupportedService', 'its own deployment strategy is BLUE_GREEN', { strategy: 'BLUE_GREEN' }],
    ['UnsupportedService', 'it stands behind a Classic Load Balancer', { classicLoadBalancer: true }],
    ['NothingToRun', 'its desired count is 0', { desired: 0 }],
    [
      'CannotRoll',
      'minimum 100 % and maximum 150 % of 1 tasks let ECS neither start nor stop one',
      { desired: 1, minimumHealthy: 100, maximum: 150 },
    ],
  ])('%s, and why: %s', (name, because, change) => {
    expect(refuseService(service(change))).toEqual({ name, because });
  });

  // ECS rounds the lower limit up and the upper limit down
  test.each([
    [1, 100, 200, true],
    [1, 100, 100, false],
    [1, 100, 199, false],
    [1, 0, 100, true],
    [1, 50, 100, false],
    [2, 50, 100, true],
    [2, 51, 100, false],
    [2, 100, 150, true],
    [3, 100, 133, false],
    [3, 67, 100, false],
    [3, 66, 100, true],
    [3, 100, 134, true],
    [10, 100, 110, true],
    [10, 91, 109, false],
  ])('%p tasks, minimum %p %%, maximum %p %%: can roll %p', (desired, minimumHealthy, maximum, can) => {
    expect(canRoll(service({ desired, minimumHealthy, maximum }))).toBe(can);
  });
});

describe('the ground', () => {
  test('at rest: the completed revision, and the ids that are there', () => {
    expect(surveyGround(service())).toEqual({ completed: revisionArn(7), idsBefore: ['ecs-svc/1'] });
  });

  test('under way: busy with the rollout in front, the way back is what is completed behind it', () => {
    const front = rollout({ id: 'ecs-svc/2', state: 'IN_PROGRESS', revision: revisionArn(8) });
    const rollouts = [front, rollout({ status: 'ACTIVE' })];
    expect(surveyGround(service({ rollouts }))).toEqual({
      completed: revisionArn(7),
      idsBefore: ['ecs-svc/2', 'ecs-svc/1'],
      busyWith: front,
    });
  });

  test('no rollout at all: nothing to go back to, nothing to disturb', () => {
    expect(surveyGround(service({ rollouts: [] }))).toEqual({ idsBefore: [] });
  });

  test('nothing completed: no way back', () => {
    expect(surveyGround(service({ rollouts: [rollout({ state: 'FAILED' })] }))).not.toHaveProperty('completed');
  });
});

describe('already deployed', () => {
  const images = { app: `${registry}/acme/web@${digest}`, proxy: `${registry}/acme/proxy@${olderDigest}` };
  const wanted = { containers: ['app'], digest };

  test('when every named container has the digest, completely, and nothing else is under way', () => {
    expect(alreadyDeployed(service(), { images }, wanted)).toBe(true);
  });

  test.each([
    ['the digest is another', service(), { containers: ['app'], digest: olderDigest }],
    ['one named container has another', service(), { containers: ['app', 'proxy'], digest }],
    ['a named container is not there', service(), { containers: ['app', 'gone'], digest }],
    ['its rollout is not completed', service({ rollouts: [rollout({ state: 'IN_PROGRESS' })] }), wanted],
    ['another rollout is there', service({ rollouts: [rollout(), rollout({ id: 'x', status: 'ACTIVE' })] }), wanted],
    ['its only rollout is not in front', service({ rollouts: [rollout({ status: 'ACTIVE' })] }), wanted],
    ['there is no rollout', service({ rollouts: [] }), wanted],
  ])('not when %s', (_what, state, asked) => {
    expect(alreadyDeployed(state, { images }, asked)).toBe(false);
  });

  test('not by tag: a tag says nothing about the bytes', () => {
    expect(alreadyDeployed(service(), { images: { app: `${registry}/acme/web:${digest.slice(7)}` } }, wanted)).toBe(
      false,
    );
  });
});
