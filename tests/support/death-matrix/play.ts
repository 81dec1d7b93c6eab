import type { LocalAws } from '../../../local/aws.ts';
import { definition } from '../workflow-machine.ts';
import { healthy } from '../workflow-world.ts';
import { aftermathOf, type Aftermath } from './aftermath.ts';
import type { Case, Recording } from './cases.ts';
import { startMatrixWorld, type MatrixWorld } from './matrix-world.ts';
import type { RecordedRun } from './recorded-run.ts';

const canBeStoppedAt = (state: string): boolean => ['Task', 'Wait'].includes(definition().States[state]?.Type ?? '');

const inWorld = async <T>(
  begin: Parameters<typeof startMatrixWorld>,
  act: (world: MatrixWorld) => Promise<T>,
): Promise<T> => {
  const world = await startMatrixWorld(...begin);
  try {
    return await act(world);
  } finally {
    await world.close();
  }
};

const playIn = async (world: MatrixWorld, run: RecordedRun, stopAt?: string): Promise<string> => {
  const stops = run.diesAt === undefined ? { deployment: stopAt } : { deployment: run.diesAt, recovery: stopAt };
  return world.deploy(await world.release(run.image), stops);
};

/** A recording, and how it ended. */
export type Recorded = Recording & { aftermath: Aftermath };

/** Plays the run with nothing going wrong, and tells what it called and how it ended. */
export const record = (aws: LocalAws, run: RecordedRun): Promise<Recorded> =>
  inWorld([aws, run], async (world) => {
    const execution = await playIn(world, run);
    const listed = new Set(run.states);
    const entered = [...world.ends.values()].flatMap(({ states }) => states);
    return {
      run: run.name,
      calls: world.outward.calls.filter(({ state }) => listed.has(state)),
      entered: entered.filter((state) => listed.has(state) && canBeStoppedAt(state)),
      aftermath: await aftermathOf(world, execution),
    };
  });

/** What a case left, and how a fresh hook fared afterwards. */
export interface Played {
  struck: boolean;
  /** before the fresh hook; after it where the recovery had died: then the fresh one starts the next */
  seen: Aftermath;
  fresh: Aftermath;
}

/** Plays the run with this case's one disturbance, then a deployment of a healthy image with none. */
export const play = (aws: LocalAws, run: RecordedRun, one: Case): Promise<Played> =>
  inWorld([aws, run, 'site' in one ? one : undefined], async (world) => {
    const execution = await playIn(world, run, 'stopAt' in one ? one.stopAt : undefined);
    const before = await aftermathOf(world, execution);
    const struck = world.outward.struck() || [...world.ends.values()].some(({ status }) => status === 'aborted');
    await world.stage?.calm();
    const next = await world.deploy(await world.release(healthy));
    const fresh = await aftermathOf(world, next);
    const seen = before.recoveryDied ? { ...(await aftermathOf(world, execution)), recoveryDied: true } : before;
    return { struck, seen, fresh };
  });
