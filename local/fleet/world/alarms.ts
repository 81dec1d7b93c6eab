import { failRollout } from './failed-rollout.ts';
import type { Fleet } from './fleet.ts';
import { SECOND } from './fleet.ts';
import type { Rollout, ServiceRecord } from './records.ts';

/** How long alarms are watched once a rollout has reached what it is for; ECS computes that from the alarms themselves. */
const BAKE = 60 * SECOND;

/**
 * An alarm goes off that the rollouts of the service watch. One that went off before a rollout began does nothing to it:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export const soundAlarm = (fleet: Fleet, service: ServiceRecord, name: string): void => {
  const { alarms } = service.deploymentConfiguration;
  if (alarms?.enable !== true || alarms.alarmNames?.includes(name) !== true) {
    throw new Error(`The service ${service.name} watches no alarm ${name}`);
  }
  const [rollout] = service.rollouts;
  if (rollout?.state !== 'IN_PROGRESS' || !rollout.moves) return;
  rollout.deployment.alarms = 'TRIGGERED';
  rollout.deployment.triggeredAlarms = [name];
  failRollout(
    fleet,
    { service, rollout },
    {
      goesBack: alarms.rollback === true,
      noticedBy: 'ECS deployment alarm',
      what: 'alarm detected',
      because: 'an alarm was detected',
    },
  );
};

/** Whether a rollout that has all it needs has also been watched for long enough. Without alarms it need not be. */
export const isBaked = (fleet: Fleet, service: ServiceRecord, rollout: Rollout): boolean => {
  if (service.deploymentConfiguration.alarms?.enable !== true) return true;
  const now = fleet.clock.now();
  if (rollout.reachedAt === undefined) {
    rollout.reachedAt = now;
    fleet.clock.after(BAKE, () => {
      fleet.wake(service);
    });
  }
  return now - rollout.reachedAt >= BAKE;
};
