import type { Operations, PermissionsOf } from '../operation.ts';
import type { RegistryDoor } from '../ecr/registry-door.ts';
import type { RegistrySettings, RepositorySeed, RepositoryView } from '../registry-seeds.ts';
import type { Autoscaled } from '../scaling-seeds.ts';
import type { ImageSeed, ServiceSeed, ServiceSeeded, ServiceView, WorldDefaults } from '../seeds.ts';
import type { ServiceTraffic } from '../traffic-view.ts';

/** The world as the wire needs it: what AWS calls do there, and what the control calls put in and read back. */
export interface PlayedWorld {
  operations: Operations;
  /** the operations whose reads answer as before the latest `writes` writes to what they read */
  before: (writes: number) => Operations;
  permissionsOf: PermissionsOf;
  putImage: (seed: ImageSeed) => { digest: string };
  putRepository: (seed: RepositorySeed) => { repositoryArn: string };
  putService: (seed: ServiceSeed) => ServiceSeeded;
  serviceView: (cluster: string, service: string) => ServiceView;
  ecrView: (repository: string) => RepositoryView;
  tweak: (cluster: string, service: string, change: Record<string, unknown>) => void;
  autoscale: (cluster: string, service: string, desired: number) => Autoscaled;
  /** answers to users, by service */
  traffic: () => Record<string, ServiceTraffic>;
  setDefaults: (defaults: WorldDefaults) => void;
  setRegistry: (settings: RegistrySettings) => void;
  /** how docker clients and layer URLs reach ECR */
  registry: RegistryDoor;
}
