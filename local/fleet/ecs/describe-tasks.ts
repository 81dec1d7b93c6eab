import type { DescribeTasksRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { ecsArn } from '../world/arns.ts';
import type { Fleet } from '../world/fleet.ts';
import { findCluster } from './find.ts';
import { describedTask, tagsOf } from './task-shape.ts';

const MOST = 100;

/** Tasks that stopped more than an hour ago are MISSING, like unknown ones. */
export const describeTasks =
  (fleet: Fleet): Operation =>
  (input) => {
    const { cluster, tasks = [], include = [] } = input as unknown as DescribeTasksRequest;
    const { name } = findCluster(fleet, cluster);
    if (tasks.length === 0) throw new AwsError('InvalidParameterException', 'Tasks cannot be empty.');
    if (tasks.length > MOST)
      throw new AwsError('InvalidParameterException', `Tasks cannot have more than ${MOST} elements.`);
    const arns = tasks.map((task) => (task.startsWith('arn:') ? task : ecsArn(fleet, `task/${name}/${task}`)));
    const isHere = (arn: string): boolean => fleet.tasks.get(arn)?.service.cluster.name === name;
    return {
      tasks: arns.filter(isHere).flatMap((arn) => {
        const task = fleet.tasks.get(arn);
        if (task === undefined) return [];
        return [{ ...describedTask(task), ...(include.includes('TAGS') ? { tags: tagsOf(fleet, task) } : {}) }];
      }),
      failures: arns.filter((arn) => !isHere(arn)).map((arn) => ({ arn, reason: 'MISSING' })),
    };
  };
