import type { DeploymentRecord } from '../../lib/domain/deployment.ts';
import { serviceLabel } from '../../lib/domain/deployment.ts';
import { memoryColours } from './memory-colours.ts';
import { memoryFleet } from './memory-fleet.ts';
import { journalHolding } from './memory-journal.ts';
import { memoryWorkflows, stoppedClock } from './memory-ports.ts';
import {
  blueGroup,
  blueService,
  greenName,
  greenService,
  interval,
  revision,
  revisionArn,
  serviceName,
  swapRecord,
} from './samples.ts';

/**
 * All ports of a swap, at rest: blue is live with two healthy tasks at 10.0.0.1 and 10.0.0.2, green is retired, the
 * record is open and holds the lock. All writes are in one list, `writes`, in order.
 */
export const swapGround = (record: DeploymentRecord = swapRecord()) => {
  const fleet = memoryFleet();
  const colours = memoryColours(fleet);
  fleet.services.set(serviceLabel(serviceName), blueService());
  fleet.services.set(serviceLabel(greenName), greenService());
  fleet.revisions.set(revisionArn(6), revision(6));
  fleet.tasks.set('ecs-svc/1', ['10.0.0.1', '10.0.0.2']);
  colours.traffic.register(blueGroup, 2);
  return {
    fleet,
    ...colours,
    journal: journalHolding(record),
    workflows: memoryWorkflows(),
    interval,
    clock: stoppedClock(),
    writes: fleet.writes,
  };
};

export type SwapGround = ReturnType<typeof swapGround>;
