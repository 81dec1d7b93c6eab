import type { UpdateServiceRequest } from '@aws-sdk/client-ecs';
import { AwsError } from '../operation.ts';
import type { ServiceRecord, ServiceSettings } from '../world/records.ts';

type Controller = 'ECS' | 'CODE_DEPLOY' | 'EXTERNAL';

/** Who deploys the service. */
export const controllerOf = ({ deploymentController }: ServiceSettings): Controller =>
  deploymentController?.type ?? 'ECS';

const MAY_BECOME: Record<Controller, readonly Controller[]> = {
  ECS: ['EXTERNAL'],
  CODE_DEPLOY: ['ECS', 'EXTERNAL'],
  EXTERNAL: ['ECS'],
};

const refuse = (message: string): never => {
  throw new AwsError('InvalidParameterException', message);
};

/**
 * ECS rolls only what it is the controller of, and controllers change only within limits:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html
 */
export const checkController = (service: ServiceRecord, request: UpdateServiceRequest): void => {
  const present = controllerOf(service.settings);
  const next = request.deploymentController?.type ?? present;
  if (next !== present) checkChange(service, present, next);
  const { taskDefinition, forceNewDeployment } = request;
  if (next === 'ECS' || (taskDefinition === undefined && forceNewDeployment !== true)) return;
  const hint = next === 'CODE_DEPLOY' ? ' Use AWS CodeDeploy to trigger a new deployment.' : '';
  const what = taskDefinition === undefined ? 'force a new deployment' : 'update task definition';
  refuse(
    `Unable to ${what} on services with ${next === 'EXTERNAL' ? 'an' : 'a'} ${next} deployment controller.${hint}`,
  );
};

const checkChange = (service: ServiceRecord, from: Controller, to: Controller): void => {
  if (!MAY_BECOME[from].includes(to)) refuse(`The deployment controller cannot be changed from ${from} to ${to}.`);
  if (service.rollouts[0]?.state === 'IN_PROGRESS') {
    refuse('The deployment controller cannot be changed while a deployment is in progress.');
  }
  const bound = from === 'ECS' ? onlyWithEcs(service) : undefined;
  if (bound !== undefined) refuse(`The deployment controller cannot be changed on a service with ${bound}.`);
};

/** What only ECS as the controller can do, if the service has it. */
const onlyWithEcs = ({ deploymentConfiguration, revisionSettings }: ServiceRecord): string | undefined => {
  const { alarms, deploymentCircuitBreaker, strategy = 'ROLLING' } = deploymentConfiguration;
  if (alarms?.enable === true) return 'deployment alarms';
  if (deploymentCircuitBreaker?.enable === true) return 'a deployment circuit breaker';
  if (strategy !== 'ROLLING') return `the ${strategy} deployment strategy`;
  if (revisionSettings.vpcLatticeConfigurations?.length) return 'VPC Lattice';
  return revisionSettings.serviceConnectConfiguration?.enabled === true ? 'Service Connect' : undefined;
};
