import type { Operations, PermissionsOf } from '../operation.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded, ServiceView, WorldDefaults } from '../seeds.ts';

/** The world as the wire needs it: what AWS calls do there, and what the control calls put in and read back. */
export interface PlayedWorld {
  operations: Operations;
  /** the operations whose reads answer as before the latest `writes` writes to what they read */
  before: (writes: number) => Operations;
  permissionsOf: PermissionsOf;
  putImage: (seed: ImageSeed) => { digest: string };
  putService: (seed: ServiceSeed) => ServiceSeeded;
  serviceView: (cluster: string, service: string) => ServiceView;
  tweak: (cluster: string, service: string, change: Record<string, unknown>) => void;
  setDefaults: (defaults: WorldDefaults) => void;
}
