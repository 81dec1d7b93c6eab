import type { ListTasksRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { pageOf } from '../world/page.ts';
import type { Task } from '../world/records.ts';
import { findCluster, findService } from './find.ts';

/** By desired status, RUNNING unless asked otherwise: a task that is draining is already listed under STOPPED, as on AWS. */
export const listTasks =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as ListTasksRequest;
    const cluster = findCluster(fleet, request.cluster);
    const service =
      request.serviceName === undefined
        ? undefined
        : findService(fleet, { cluster: request.cluster, service: request.serviceName });
    const tasks = [...fleet.tasks.values()].filter(
      (task) =>
        task.service.cluster.arn === cluster.arn &&
        (service === undefined || task.service.arn === service.arn) &&
        fits(task, request),
    );
    const page = pageOf(tasks, { nextToken: request.nextToken, maxResults: request.maxResults ?? 100 });
    return { taskArns: page.items.map(({ arn }) => arn), nextToken: page.nextToken };
  };

/** No task of this world runs on a container instance or was started by a daemon. */
const fits = ({ desiredStatus, rollout, service }: Task, request: ListTasksRequest): boolean =>
  desiredStatus === (request.desiredStatus ?? 'RUNNING') &&
  (request.family === undefined || request.family === rollout.revision.taskDefinition.family) &&
  (request.startedBy === undefined || request.startedBy === rollout.id) &&
  (request.launchType === undefined || request.launchType === service.settings.launchType) &&
  request.containerInstance === undefined &&
  request.daemonName === undefined;
