import { serviceLabel } from '../../lib/domain/deployment.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { revisionName } from '../../lib/domain/revision.ts';
import type { ServiceState } from '../../lib/domain/rollout.ts';
import type { DescribedService } from '../../lib/domain/service-copy.ts';
import type { ServiceCopies } from '../../lib/ports/service-copies.ts';
import type { MemoryFleet } from './memory-fleet.ts';
import { rollout, serviceDeploymentArn, service } from './samples.ts';

/** Services as a whole. What is created stands in the fleet from then on. */
export interface MemoryServiceCopies extends ServiceCopies {
  /** by the service's label */
  described: Map<string, DescribedService>;
  /** the requests that created a service */
  created: Record<string, unknown>[];
}

interface Request {
  cluster?: string;
  serviceName?: string;
  taskDefinition?: string;
  desiredCount?: number;
  clientToken?: string;
  loadBalancers?: { targetGroupArn?: string }[];
}

/** As ECS answers it: its first rollout just begins. */
const made = (request: Request, number: number): ServiceState => {
  const { taskDefinition = '', desiredCount = 0, loadBalancers = [] } = request;
  const counts = { desired: desiredCount, running: 0, pending: desiredCount };
  const id = `ecs-svc/created-${number}`;
  return service({
    arn: service().arn.replace(/[^/]+$/, request.serviceName ?? ''),
    ...counts,
    revision: taskDefinition,
    targetGroups: loadBalancers.flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
    serviceDeployment: serviceDeploymentArn(`created-${number}`),
    rollouts: [
      rollout({
        ...{ id, revision: taskDefinition, state: 'IN_PROGRESS' },
        ...{ reason: `ECS deployment ${id} in progress.`, ...counts },
      }),
    ],
  });
};

/** Its writes (`create prod/web-green web:8 × 2`) stand among the fleet's. A name that is ACTIVE or DRAINING is taken. */
export const memoryServiceCopies = (fleet: MemoryFleet): MemoryServiceCopies => {
  const described: MemoryServiceCopies['described'] = new Map();
  const created: MemoryServiceCopies['created'] = [];
  return {
    described,
    created,
    describe: async (name) => Promise.resolve(structuredClone(described.get(serviceLabel(name)))),
    create: async (request) => {
      await Promise.resolve();
      const {
        cluster = '',
        serviceName: called = '',
        clientToken,
        taskDefinition = '',
        desiredCount = 0,
      } = request as Request;
      const label = serviceLabel({ cluster, service: called });
      const there = fleet.services.get(label);
      const isRepeated = created.some((one) => one['clientToken'] === clientToken);
      if (there !== undefined && there.status !== 'INACTIVE') {
        if (isRepeated) return structuredClone(there);
        throw new DeployFailure('AwsRefused', 'CreateService: InvalidParameterException');
      }
      const { family, number } = revisionName(taskDefinition);
      const state = made(request, created.push(structuredClone(request)));
      fleet.services.set(label, state);
      fleet.writes.push(`create ${label} ${family}:${number} × ${desiredCount}`);
      return structuredClone(state);
    },
  };
};
