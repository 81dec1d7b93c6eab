import { memoryAlarms } from './memory-alarms.ts';
import type { MemoryFleet } from './memory-fleet.ts';
import { memoryScaling } from './memory-scaling.ts';
import { memoryServiceCopies } from './memory-service-copies.ts';
import { memoryTraffic } from './memory-traffic.ts';

/** What a swap of colours sees besides a fleet; all writes are in the fleet's list, in order. */
export const memoryColours = (fleet: MemoryFleet) => ({
  traffic: memoryTraffic(fleet.writes),
  scaling: memoryScaling(fleet.writes),
  alarms: memoryAlarms(),
  copies: memoryServiceCopies(fleet),
});
