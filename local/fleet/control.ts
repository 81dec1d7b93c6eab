import type { RegistrySettings, RepositorySeed, RepositoryView } from './registry-seeds.ts';
import type { Autoscaled } from './scaling-seeds.ts';
import type {
  AnotherCall,
  FaultRule,
  FleetCall,
  ImageSeed,
  ServiceSeed,
  ServiceSeeded,
  ServiceView,
  WorldDefaults,
} from './seeds.ts';
import type { ServiceTraffic } from './traffic-view.ts';
import type { CallFilter } from './wire/control-schemas.ts';

/** The fleet's control calls, typed; each rejects with the fleet's own message when it refuses. */
export interface FleetControl {
  putImage(seed: ImageSeed): Promise<{ digest: string }>;
  /** an empty repository, or new settings for one that is there */
  putRepository(seed: RepositorySeed): Promise<{ repositoryArn: string }>;
  putService(seed: ServiceSeed): Promise<ServiceSeeded>;
  serviceView(cluster: string, service: string): Promise<ServiceView>;
  ecrView(repository: string): Promise<RepositoryView>;
  tweak(cluster: string, service: string, change: Record<string, unknown>): Promise<void>;
  /** A scaling policy of the service wants so many tasks; tells whether it got them. */
  autoscale(cluster: string, service: string, desired: number): Promise<Autoscaled>;
  /** how services are that come from now on */
  setDefaults(defaults: WorldDefaults): Promise<void>;
  /** how ECR takes uploads from now on */
  setRegistry(settings: RegistrySettings): Promise<void>;
  /** An AWS call of somebody else; answers as AWS's JSON protocol writes it, rejects with AWS's code and message. */
  call(made: AnotherCall): Promise<unknown>;
  /** Answers to users since the world began, by service; '' for the load balancer's own. */
  traffic(): Promise<Record<string, ServiceTraffic>>;
  addFault(rule: FaultRule): Promise<void>;
  clearFaults(): Promise<void>;
  /** the calls so far, oldest first */
  calls(filter?: CallFilter): Promise<FleetCall[]>;
  /** what makes the run fail: answers that do not fit AWS's models */
  defects(): Promise<string[]>;
  /** members of calls that passed only because newer SDKs know them, each once */
  newer(): Promise<string[]>;
}

/** A client of the fleet at that URL, for other processes than the fleet's own too. */
export const fleetControl = (url: string): FleetControl => {
  const ask = async (verb: string, body: object): Promise<unknown> => {
    const response = await fetch(`${url}/_fleet/${verb}`, { method: 'POST', body: JSON.stringify(body) });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(`the fleet refuses ${verb}: ${(answer as { message: string }).message}`);
    return answer;
  };
  return {
    putImage: (seed) => ask('images', seed) as Promise<{ digest: string }>,
    putRepository: (seed) => ask('repositories', seed) as Promise<{ repositoryArn: string }>,
    putService: (seed) => ask('services', seed) as Promise<ServiceSeeded>,
    serviceView: (cluster, service) => ask('view', { cluster, service }) as Promise<ServiceView>,
    ecrView: (repository) => ask('ecr-view', { repository }) as Promise<RepositoryView>,
    tweak: async (cluster, service, change) => {
      await ask('tweak', { cluster, service, change });
    },
    autoscale: (cluster, service, desired) => ask('autoscale', { cluster, service, desired }) as Promise<Autoscaled>,
    setDefaults: async (defaults) => {
      await ask('defaults', defaults);
    },
    setRegistry: async (settings) => {
      await ask('registry', settings);
    },
    call: (made) => ask('call', made),
    traffic: () => ask('traffic', {}) as Promise<Record<string, ServiceTraffic>>,
    addFault: async (rule) => {
      await ask('faults', rule);
    },
    clearFaults: async () => {
      await ask('clear-faults', {});
    },
    calls: (filter = {}) => ask('calls', filter) as Promise<FleetCall[]>,
    defects: () => ask('defects', {}) as Promise<string[]>,
    newer: () => ask('newer', {}) as Promise<string[]>,
  };
};
