import { rehearsed } from './rehearsed-world.ts';
import type { Rehearsed } from './rehearsed-world.ts';

const alarms = { alarmNames: ['too-slow', 'too-many-errors'], enable: true, rollback: true };

const sound = ({ world }: Rehearsed, alarm: string): void => {
  world.tweak('shop', 'web', { alarm });
};

describe('a rollout whose service watches alarms', () => {
  test('is rolled back when one of them goes off, in both views', () => {
    const it = rehearsed({ alarms });
    const [good] = it.service().deployments ?? [];
    it.deploy('2');
    it.clock.advance(30_000);
    const [bad] = it.service().deployments ?? [];
    const [{ serviceDeploymentArn } = {}] = it.deployments();
    expect(it.deployments()[0]?.alarms).toEqual({
      status: 'MONITORING',
      alarmNames: alarms.alarmNames,
      triggeredAlarmNames: [],
    });
    sound(it, 'too-slow');
    const [back, failed] = it.service().deployments ?? [];
    expect([good?.id, bad?.id]).not.toContain(back?.id);
    expect(back).toMatchObject({ rolloutState: 'IN_PROGRESS', taskDefinition: it.seeded.taskDefinitionArn });
    expect(failed).toMatchObject({ id: bad?.id, rolloutState: 'FAILED' });
    expect(it.deployments()[0]).toMatchObject({
      serviceDeploymentArn,
      status: 'ROLLBACK_IN_PROGRESS',
      rollback: { serviceRevisionArn: it.deployments()[1]?.targetServiceRevision?.arn },
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: ['too-slow'] },
    });
    expect(it.view().events).toEqual(
      expect.arrayContaining([
        `(service web) (deployment ${bad?.id ?? ''}) deployment failed: alarm detected.`,
        `(service web) rolling back to deployment ${good?.id ?? ''}.`,
      ]),
    );
    it.until('rolled back', () => it.deployments()[0]?.status === 'ROLLBACK_SUCCESSFUL');
    expect(it.service()).toMatchObject({
      taskDefinition: it.seeded.taskDefinitionArn,
      deployments: [{ id: back?.id }],
    });
  });

  test('is FAILED and stopped without rollback, and a second failure on the way back stalls', () => {
    const stopped = rehearsed({ alarms: { ...alarms, rollback: false } });
    stopped.deploy('2');
    sound(stopped, 'too-slow');
    expect(stopped.service().deployments?.[0]?.rolloutState).toBe('FAILED');
    stopped.clock.advance(10_000);
    expect(stopped.deployments()[0]?.status).toBe('STOPPED');
    const stalled = rehearsed({ alarms });
    stalled.deploy('2');
    sound(stalled, 'too-slow');
    sound(stalled, 'too-many-errors');
    stalled.clock.advance(3_600_000);
    expect(stalled.service().deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    expect(stalled.deployments()[0]?.status).toBe('ROLLBACK_IN_PROGRESS');
  });

  test('is watched for a minute more once it has all it needs, and completes only then', () => {
    const it = rehearsed({ alarms });
    it.deploy('2');
    const asked = it.until('all tasks', it.stable);
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS', runningCount: 2 }]);
    const baked = it.until('completed', () => it.service().deployments?.[0]?.rolloutState === 'COMPLETED');
    expect(asked).toBeGreaterThan(50);
    expect(baked).toBeGreaterThanOrEqual(60);
    expect(baked).toBeLessThan(70);
    expect(it.deployments()[0]).toMatchObject({ status: 'SUCCESSFUL', alarms: { status: 'MONITORING_COMPLETE' } });
  });

  test('is watched anew when it loses a task meanwhile', () => {
    const it = rehearsed({ alarms, desiredCount: 1 });
    it.deploy('crashes', { does: 'become healthy, then crash', after: 1, crashAfter: 90, code: 1 });
    it.until('all tasks', it.stable);
    const reached = it.clock.now();
    it.until('a crash', () => it.tasks('STOPPED').some(({ stopCode }) => stopCode === 'EssentialContainerExited'));
    expect(it.clock.now() - reached).toBeLessThan(60_000);
    it.until('healthy again', () => it.view().tasks.at(-1)?.health === 'healthy');
    it.clock.advance(10_000);
    expect(it.clock.now() - reached).toBeGreaterThan(60_000);
    expect(it.service().deployments).toMatchObject([{ rolloutState: 'IN_PROGRESS', runningCount: 1 }]);
  });

  test('takes no notice of an alarm before it began or after it completed', () => {
    const it = rehearsed({ alarms });
    sound(it, 'too-slow');
    const revision = it.deploy('2');
    it.until('completed', () => it.service().deployments?.[0]?.rolloutState === 'COMPLETED');
    sound(it, 'too-slow');
    it.clock.advance(60_000);
    expect(it.service().taskDefinition).toBe(revision);
    expect(it.deployments()[0]?.status).toBe('SUCCESSFUL');
  });

  test('is of no alarm that it does not watch', () => {
    for (const [it, name] of [
      [rehearsed({ alarms }), 'another'],
      [rehearsed(), 'too-slow'],
      [rehearsed({ alarms: { ...alarms, enable: false } }), 'too-slow'],
    ] as const) {
      expect(() => {
        sound(it, name);
      }).toThrow(`watches no alarm ${name}`);
    }
  });
});
