import type { StopServiceDeploymentRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { rollBack, setStatus } from '../world/rollouts.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from '../world/records.ts';
import { checkSupported, deploymentNamed, serviceOfPart } from './find-deployment.ts';

const STOPPABLE = ['PENDING', 'IN_PROGRESS'];
const ALREADY = ['STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];
const REASON = 'Service deployment rolled back because of a request to stop it.';

/** Rolls a running service deployment back to what completed last, also when no rollback is configured. */
export const stopServiceDeployment =
  (fleet: Fleet): Operation =>
  (input) => {
    const { serviceDeploymentArn: arn = '', stopType = 'ROLLBACK' } = input as unknown as StopServiceDeploymentRequest;
    const service = serviceOfPart(fleet, arn);
    checkSupported(fleet, service);
    const deployment = deploymentNamed(fleet, arn);
    if (service === undefined || deployment === undefined) {
      throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
    }
    if (stopType !== 'ROLLBACK') {
      throw new AwsError('InvalidParameterException', `The stop type ${stopType} is not supported.`);
    }
    if (STOPPABLE.includes(deployment.status)) request(fleet, service, deployment);
    else if (!ALREADY.includes(deployment.status)) {
      throw new AwsError(
        'ConflictException',
        `The service deployment is in status ${deployment.status} and cannot be stopped.`,
      );
    }
    return { serviceDeploymentArn: arn };
  };

/** ROLLBACK_REQUESTED now; within seconds the rollback begins, unless another rollout took over or there is nothing to go back to. */
const request = (fleet: Fleet, service: ServiceRecord, deployment: ServiceDeploymentRecord): void => {
  setStatus(fleet, deployment, { status: 'ROLLBACK_REQUESTED', reason: REASON });
  fleet.clock.after(fleet.chance.milliseconds(1, 3), () => {
    const [from] = service.rollouts;
    if (from?.deployment !== deployment || deployment.status !== 'ROLLBACK_REQUESTED') return;
    const to = service.lastCompleted;
    if (to === undefined) {
      from.moves = false;
      setStatus(fleet, deployment, {
        status: 'ROLLBACK_FAILED',
        reason: 'No rollback candidate was found to run the rollback.',
      });
      return;
    }
    rollBack(fleet, service, { from, to, reason: REASON });
  });
};
