import { AwsError } from '../operation.ts';
import type { Fleet } from '../world/fleet.ts';
import type { ServiceRecord } from '../world/records.ts';
import type { TargetRecord } from './scaling.ts';
import { DIMENSION, NAMESPACE } from './scaling.ts';

/** What a request is about. */
export interface Scaled {
  ServiceNamespace?: string | undefined;
  ResourceId?: string | undefined;
  ScalableDimension?: string | undefined;
}

/** Only ECS services are scaled in this world. */
export const checkScaled = ({ ServiceNamespace, ResourceId = '', ScalableDimension }: Scaled): void => {
  const isService = /^service\/[^/]+\/[^/]+$/.test(ResourceId);
  if (ServiceNamespace === NAMESPACE && ScalableDimension === DIMENSION && isService) return;
  throw new AwsError('ValidationException', 'Unsupported service namespace, resource type or scalable dimension');
};

/** The service to be scaled; one that is deleted is none. */
export const scaledService = ({ clusters }: Fleet, resourceId: string): ServiceRecord => {
  const [, cluster = '', name = ''] = resourceId.split('/');
  const service = clusters.get(cluster)?.services.get(name);
  if (service !== undefined && service.status !== 'INACTIVE') return service;
  throw new AwsError('ValidationException', `ECS service doesn't exist: ${resourceId}`);
};

/** The scalable target of the request. Raises ObjectNotFoundException. */
export const registeredTarget = ({ scaling }: Fleet, request: Scaled): TargetRecord => {
  const { ServiceNamespace = '', ResourceId = '', ScalableDimension = '' } = request;
  const target = scaling.targets.get(ResourceId);
  if (target !== undefined && ScalableDimension === DIMENSION) return target;
  throw new AwsError(
    'ObjectNotFoundException',
    `No scalable target registered for service namespace: ${ServiceNamespace}, resource ID: ${ResourceId}, scalable dimension: ${ScalableDimension}`,
  );
};

/** Those that a Describe asks for; of other namespaces there are none. */
export const askedFor = <T extends Scaled>(all: Iterable<T>, request: Scaled): T[] =>
  [...all].filter(
    ({ ResourceId, ScalableDimension }) =>
      request.ServiceNamespace === NAMESPACE &&
      [undefined, ResourceId].includes(request.ResourceId) &&
      [undefined, ScalableDimension].includes(request.ScalableDimension),
  );
