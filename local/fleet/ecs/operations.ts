import type { Operation } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { describeClusters, listClusters } from './clusters.ts';
import { createService } from './create-service.ts';
import { deleteService } from './delete-service.ts';
import { describeServiceDeployments } from './describe-service-deployments.ts';
import { describeServiceRevisions } from './describe-service-revisions.ts';
import { describeServices } from './describe-services.ts';
import { deregisterTaskDefinition, describeTaskDefinition } from './describe-task-definition.ts';
import { describeTasks } from './describe-tasks.ts';
import { listServiceDeployments } from './list-service-deployments.ts';
import { listServices } from './list-services.ts';
import { listTaskDefinitions } from './list-task-definitions.ts';
import { listTasks } from './list-tasks.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { stopServiceDeployment } from './stop-service-deployment.ts';
import { listTagsForResource, tagResource } from './tags.ts';
import { updateService } from './update-service.ts';

export const ecsOperations = (fleet: Fleet): Record<string, Operation> => ({
  CreateService: createService(fleet),
  DeleteService: deleteService(fleet),
  DeregisterTaskDefinition: deregisterTaskDefinition(fleet),
  DescribeClusters: describeClusters(fleet),
  DescribeServiceDeployments: describeServiceDeployments(fleet),
  DescribeServiceRevisions: describeServiceRevisions(fleet),
  DescribeServices: describeServices(fleet),
  DescribeTaskDefinition: describeTaskDefinition(fleet),
  DescribeTasks: describeTasks(fleet),
  ListClusters: listClusters(fleet),
  ListServiceDeployments: listServiceDeployments(fleet),
  ListServices: listServices(fleet),
  ListTagsForResource: listTagsForResource(fleet),
  ListTaskDefinitions: listTaskDefinitions(fleet),
  ListTasks: listTasks(fleet),
  RegisterTaskDefinition: registerTaskDefinition(fleet),
  StopServiceDeployment: stopServiceDeployment(fleet),
  TagResource: tagResource(fleet),
  UpdateService: updateService(fleet),
});
