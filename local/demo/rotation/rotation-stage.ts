import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptionsOf } from '../../aws.ts';
import type { Rehearsal } from '../../rehearsal.ts';
import { rotatedSecrets } from '../../secrets/fill-secrets.ts';
import { startHookStream, type HookStream } from '../../secrets/hook-stream.ts';
import { watchVersions, type VersionWatcher } from '../../secrets/version-watcher.ts';
import { seedPlatform } from '../../seeded-platform.ts';
import type { Narrator } from '../narrator.ts';
import type { Opened } from '../start-world.ts';
import { statusGist, statusLines } from './rotation-status.ts';

/** The world with a project whose hooks never stop, and who tells of it. */
export interface RotationStage {
  rehearsal: Rehearsal;
  narrator: Narrator;
  stream: HookStream;
  watcher: VersionWatcher;
}

const sendEvery = 100; // ms of real time
/** Waits of the stage `local` are a tenth of what production's are. */
const waitsFaster = 10;

const feature = 'feature';

/** A pipeline's hook that means nothing to any target: authentic, and soon answered. */
const streamOf = async ({ gitlab: { control } }: Rehearsal, project: number): Promise<HookStream> => {
  await control.push({ project, ref: feature });
  await control.runPipeline({ project, ref: feature, jobs: [{ name: 'test' }] });
  await control.idle();
  const last = (await control.deliveries({ project })).findLast(({ trigger }) => trigger === 'pipeline_events');
  if (last === undefined) throw new Error('GitLab sent no pipeline hook');
  return startHookStream(control, [{ hook: last.hook, body: JSON.stringify(last.requestData) }], sendEvery);
};

const introduce = (narrator: Narrator, { seed }: Rehearsal): void => {
  narrator.say(`  GitLab sends ${1_000 / sendEvery} pipeline hooks a second, all the time. The world's seed: ${seed}.`);
  narrator.say(`  Waits are a tenth of production's, and so is how long the doors trust what they have read:`);
  narrator.say('  the column “world” has them as they are there.');
};

/** From now on hooks arrive, and the secret's versions are watched. */
export const openStage = async (rehearsal: Rehearsal, narrator: Narrator, opened: Opened): Promise<RotationStage> => {
  narrator.going({ part: 'Service', name: 'Service', does: 'a project with a target and a hook; hooks arrive' });
  const { target } = await seedPlatform(rehearsal);
  const client = new SecretsManagerClient({ ...clientOptionsOf(rehearsal.aws), endpoint: rehearsal.recorder.url });
  const watcher = await watchVersions(client, rotatedSecrets.hook);
  // Why they could not go on, the verdict has raised before.
  opened(() => watcher.stop().catch(() => undefined));
  const stream = await streamOf(rehearsal, target.project);
  opened(() => stream.stop().catch(() => undefined));
  narrator.done();
  const seen = { sent: stream.sent, history: watcher };
  narrator.watch({ speed: waitsFaster, lines: () => statusLines(seen, Date.now()), gist: () => statusGist(seen) });
  introduce(narrator, rehearsal);
  return { rehearsal, narrator, stream, watcher };
};
