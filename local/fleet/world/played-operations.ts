import { ecrOperations } from '../ecr/operations.ts';
import { ecsOperations } from '../ecs/operations.ts';
import { elbv2Operations } from '../elbv2/operations.ts';
import type { Input, Operation, Operations, ServiceName } from '../operation.ts';
import { isRead } from '../operation.ts';
import type { Past } from '../past/past.ts';
import { scalingOperations } from '../scaling/operations.ts';
import { copyOf } from './copy.ts';
import type { Fleet } from './fleet.ts';

const SERVICES = {
  ecs: ecsOperations,
  ecr: ecrOperations,
  elbv2: elbv2Operations,
  'application-autoscaling': scalingOperations,
} satisfies Record<ServiceName, (fleet: Fleet) => Record<string, Operation>>;

/**
 * The operations as clients meet them: writes take effect at once, reads see the world as it is shown to them. Behind
 * `writes` of them, reads answer as before the latest writes.
 */
export const playedOperations = (fleet: Fleet, past: Past, writes = 0): Operations => {
  const played = (service: ServiceName): Record<string, Operation> =>
    Object.fromEntries(
      Object.entries(SERVICES[service](fleet)).map(([operation, act]) => [
        operation,
        isolated(
          isRead(operation) ? read({ past, service, operation, writes }) : written({ past, service, operation }, act),
        ),
      ]),
    );
  return {
    ecs: played('ecs'),
    ecr: played('ecr'),
    elbv2: played('elbv2'),
    'application-autoscaling': played('application-autoscaling'),
  };
};

/** What goes in and out is copied, so that neither side can change the other's. */
const isolated =
  (act: Operation): Operation =>
  (input) =>
    copyOf(act(copyOf(input)));

interface Played {
  past: Past;
  service: ServiceName;
  operation: string;
}

const read =
  ({ past, service, operation, writes }: Played & { writes: number }): Operation =>
  (input: Input) => {
    const shown = past.shown({ service, operation, input }, writes);
    const act = SERVICES[service](shown)[operation];
    if (act === undefined) throw new Error(`no operation ${operation}`);
    return act(input);
  };

const written =
  ({ past, service, operation }: Played, act: Operation): Operation =>
  (input) => {
    const done = past.beforeWrite({ service, operation, input });
    const output = act(input);
    done();
    return output;
  };
