import { findColours } from '../../lib/app/find-colours.ts';
import { refuseSurroundings } from '../../lib/app/look-surroundings.ts';
import type { Colours } from '../../lib/domain/colours.ts';
import { DeployFailure } from '../../lib/domain/failure.ts';
import { splitImageName } from '../../lib/domain/image-reference.ts';
import { platformOf, type Revision } from '../../lib/domain/revision.ts';
import { targetLabel, type Target } from '../../lib/domain/target.ts';
import type { ProjectTargets } from '../../lib/ports/targets.ts';
import type { DoctorPorts } from '../doctor-ports.ts';
import type { Area } from '../doctor.ts';
import { readOnly } from '../plan-ports.ts';
import { judgeClocks } from './clock.ts';
import { judgeEndpoints } from './endpoints.ts';
import type { Place } from './finding.ts';
import { judgeImages, type ImagesSight } from './images.ts';
import type { BoundPort } from './ports.ts';
import { judgeSecrets } from './secrets.ts';
import { judgeService, type ServiceSight } from './services.ts';
import { judgeSwap, type SwapSight } from './swap.ts';
import { judgeTargets } from './targets.ts';

/** What is asked of AWS. */

/** While a deployment of ours is under way much is as it is on purpose. */
const isDeploying = async ({ journal }: DoctorPorts, target: Target): Promise<boolean> =>
  (await journal.queue(target, targetLabel(target))).lock.holder !== undefined;

/** The colours, or what they are refused with; undefined for a rolling target. */
const coloursOf = async (ports: DoctorPorts, target: Target): Promise<Colours | DeployFailure | undefined> => {
  if (target.strategy.type === 'rolling') return undefined;
  try {
    const { cluster, service } = target;
    return await findColours({ ...ports, ...readOnly(ports) }, target.strategy.swap, { cluster, service });
  } catch (error) {
    if (error instanceof DeployFailure && !error.name.startsWith('Aws')) return error;
    throw error;
  }
};

interface BoundService {
  targetGroupArn?: string;
  containerName?: string;
  containerPort?: number;
}

const boundPorts = async (
  { copies }: DoctorPorts,
  name: { cluster: string; service: string },
): Promise<BoundPort[]> => {
  const described = await copies.describe(name);
  const all = (described?.service['loadBalancers'] ?? []) as readonly BoundService[];
  return all.flatMap(({ targetGroupArn, containerName = '', containerPort = 0 }) =>
    targetGroupArn === undefined
      ? []
      : [{ targetGroup: targetGroupArn, container: containerName, port: containerPort }],
  );
};

const rolesOf = ({ definition }: Revision): string[] =>
  [definition['taskRoleArn'], definition['executionRoleArn']].filter((arn) => typeof arn === 'string');

const lookAtService = async (ports: DoctorPorts, target: Target): Promise<ServiceSight> => {
  const { fleet, inventory, scaling } = ports;
  const colours = await coloursOf(ports, target);
  const live = colours === undefined || colours instanceof DeployFailure ? target.service : colours.live.service;
  const name = { cluster: target.cluster, service: live };
  const cluster = await inventory.cluster(target.cluster);
  const state = cluster ? await fleet.service(name) : undefined;
  const none = { revision: undefined, missingRoles: [], ports: [], groups: [], scaling: undefined, deploying: false };
  if (state === undefined) return { target, cluster, service: live, state, ...none };
  const [revision, bound, scalable, deploying] = await Promise.all([
    fleet.revision(state.revision),
    boundPorts(ports, name),
    scaling.target(name),
    isDeploying(ports, target),
  ]);
  const [missingRoles, groups] = await Promise.all([
    inventory.missingRoles(rolesOf(revision)),
    inventory.groups(bound.map(({ targetGroup }) => targetGroup)),
  ]);
  return {
    target,
    cluster,
    service: live,
    state,
    revision,
    missingRoles,
    ports: bound,
    groups,
    scaling: scalable,
    deploying,
  };
};

const surroundingsOf = async (
  ports: DoctorPorts,
  target: Target,
  colours: Colours,
): Promise<DeployFailure | undefined> => {
  if (target.strategy.type === 'rolling') return undefined;
  const { cluster, strategy } = target;
  const { heldScaling: held } = await ports.journal.past(target);
  try {
    await refuseSurroundings({ ...ports, ...readOnly(ports) }, colours, { cluster, swap: strategy.swap, held });
    return undefined;
  } catch (error) {
    if (error instanceof DeployFailure && !error.name.startsWith('Aws')) return error;
    throw error;
  }
};

const idleOf = async ({ scaling }: DoctorPorts, { cluster }: Target, { idle }: Colours) => {
  if (idle.state === undefined) return {};
  const scalable = await scaling.target({ cluster, service: idle.service });
  const seen = { service: idle.service, desired: idle.state.desired };
  return { idle: { ...seen, ...(scalable === undefined ? {} : { scaling: scalable }) } };
};

const lookAtSwap = async (ports: DoctorPorts, target: Target): Promise<SwapSight> => {
  const deploying = await isDeploying(ports, target);
  const colours = await coloursOf(ports, target);
  if (deploying || colours === undefined) return { target, deploying };
  if (colours instanceof DeployFailure) {
    // A cluster or service that is not there is told as such.
    const { name, because } = colours;
    return { target, deploying, ...(name === 'ServiceMissing' ? {} : { refused: { name, because } }) };
  }
  const refused = await surroundingsOf(ports, target, colours);
  const why = refused === undefined ? {} : { refused: { name: refused.name, because: refused.because } };
  return { target, deploying, ...why, ...(await idleOf(ports, target, colours)) };
};

const lookAtImages = async (ports: DoctorPorts, target: Target): Promise<ImagesSight> => {
  const repository = target.copy?.repository ?? splitImageName(target.image ?? '')?.repository ?? '';
  const { cluster, service } = target;
  const [seen, state] = await Promise.all([
    ports.inventory.repository(repository),
    ports.fleet.service({ cluster, service }),
  ]);
  if (!seen.there) return { target, repository, there: false };
  const needed = state === undefined ? {} : { needed: platformOf(await ports.fleet.revision(state.revision)) };
  return { target, repository, ...seen, ...needed };
};

const targetAreas = (ports: DoctorPorts, target: Target, place: Place): Area[] => {
  const label = targetLabel(target);
  return [
    { name: `the service of ${label}`, examine: async () => judgeService(await lookAtService(ports, target), place) },
    { name: `the images of ${label}`, examine: async () => judgeImages(await lookAtImages(ports, target), place) },
    ...(target.strategy.type === 'rolling'
      ? []
      : [{ name: `the colours of ${label}`, examine: async () => judgeSwap(await lookAtSwap(ports, target), place) }]),
  ];
};

/** The areas for which AWS is asked. */
export const awsAreas = (ports: DoctorPorts, projects: readonly ProjectTargets[], place: Place): Area[] => {
  const { bounds, secrets, inventory, clock, fips } = ports;
  return [
    { name: 'the secrets', examine: async () => judgeSecrets(await secrets(), place) },
    { name: 'the targets', examine: () => Promise.resolve(judgeTargets({ projects, bounds }, place)) },
    {
      name: "AWS's endpoints",
      examine: () => Promise.resolve(judgeEndpoints({ fips, partition: bounds.partition }, place)),
    },
    {
      name: "AWS's clock",
      examine: async () => judgeClocks([{ who: 'AWS', theirs: await inventory.time(), here: clock() }]),
    },
    ...projects.flatMap(({ targets }) => targets.flatMap((target) => targetAreas(ports, target, place))),
  ];
};
