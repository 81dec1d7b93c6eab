import type { DeregisterTaskDefinitionRequest, DescribeTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { dateOf } from '../world/fleet.ts';
import type { TaskDefinitionRecord } from '../world/records.ts';
import { isActive, taskDefinitionNamed } from './find.ts';
import { describedTaskDefinition } from './task-definition-shape.ts';

/**
 * Tags come beside the task definition, and only when `include` asks for them. An INACTIVE one is told only while a
 * task or a service still refers to it: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
 */
export const describeTaskDefinition =
  (fleet: Fleet): Operation =>
  (input) => {
    const { taskDefinition = '', include = [] } = input as unknown as DescribeTaskDefinitionRequest;
    const record = taskDefinitionNamed(fleet, taskDefinition);
    if (record === undefined || !(isActive(record) || isReferred(fleet, record))) {
      throw new AwsError('ClientException', 'Unable to describe task definition.');
    }
    const tags = include.includes('TAGS') ? { tags: fleet.tags.get(record.arn) ?? [] } : {};
    return { taskDefinition: describedTaskDefinition(record), ...tags };
  };

/** A service keeps its rollouts for as long as they have tasks. */
const isReferred = ({ clusters }: Fleet, record: TaskDefinitionRecord): boolean =>
  [...clusters.values()]
    .flatMap(({ services }) => [...services.values()].flatMap(({ rollouts }) => rollouts))
    .some(({ revision }) => revision.taskDefinition.arn === record.arn);

/** Services go on with an INACTIVE revision; none can be updated to it. AWS takes up to 10 minutes for that, this world none. */
export const deregisterTaskDefinition =
  (fleet: Fleet): Operation =>
  (input) => {
    const { taskDefinition = '' } = input as unknown as DeregisterTaskDefinitionRequest;
    if (!/:\d+$/.test(taskDefinition)) {
      throw new AwsError(
        'ClientException',
        `Invalid revision number. Number: ${taskDefinition.split(':').at(-1) ?? ''}`,
      );
    }
    const record = taskDefinitionNamed(fleet, taskDefinition);
    if (record === undefined) throw new AwsError('ClientException', 'The specified task definition does not exist.');
    if (isActive(record)) record.deregisteredAt = dateOf(fleet);
    return { taskDefinition: describedTaskDefinition(record) };
  };
