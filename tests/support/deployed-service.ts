import type { DescribeServicesResponse } from '@aws-sdk/client-ecs';
import type { ServiceLock } from '../../lib/domain/admission.ts';
import { colleague } from '../../local/fleet/colleague.ts';
import type { FleetCall, ImageBehaviour } from '../../local/fleet/seeds.ts';
import { seedNames } from '../../local/seed-names.ts';
import { fleet, healthy, journalItem, registry, repository, until, type Scene } from './deployed.ts';

/** A scene's service: what was done to it and by whom, what somebody else does to it, and what the journal knows of it. */

/** Somebody else with a console. */
export const other = colleague(fleet);

/** An image of somebody else's, by its tag. */
export const theirs = async (tag: string, behaviour: ImageBehaviour = healthy): Promise<string> => {
  await fleet.putImage({ repository, tag, behaviour });
  return `${registry}/${repository}:${tag}`;
};

/** An execution that deployed what it was to deploy. */
export const endedDeployed = { status: 'SUCCEEDED', output: { end: { outcome: 'deployed' } } };

/** An image as we deploy it. */
export const pinned = (digest: string): string => `${registry}/${repository}@${digest}`;

/** All calls that name the service, reads too, but a colleague's. */
export const ourCalls = async ({ name }: Scene): Promise<FleetCall[]> =>
  (await fleet.calls()).filter(
    ({ caller, input }) => caller !== 'a-colleague' && JSON.stringify(input).includes(`"${name}"`),
  );

export const ourWrites = async (scene: Scene): Promise<FleetCall[]> =>
  (await ourCalls(scene)).filter(({ operation }) => /^(Update|Register|Create|Delete)/.test(operation));

/** Waits until one complete rollout is on the service, and nothing else. */
export const completed = (scene: Scene) =>
  until('one complete rollout and no other', async () => {
    const { rollouts } = await scene.view();
    return rollouts.length === 1 && rollouts[0]?.rolloutState === 'COMPLETED' ? true : undefined;
  });

/** Waits until who asks ECS is told of so many rollouts: where reads lag, that is later than they are there. */
export const told = ({ name }: Scene, rollouts: number) =>
  until(`ECS to tell of ${rollouts} rollouts`, async () => {
    const input = { cluster: seedNames.cluster, services: [name] };
    const answer = await fleet.call({ service: 'ecs', operation: 'DescribeServices', input });
    return (answer as DescribeServicesResponse).services?.[0]?.deployments?.length === rollouts ? true : undefined;
  });

export const lockOf = async ({ name }: Scene): Promise<ServiceLock | undefined> =>
  (await journalItem(`lock#${seedNames.cluster}/${name}`)) as ServiceLock | undefined;

/** Waits until this execution holds the scene's service. */
export const turnOf = (scene: Scene, execution: string): Promise<true> =>
  until(`the turn of ${execution}`, async () =>
    (await lockOf(scene))?.holder?.execution === execution ? true : undefined,
  );
