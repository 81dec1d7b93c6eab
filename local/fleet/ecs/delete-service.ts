import type { DeleteServiceRequest } from '@aws-sdk/client-ecs';
import type { Operation } from '../operation.ts';
import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import { findService } from './find.ts';
import { describedService } from './service-shape.ts';

/** A service of replicas that is scaled above 0 is deleted only by force. It is DRAINING until its tasks are gone, then INACTIVE. */
export const deleteService =
  (fleet: Fleet): Operation =>
  (input) => {
    const request = input as unknown as DeleteServiceRequest;
    const service = findService(fleet, request);
    if (service.status === 'INACTIVE') throw new AwsError('ServiceNotFoundException', 'Service not found.');
    const needsForce = service.desired > 0 && service.settings.schedulingStrategy !== 'DAEMON';
    if (needsForce && request.force !== true && service.status === 'ACTIVE') {
      throw new AwsError('InvalidParameterException', 'The service cannot be stopped while it is scaled above 0.');
    }
    service.status = 'DRAINING';
    service.desired = 0;
    fleet.wake(service);
    return { service: describedService(fleet, service) };
  };
