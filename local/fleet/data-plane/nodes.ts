import type { Fleet } from '../world/fleet.ts';
import type { RoutingTable } from './routing.ts';
import { routingTable } from './routing.ts';

const NODES = 3;
/** Seconds of world time at most until a node has taken a change over; Describe shows the change at once. */
const SLOWEST_NODE = 10;

/** The load balancer's nodes. Each takes a change over after a lag of its own, one change after the other. */
export interface Nodes {
  /** Has the nodes take over the rules and targets of this moment, each in its time. */
  changed: () => void;
  /** Has all nodes take them over now, as in a world that has stood for long. */
  settle: () => void;
  /** What one of the nodes, met by chance, routes by. */
  table: () => RoutingTable;
}

export const startNodes = (fleet: Fleet): Nodes => {
  let version = 0;
  const nodes = Array.from({ length: NODES }, () => ({ table: routingTable(fleet, version), busyUntil: 0 }));
  return {
    changed: () => {
      version += 1;
      const table = routingTable(fleet, version);
      const now = fleet.clock.now();
      for (const node of nodes) {
        // A change never overtakes an earlier one, so that a burst of changes does not arrive sooner than a single one.
        node.busyUntil = Math.max(node.busyUntil, now + fleet.chance.milliseconds(0, SLOWEST_NODE));
        fleet.clock.after(node.busyUntil - now, () => {
          if (node.table.version < table.version) node.table = table;
        });
      }
    },
    settle: () => {
      version += 1;
      for (const node of nodes) node.table = routingTable(fleet, version);
    },
    table: () => nodes[Math.floor(fleet.traffic.between(0, NODES))]?.table ?? routingTable(fleet, version),
  };
};
