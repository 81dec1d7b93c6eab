import type { deployedPorts } from '../aws/deployed-ports.ts';
import type { StageOptions } from './stage-options.ts';

/** The ports of a deployed stage. Clients of so many AWS services take a while to load: only for the command that needs them. */
export const loadPorts = async (options: StageOptions): ReturnType<typeof deployedPorts> => {
  const loaded = await import('../aws/deployed-ports.ts');
  return loaded.deployedPorts(options);
};
