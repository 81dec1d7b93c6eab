import type { ServiceTraffic } from '../traffic-view.ts';

export interface TrafficCount {
  /** Counts one answer under that name. A failure is what a user takes for one. */
  add: (service: string, status: number) => void;
  sums: () => Record<string, ServiceTraffic>;
}

/** Two numbers for each service, however long the traffic lasts. */
export const trafficCount = (): TrafficCount => {
  const counts = new Map<string, ServiceTraffic>();
  return {
    add: (service, status) => {
      const count = counts.get(service) ?? { requests: 0, failures: 0 };
      count.requests += 1;
      if (status >= 400) count.failures += 1;
      counts.set(service, count);
    },
    sums: () => Object.fromEntries([...counts].map(([service, count]) => [service, { ...count }])),
  };
};
