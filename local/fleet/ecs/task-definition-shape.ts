import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { TaskDefinitionRecord } from '../world/records.ts';
import { isActive } from './find.ts';

/** What was registered, unchanged, with the members that only AWS sets. Tags are never inside. */
export const describedTaskDefinition = (record: TaskDefinitionRecord): TaskDefinition => ({
  ...record.registered,
  taskDefinitionArn: record.arn,
  revision: record.revision,
  status: isActive(record) ? 'ACTIVE' : 'INACTIVE',
  volumes: record.registered.volumes ?? [],
  placementConstraints: record.registered.placementConstraints ?? [],
  ...record.readOnly,
  deregisteredAt: record.deregisteredAt,
});
