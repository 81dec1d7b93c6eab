import type { Operations, ResourcesOf } from '../operation.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded, ServiceView } from '../seeds.ts';

/** The world as the wire needs it: what AWS calls do there, and what the control calls put in and read back. */
export interface PlayedWorld {
  operations: Operations;
  resourcesOf: ResourcesOf;
  putImage: (seed: ImageSeed) => { digest: string };
  putService: (seed: ServiceSeed) => ServiceSeeded;
  serviceView: (cluster: string, service: string) => ServiceView;
  tweak: (cluster: string, service: string, change: Record<string, unknown>) => void;
}
