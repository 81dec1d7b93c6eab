import type { ColourPorts } from '../../app/look-colours.ts';
import { DeployFailure } from '../../domain/failure.ts';

const refused = (port: string): object => {
  const refuse = () => Promise.reject(new DeployFailure('Misconfigured', `${port} is not wired`));
  return new Proxy({}, { get: () => refuse });
};

/** Ports that nothing is plugged into yet: whoever uses one is refused. */
export const unwired = Object.fromEntries(
  ['traffic', 'scaling', 'alarms', 'copies'].map((port) => [port, refused(port)]),
) as unknown as ColourPorts;
