import { interruption } from '../demo/interruption.ts';
import { startRehearsal, type Rehearsal } from '../rehearsal.ts';
import { seedPlatform } from '../seeded-platform.ts';
import { instructions } from './instructions.ts';
import { readyWorld } from './ready-world.ts';
import { seedSwap } from './seed-swap.ts';

/** Progress goes to standard error: standard output is for what was asked for. */
const tell = (line: string): void => {
  console.error(line);
};

const open = async (json: boolean): Promise<Rehearsal> => {
  const rehearsal = await startRehearsal({ step: tell });
  tell(`World time runs ${rehearsal.speed} times as fast as real time. The world's seed: ${rehearsal.seed}.`);
  const world = readyWorld(rehearsal, await seedPlatform(rehearsal), await seedSwap(rehearsal));
  const env = { ...rehearsal.aws.env, AWS_ENDPOINT_URL: world.awsEndpointUrl };
  console.log(json ? JSON.stringify(world) : instructions(world, env));
  return rehearsal;
};

/** Keeps the world until a signal ends it; answers the exit code. Broken off before it was ready, it is the signal's. */
export const runRehearsal = async ({ json }: { json: boolean }): Promise<number> => {
  const interrupted = interruption();
  const rehearsal = await Promise.race([open(json), interrupted]);
  if (typeof rehearsal === 'number') return rehearsal;
  await interrupted;
  await rehearsal.close();
  for (const defect of rehearsal.fleet.defects) tell(`The fleet answered what AWS would not: ${defect}`);
  return rehearsal.fleet.defects.length === 0 ? 0 : 1;
};
