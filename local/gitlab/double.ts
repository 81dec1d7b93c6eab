import type { ApiFaults } from './api/faults.ts';
import type { ApiServer } from './api/serve.ts';
import type { ControlInput, ControlVerb } from './control-inputs.ts';
import type { ControlOutputs } from './control.ts';
import type { HookSender } from './hook-sender.ts';
import type { ContainerRegistry } from './registry/container-registry.ts';
import type { GitlabWorld } from './world.ts';

/** The parts of one running instance. */
export interface Double {
  world: GitlabWorld;
  sender: HookSender;
  faults: ApiFaults;
  api: ApiServer;
  registry: ContainerRegistry;
}

/** What each verb does, server side. */
export type ControlVerbs = {
  [V in ControlVerb]: (input: ControlInput<V>) => ControlOutputs[V] | Promise<ControlOutputs[V]>;
};
