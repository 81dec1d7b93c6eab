import type { ServiceName } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { primary, type ServiceState } from '../domain/rollout.ts';
import { duringSwap, retired, type ScalableTarget } from '../domain/scaling.ts';
import { isOurs, serviceOf, swapRecordOf, type SwapRecord } from '../domain/swap.ts';
import { weightsOf } from '../domain/traffic.ts';
import type { Fleet } from '../ports/fleet.ts';
import type { Journal } from '../ports/journal.ts';
import type { Scaling } from '../ports/scaling.ts';
import type { Traffic } from '../ports/traffic.ts';
import { closeTest } from './close-test.ts';
import { recordOf } from './record-of.ts';
import { setBounds } from './set-bounds.ts';

export interface RetireInput {
  execution: string;
  deployment: string;
}

export interface RetirePorts {
  fleet: Fleet;
  traffic: Traffic;
  scaling: Scaling;
  journal: Journal;
}

/** What became of the old colour. */
export interface Retired {
  done: true;
  because: string;
}

const incomplete = (because: string) => new DeployFailure('RetireIncomplete', because);

/** Users must all be on the new colour. Raises AwsUnavailable while the load balancer shows an earlier step (a stale read). */
const mustBeOnGreen = async ({ traffic }: RetirePorts, record: SwapRecord): Promise<void> => {
  const { production, targetGroups, steps } = record.blueGreen;
  const { live, idle } = record.found.swap;
  const weights = weightsOf((await traffic.actions(production)) ?? [], targetGroups);
  if (weights?.[live.targetGroup] === 0 && (weights[idle.targetGroup] ?? 0) > 0) return;
  if (weights !== undefined && isOurs(record, weights, steps.length))
    throw new DeployFailure('AwsUnavailable', 'the load balancer shows weights from before the last shift');
  throw incomplete('traffic is no longer all on the new colour: somebody else changed the weights');
};

/** The old colour's service, if it is still there to be retired and nobody deployed on it meanwhile. */
const oldService = async (fleet: Fleet, record: SwapRecord, name: ServiceName): Promise<ServiceState | undefined> => {
  const service = await fleet.service(name);
  if (service?.status !== 'ACTIVE') return undefined;
  if (primary(service)?.id !== record.found.swap.liveRollout)
    throw incomplete(`somebody else deployed on ${name.service}, the old colour`);
  return service;
};

/** What the swap set meanwhile becomes these bounds; what somebody else set stays. */
const bound = async (
  scaling: Scaling,
  name: ServiceName,
  { to, live }: { to: ScalableTarget; live: ScalableTarget },
): Promise<void> => {
  if (!(await setBounds(scaling, name, { to, before: [duringSwap(live)] })))
    throw incomplete(`somebody else changed the scaling of ${name.service}`);
};

const shrink = async ({ fleet, scaling }: RetirePorts, record: SwapRecord, name: ServiceName): Promise<string> => {
  const { live } = record.found.swap.scaling;
  const old = await oldService(fleet, record, name);
  if (old === undefined) return `${name.service} is gone`;
  if (live !== undefined) await bound(scaling, name, { to: retired(live), live });
  if (old.desired > 0) await fleet.resize(name, 0);
  if (record.blueGreen.retire !== 'delete') return `${name.service} has desired count 0`;
  await fleet.remove(name);
  return `${name.service} is deleted`;
};

/**
 * Takes the old colour out of use, once the load balancer's nodes have surely left it: the new colour gets live's
 * scaling bounds, the old one none and desired count 0 (or is deleted), the test rule goes back. Nothing of it is
 * needed for users: whatever fails here leaves the deployment `deployed`. Raises RetireIncomplete, LockLost.
 */
export const retire =
  (ports: RetirePorts) =>
  async ({ execution, deployment }: RetireInput): Promise<Retired> => {
    const record = swapRecordOf(await recordOf(ports.journal, deployment));
    const { live, idle, scaling } = record.found.swap;
    if (record.succeeded === undefined) throw new DeployFailure('Unexpected', 'Retire came before Record success');
    await mustBeOnGreen(ports, record);
    await ports.journal.note(record, execution, { retiring: { service: live.service } });
    if (scaling.live !== undefined && scaling.idle !== undefined)
      await bound(ports.scaling, serviceOf(record, idle), { to: scaling.live, live: scaling.live });
    const because = await shrink(ports, record, serviceOf(record, live));
    await closeTest(ports.traffic, record);
    return { done: true, because };
  };
