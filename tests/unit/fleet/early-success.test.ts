import type { ServiceSeed } from '../../../local/fleet/seeds.ts';
import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const early = (
  sourceServiceRevisionCleanup: 'BLOCKING' | 'DEFERRED',
  healthyPercent: number,
  more: Partial<ServiceSeed> = {},
): Rehearsed =>
  rehearsed({
    desiredCount: 4,
    minimumHealthyPercent: 50,
    earlySuccess: { healthyPercent, sourceServiceRevisionCleanup },
    ...more,
  });

const completed = ({ service }: Rehearsed): boolean => service().deployments?.[0]?.rolloutState === 'COMPLETED';

describe('a rollout that may succeed early', () => {
  test('DEFERRED completes while old tasks are still there, in both views', () => {
    const it = early('DEFERRED', 100);
    const revision = it.deploy('2');
    it.until('completed', () => completed(it));
    expect(it.deployments()[0]?.status).toBe('SUCCESSFUL');
    expect(it.service().deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'COMPLETED', taskDefinition: revision },
      { status: 'ACTIVE', rolloutState: 'COMPLETED' },
    ]);
    expect(it.stable()).toBe(false);
    it.until('the old ones are gone', it.stable);
    expect(it.service()).toMatchObject({ runningCount: 4, taskDefinition: revision });
  });

  test('BLOCKING waits for the old ones to be gone', () => {
    const it = early('BLOCKING', 100);
    it.deploy('2');
    it.until('completed', () => completed(it));
    expect(it.service().deployments).toHaveLength(1);
  });

  test('needs only its share of healthy tasks, rounded up; the others are started in the background', () => {
    const it = early('DEFERRED', 50, { desiredCount: 3, maximumPercent: 100 });
    const revision = it.deploy('2');
    it.until('completed', () => completed(it));
    expect(it.service().deployments?.[0]).toMatchObject({ taskDefinition: revision, runningCount: 2 });
    it.until('stable', it.stable);
    expect(it.service().deployments?.[0]).toMatchObject({ taskDefinition: revision, runningCount: 3 });
  });

  test('fails no more once it has succeeded', () => {
    const it = early('DEFERRED', 50, { circuitBreaker: { enable: true, rollback: true } });
    const revision = it.deploy('crashes', { does: 'become healthy, then crash', after: 1, crashAfter: 60, code: 1 });
    it.until('completed', () => completed(it));
    it.clock.advance(1_800_000);
    expect(it.service().taskDefinition).toBe(revision);
    expect(it.deployments()[0]?.status).toBe('SUCCESSFUL');
  });

  test('is refused with a share below the minimum, or without saying what becomes of the old tasks', () => {
    const it = rehearsed();
    const refusal = (earlySuccessCriteria: object): string => {
      const deploymentConfiguration = { earlySuccessCriteria };
      const update = { cluster: 'shop', service: 'web', deploymentConfiguration };
      const made = { cluster: 'shop', serviceName: 'new', taskDefinition: 'web', deploymentConfiguration };
      const codes = [it.refusal('ecs', 'UpdateService', update), it.refusal('ecs', 'CreateService', made)];
      return codes.map(({ code }) => code).join(' ');
    };
    const twice = 'InvalidParameterException InvalidParameterException';
    expect(refusal({ enable: true, healthyPercent: 99, sourceServiceRevisionCleanup: 'DEFERRED' })).toBe(twice);
    expect(refusal({ enable: true, healthyPercent: 100 })).toBe(twice);
    expect(refusal({ enable: true, sourceServiceRevisionCleanup: 'DEFERRED' })).toBe(twice);
  });
});
