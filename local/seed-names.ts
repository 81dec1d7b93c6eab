/** The set-up of the guide that this product replaces, by its own names. */
export const seedNames = {
  cluster: 'govcloud-ml-platform-ecs-cluster',
  service: 'govcloud-ml-platform-ml-service',
  container: 'ml-container',
  family: 'govcloud-ml-platform-ml-workload',
  repository: 'govcloud-ml-platform-ml-workload',
  gitlabSecret: 'govcloud-ml-platform-gitlab-credentials',
  taskRole: 'govcloud-ml-platform-ecs-task-role',
  executionRole: 'govcloud-ml-platform-ecs-task-execution-role',
} as const;
