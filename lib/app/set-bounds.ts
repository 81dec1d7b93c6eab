import type { ServiceName } from '../domain/deployment.ts';
import type { ScalableTarget } from '../domain/scaling.ts';
import { isOneOf } from '../domain/scaling-bounds.ts';
import type { Scaling } from '../ports/scaling.ts';

/**
 * Sets a service's scalable target, also where it seems to be set already: a read may lag. `before`: what this swap
 * found or set earlier. Answers false, and writes nothing, when somebody else changed it or took it away.
 */
export const setBounds = async (
  scaling: Scaling,
  name: ServiceName,
  { to, before }: { to: ScalableTarget; before: readonly ScalableTarget[] },
): Promise<boolean> => {
  if (!isOneOf(await scaling.target(name), [to, ...before])) return false;
  await scaling.set(name, to);
  return true;
};
