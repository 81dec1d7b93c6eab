import type { Fleet } from './fleet.ts';
import { dateOf } from './fleet.ts';
import type { Rollout, ServiceRecord, Task } from './records.ts';

const KEPT = 100;

/** Adds a service event, newest first. The wordings below are those of ECS: service-event-messages-list in its developer guide. */
const tell = (fleet: Fleet, service: ServiceRecord, message: string): void => {
  const id = [8, 4, 4, 4, 12].map((length) => fleet.names.hex(length)).join('-');
  service.events.unshift({ id, createdAt: dateOf(fleet), message });
  service.events.length = Math.min(service.events.length, KEPT);
};

const listed = (tasks: Task[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');

export const tellStarted = (fleet: Fleet, service: ServiceRecord, tasks: Task[]): void => {
  tell(fleet, service, `(service ${service.name}) has started ${tasks.length} tasks: ${listed(tasks)}.`);
};

export const tellStopped = (fleet: Fleet, service: ServiceRecord, tasks: Task[]): void => {
  tell(fleet, service, `(service ${service.name}) has stopped ${tasks.length} running tasks: ${listed(tasks)}.`);
};

export const tellRegistered = (fleet: Fleet, { service }: Task, groupArn: string): void => {
  tell(fleet, service, `(service ${service.name}) registered 1 targets in (target-group ${groupArn})`);
};

export const tellDeregistered = (fleet: Fleet, { service, rollout }: Task, groupArn: string): void => {
  tell(fleet, service, `(service ${service.name}) deregistered 1 targets in (target-group ${groupArn})`);
  tell(fleet, service, `(service ${service.name}, taskSet ${rollout.id}) has begun draining connections on 1 tasks.`);
};

export interface UnhealthyTarget {
  groupArn: string;
  port: number;
  reason: string;
}

export const tellUnhealthyTarget = (fleet: Fleet, task: Task, { groupArn, port, reason }: UnhealthyTarget): void => {
  const where = `(service ${task.service.name}) (task ${task.id}) (port ${port})`;
  tell(fleet, task.service, `${where} is unhealthy in (target-group ${groupArn}) due to (reason ${reason}).`);
};

export const tellUnhealthyContainers = (fleet: Fleet, { service, id }: Task): void => {
  tell(fleet, service, `(service ${service.name}) (task ${id}) failed container health checks.`);
};

export const tellCompleted = (fleet: Fleet, service: ServiceRecord, { id }: Rollout): void => {
  tell(fleet, service, `(service ${service.name}) (deployment ${id}) deployment completed.`);
};

export const tellFailed = (
  fleet: Fleet,
  service: ServiceRecord,
  { rollout, what }: { rollout: Rollout; what: string },
): void => {
  tell(fleet, service, `(service ${service.name}) (deployment ${rollout.id}) deployment failed: ${what}.`);
};

export const tellRollingBack = (fleet: Fleet, service: ServiceRecord, toRolloutId: string): void => {
  tell(fleet, service, `(service ${service.name}) rolling back to deployment ${toRolloutId}.`);
};

export const tellSteady = (fleet: Fleet, service: ServiceRecord): void => {
  tell(fleet, service, `(service ${service.name}) has reached a steady state.`);
};

export const tellStalled = (fleet: Fleet, service: ServiceRecord): void => {
  tell(
    fleet,
    service,
    `(service ${service.name}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`,
  );
};

export const tellUnableToStart = (fleet: Fleet, service: ServiceRecord): void => {
  tell(
    fleet,
    service,
    `(service ${service.name}) is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
  );
};
