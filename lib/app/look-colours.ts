import type { BlueGreen } from '../domain/blue-green.ts';
import type { Colours } from '../domain/colours.ts';
import type { DeploymentRecord, FoundSwap } from '../domain/deployment.ts';
import { DeployFailure } from '../domain/failure.ts';
import { refuseService, surveyGround } from '../domain/readiness.ts';
import { primary, type ServiceState } from '../domain/rollout.ts';
import type { ServicePast } from '../domain/settlement.ts';
import type { Weights } from '../domain/traffic.ts';
import type { Traffic } from '../ports/traffic.ts';
import { findColours } from './find-colours.ts';
import {
  alreadyThere,
  baseOf,
  busy,
  foundOf,
  inTheWay,
  rolloutUnderWay,
  type LookInput,
  type LookOutput,
  type ServicePorts,
} from './look-service.ts';
import { refuseSurroundings, type SurroundingPorts } from './look-surroundings.ts';

/** What looking at two colours needs besides. */
export interface ColourPorts extends SurroundingPorts {
  traffic: Traffic;
}

type Ports = ServicePorts & ColourPorts;
/** Not yet a record of a swap: nothing was found. */
type Swapping = DeploymentRecord & { blueGreen: BlueGreen };

const refuseColour = (service: string, state: ServiceState): void => {
  const refusal = refuseService(state);
  if (refusal !== undefined) throw new DeployFailure(refusal.name, `service ${service}: ${refusal.because}`);
};

// A deleted service keeps its name until its last task is gone.
const isLeaving = ({ state }: Colours['idle']): boolean => state?.status === 'DRAINING';

/** Idle is judged with the tasks that it is going to have: live's. */
const refuseServices = ({ live, idle }: Colours): void => {
  refuseColour(live.service, live.state);
  if (idle.state === undefined || isLeaving(idle)) return;
  refuseColour(idle.service, { ...idle.state, desired: live.state.desired });
};

/** What has to be waited for on either colour. */
const inTheWayOfColours = async (
  ports: Ports,
  { live, idle }: Colours,
  known: { record: Swapping; past: ServicePast },
): Promise<string | undefined> => {
  if (isLeaving(idle)) return `service ${idle.service} is DRAINING`;
  const states = [live.state, ...(idle.state === undefined ? [] : [idle.state])];
  const others = await Promise.all(states.map((state) => inTheWay(ports, surveyGround(state), known)));
  const other = others.find((rollout) => rollout !== undefined);
  return other === undefined ? undefined : rolloutUnderWay(other);
};

type Standing = Colours & { weights: Weights };

const foundSwapOf = ({ live, idle, weights }: Standing, scaling: FoundSwap['scaling']): FoundSwap => ({
  live: { service: live.service, targetGroup: live.targetGroup },
  idle: { service: idle.service, targetGroup: idle.targetGroup },
  idleExists: idle.state !== undefined,
  ...(idle.state === undefined ? {} : { idleRevision: idle.state.revision }),
  weights,
  desired: live.state.desired,
  liveRollout: primary(live.state)?.id ?? '',
  scaling,
});

/**
 * One look at a target that swaps colours. All that cannot work is refused before the first write, and how the colours
 * stand is journalled: where the swap starts from, and where Undo goes.
 */
export const lookAtColours = async (ports: Ports, input: LookInput, record: Swapping): Promise<LookOutput> => {
  const { service: name, blueGreen, timeoutMinutes } = record;
  const { digest, wait } = input;
  const [standing, past] = await Promise.all([findColours(ports, blueGreen, name), ports.journal.past(name)]);
  const { live, idle } = standing;
  refuseServices(standing);
  const because = await inTheWayOfColours(ports, standing, { record, past });
  if (because !== undefined) return busy(because, { wait, timeoutMinutes }, ports.interval);
  const base = await baseOf(ports, live.state, { record, past, digest });
  if (base.there) return alreadyThere;
  const surroundings = { cluster: name.cluster, swap: blueGreen, held: past.heldScaling };
  const scaling = await refuseSurroundings(ports, standing, surroundings);
  const at = ports.clock().toISOString();
  const found = { ...foundOf(digest, base, idle.state), swap: foundSwapOf(standing, scaling), at };
  await ports.journal.note(record, input.execution, { found });
  return { state: 'ready', strategy: 'blue-green', wait: { ...wait, phase: 0 } };
};
