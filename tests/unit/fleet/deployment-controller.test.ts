import type { ServiceSeed } from '../../../local/fleet/seeds.ts';
import { BREAKER, rehearsed } from './rehearsed-world.ts';

type Controller = 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';

const change = (to: Controller): Record<string, unknown> => ({
  cluster: 'shop',
  service: 'web',
  deploymentController: { type: to },
});

describe('the controller of a service', () => {
  test.each<[Controller, Controller]>([
    ['CODE_DEPLOY', 'ECS'],
    ['CODE_DEPLOY', 'EXTERNAL'],
    ['ECS', 'EXTERNAL'],
    ['EXTERNAL', 'ECS'],
  ])('may change from %s to %s', (from, to) => {
    const it = rehearsed({ deploymentController: from });
    it.call('ecs', 'UpdateService', change(to));
    const { deploymentController, deployments = [], taskSets = [] } = it.service();
    expect(deploymentController).toEqual({ type: to });
    expect([deployments.length, taskSets.length]).toEqual(to === 'ECS' ? [1, 0] : [0, 1]);
  });

  test('may change to ECS together with the revision that ECS is to roll out', () => {
    const it = rehearsed({ deploymentController: 'CODE_DEPLOY' });
    const taskDefinition = it.register('123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1');
    it.call('ecs', 'UpdateService', { ...change('ECS'), taskDefinition });
    expect(it.service().deployments).toMatchObject([{ status: 'PRIMARY', taskDefinition }, { status: 'ACTIVE' }]);
  });

  test.each<[Controller, Controller]>([
    ['ECS', 'CODE_DEPLOY'],
    ['EXTERNAL', 'CODE_DEPLOY'],
  ])('may not change from %s to %s', (from, to) => {
    const refused = rehearsed({ deploymentController: from }).refusal('ecs', 'UpdateService', change(to));
    expect(refused.message).toBe(`The deployment controller cannot be changed from ${from} to ${to}.`);
  });

  test('may not change while a rollout is under way', () => {
    const it = rehearsed();
    it.deploy('2');
    expect(it.refusal('ecs', 'UpdateService', change('EXTERNAL')).message).toContain(
      'while a deployment is in progress',
    );
    expect(it.service().deploymentController).toEqual({ type: 'ECS' });
  });

  test.each<[string, Partial<ServiceSeed>]>([
    ['deployment alarms', { alarms: { alarmNames: ['a'], enable: true, rollback: true } }],
    ['a deployment circuit breaker', { circuitBreaker: BREAKER }],
    ['the BLUE_GREEN deployment strategy', { strategy: 'BLUE_GREEN' }],
  ])('may not change away from ECS with %s', (what, more) => {
    const { message } = rehearsed(more).refusal('ecs', 'UpdateService', change('EXTERNAL'));
    expect(message).toBe(`The deployment controller cannot be changed on a service with ${what}.`);
  });

  test.each([
    ['Service Connect', { serviceConnectConfiguration: { enabled: true, namespace: 'n' } }],
    ['VPC Lattice', { vpcLatticeConfigurations: [{ roleArn: 'r', targetGroupArn: 't', portName: 'p' }] }],
  ])('may not change away from ECS with %s', (what, more) => {
    const it = rehearsed();
    it.call('ecs', 'UpdateService', { cluster: 'shop', service: 'web', ...more });
    it.until('completed', it.stable);
    expect(it.refusal('ecs', 'UpdateService', change('EXTERNAL')).message).toContain(what);
  });
});
