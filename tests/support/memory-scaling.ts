import { serviceLabel } from '../../lib/domain/deployment.ts';
import type { ScalableTarget, ServiceScaling } from '../../lib/domain/scaling.ts';
import type { Scaling } from '../../lib/ports/scaling.ts';

/** Application Auto Scaling as a test scripts it: it never scales by itself. */
export interface MemoryScaling extends Scaling {
  /** by the service's label */
  services: Map<string, ServiceScaling>;
  /** each write, in order: `scale prod/web 2–10`, with what rests: `scale prod/web 0–10, no scale-in, no scale-out, no schedule` */
  writes: string[];
}

export const awake = { scaleIn: false, scaleOut: false, scheduled: false };

const written = ({ min, max, suspended }: ScalableTarget): string =>
  [
    `${min}–${max}`,
    ...(suspended.scaleIn ? ['no scale-in'] : []),
    ...(suspended.scaleOut ? ['no scale-out'] : []),
    ...(suspended.scheduled ? ['no schedule'] : []),
  ].join(', ');

const nothing: ServiceScaling = { policies: [], scheduledActions: [] };

/** Knows of no service, unless the test puts some in. */
export const memoryScaling = (writes: string[] = []): MemoryScaling => {
  const services: MemoryScaling['services'] = new Map();
  return {
    services,
    writes,
    of: async (name) => Promise.resolve(structuredClone(services.get(serviceLabel(name)) ?? nothing)),
    target: async (name) => Promise.resolve(structuredClone(services.get(serviceLabel(name))?.target)),
    set: async (name, target) => {
      const label = serviceLabel(name);
      services.set(label, { ...(services.get(label) ?? nothing), target: structuredClone(target) });
      writes.push(`scale ${label} ${written(target)}`);
      return Promise.resolve();
    },
  };
};
