import type { TransferResult } from '../../../lib/app/transfer/transfer.ts';
import { transferImage } from '../../../lib/app/transfer-image.ts';
import { DeployFailure, type FailureName } from '../../../lib/domain/failure.ts';
import { newLife } from './life.ts';
import { randomFleetFaults, randomRegistryFaults } from './random-faults.ts';
import { randomTrouble } from './trouble.ts';
import { wirePorts } from './wire-ports.ts';
import { startWireWorld, type WireWorld } from './wire-world.ts';
import { sentTwice, wrongWith } from './wrong-with.ts';

/** How one copy ended, through however many invocations. */
export type CopyEnd = { state: 'done'; result: TransferResult } | { state: 'failed'; name: FailureName };

export interface Played {
  seed: number;
  /** `done`, or the failure's name */
  end: string;
  invocations: number;
  deaths: number;
  cuts: number;
  /** the most of a blob that was sent twice, in parts for each cut or death */
  twice: number;
  /** what is not as it must be, in words */
  wrong: string[];
}

const mostInvocations = 80;
/** Invocations in a row without progress that are unavailable: the workflow gives up after half an hour of them. */
const patience = 10;
const waitMs = 15_000;

const misbehave = async ({ random, gitlab, elsewhere, ecr, image }: WireWorld): Promise<void> => {
  for (const rule of randomRegistryFaults(random, elsewhere.url)) await gitlab.control.setRegistryFault(rule);
  for (const rule of randomFleetFaults(random, image.partSize)) await ecr.addFault(rule);
};

/** One invocation with adapters of its own: how it ended; undefined when it died. */
const invoke = async (world: WireWorld, invocation: number): Promise<TransferResult | undefined> => {
  const life = newLife(world, invocation);
  const ports = await wirePorts(world, life);
  const { remaining } = life;
  const transfer = transferImage(ports)(world.transfer, { remaining, beforeTags: () => Promise.resolve() });
  try {
    return await Promise.race([transfer, life.end]);
  } finally {
    life.hangUp();
  }
};

const copy = async (world: WireWorld): Promise<CopyEnd & { invocations: number }> => {
  let unavailable = 0;
  for (let invocations = 1; invocations <= mostInvocations; invocations += 1) {
    const result = await invoke(world, invocations - 1);
    if (result?.state === 'done') return { state: 'done', result, invocations };
    unavailable = result?.state === 'unavailable' && result.moved === 0 ? unavailable + 1 : 0;
    if (result?.state === 'unavailable' && unavailable === patience)
      return { state: 'failed', name: result.failure, invocations };
    world.clock.advance(waitMs);
  }
  throw new Error(`not done after ${mostInvocations} invocations`);
};

const ended = async (world: WireWorld): Promise<CopyEnd & { invocations: number }> => {
  try {
    return await copy(world);
  } catch (error) {
    if (!(error instanceof DeployFailure)) throw error;
    return { state: 'failed', name: error.name, invocations: 0 };
  }
};

/** What comes late comes now: nothing may spoil what is done. */
const settle = async (world: WireWorld): Promise<void> => {
  for (const come of world.late.splice(0)) come();
  world.clock.advance(3_600_000);
  await Promise.all(world.unheard);
};

const mostTwice = (world: WireWorld): number =>
  Math.max(...sentTwice(world).map(({ bytes, cuts }) => Math.max(0, bytes) / world.image.partSize / Math.max(1, cuts)));

/** One seeded run: an image, what goes wrong with it, and whether it came through or failed by the right name. */
export const playCuts = async (seed: number): Promise<Played> => {
  const world = await startWireWorld(seed);
  try {
    const trouble = await randomTrouble(world);
    await misbehave(world);
    const end = await ended(world);
    await settle(world);
    const { counts } = world;
    return {
      ...{ seed, end: end.state === 'done' ? 'done' : end.name, invocations: end.invocations, deaths: counts.deaths },
      cuts: [...counts.cuts.values()].reduce((sum, count) => sum + count, 0),
      twice: mostTwice(world),
      wrong: await wrongWith(world, end, trouble),
    };
  } finally {
    await world.close();
  }
};
