import type {
  DescribeServiceDeploymentsRequest,
  ServiceDeployment,
  ServiceDeploymentAlarms,
} from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import { breakerThreshold } from '../world/breaker.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from '../world/records.ts';
import { unstoppedTasks } from '../world/task-health.ts';
import { checkSupported, deploymentNamed, serviceOfPart } from './find-deployment.ts';
import { revisionSummary } from './service-shape.ts';

const MOST = 20;

export const describeServiceDeployments =
  (fleet: Fleet): Operation =>
  (input) => {
    const { serviceDeploymentArns: arns = [] } = input as unknown as DescribeServiceDeploymentsRequest;
    if (arns.length > MOST)
      throw new AwsError('InvalidParameterException', `At most ${MOST} service deployments can be described.`);
    for (const arn of arns) checkSupported(fleet, serviceOfPart(fleet, arn));
    const described = arns.map((arn) => {
      const [service, deployment] = [serviceOfPart(fleet, arn), deploymentNamed(fleet, arn)];
      return service === undefined || deployment === undefined
        ? { arn, reason: 'MISSING' }
        : describedServiceDeployment(fleet, service, deployment);
    });
    return {
      serviceDeployments: described.filter((entry) => !('reason' in entry)),
      failures: described.filter((entry) => 'reason' in entry),
    };
  };

const describedServiceDeployment = (
  fleet: Fleet,
  service: ServiceRecord,
  deployment: ServiceDeploymentRecord,
): ServiceDeployment => {
  const { rollback } = deployment;
  const tasks = unstoppedTasks(fleet, service);
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: deployment.createdAt,
    startedAt: deployment.startedAt,
    finishedAt: deployment.finishedAt,
    stoppedAt: deployment.stoppedAt,
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: deployment.sources.map((revision) => revisionSummary(service, revision, tasks)),
    targetServiceRevision: revisionSummary(service, deployment.target, tasks),
    status: deployment.status,
    statusReason: deployment.statusReason,
    deploymentConfiguration: service.deploymentConfiguration,
    rollback: rollback && {
      reason: rollback.reason,
      startedAt: rollback.startedAt,
      serviceRevisionArn: rollback.revision.arn,
    },
    deploymentCircuitBreaker: {
      status: deployment.breaker,
      failureCount: deployment.failureCount,
      threshold: breakerThreshold(service.desired, service.deploymentConfiguration.deploymentCircuitBreaker),
    },
    alarms: alarmsOf(service, deployment),
  };
};

const alarmsOf = (
  { deploymentConfiguration }: ServiceRecord,
  { alarms, triggeredAlarms }: ServiceDeploymentRecord,
): ServiceDeploymentAlarms => {
  if (alarms === 'DISABLED') return { status: alarms };
  return {
    status: alarms,
    alarmNames: deploymentConfiguration.alarms?.alarmNames,
    triggeredAlarmNames: triggeredAlarms,
  };
};
