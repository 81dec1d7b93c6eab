import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { setTimeout as sleep } from 'node:timers/promises';
import { versionLabelled } from '../../../lib/domain/rotation.ts';
import { clientOptionsOf } from '../../aws.ts';
import { stage as stageName } from '../../deploy.ts';
import type { Rehearsal } from '../../rehearsal.ts';
import { rotatedSecrets } from '../../secrets/fill-secrets.ts';
import type { RotationView } from '../../secrets/rotation-views.ts';
import type { Narrator } from '../narrator.ts';
import type { Demo } from '../run-demo.ts';
import { startWorld, type Opened } from '../start-world.ts';
import { tellVerdict } from '../tell-end.ts';
import { hookCounts } from './hook-counts.ts';
import { playTurn } from './play-turn.ts';
import { rotationPlan, turns } from './rotation-plan.ts';
import { openStage, type RotationStage } from './rotation-stage.ts';
import { countsLine } from './rotation-status.ts';
import { demoProblems } from './rotation-verdict.ts';

const tokenPrefix = `drawbridge/${stageName}/${rotatedSecrets.gitlab}/`;
const lookEvery = 500; // ms of real time
const patience = 20_000; // ms of real time: several times the overlap

const aliveOf = async ({ gitlab }: Rehearsal): Promise<number> =>
  (await gitlab.control.accessTokens()).filter(({ name, active }) => active && name.startsWith(tokenPrefix)).length;

/** What the schedule does each hour, here until the predecessor's overlap is over. */
const tend = async ({ rehearsal, narrator }: RotationStage): Promise<void> => {
  narrator.say();
  narrator.going({ part: 'Revoke', name: 'Revoke', does: 'tend-credentials: predecessors, after the overlap' });
  const lambda = new LambdaClient(clientOptionsOf(rehearsal.aws));
  const deadline = Date.now() + patience;
  for (;;) {
    await lambda.send(new InvokeCommand({ FunctionName: `drawbridge-${stageName}-tend-credentials`, Payload: '{}' }));
    if ((await aliveOf(rehearsal)) === 1 || Date.now() > deadline) break;
    await sleep(lookEvery);
  }
  narrator.done();
};

const gitlabVersion = async ({ aws }: Rehearsal): Promise<string | undefined> => {
  const client = new SecretsManagerClient(clientOptionsOf(aws));
  const described = await client.send(new DescribeSecretCommand({ SecretId: rotatedSecrets.gitlab }));
  return versionLabelled({ rotationEnabled: true, labels: described.VersionIdsToStages ?? {} }, 'AWSCURRENT');
};

const judge = async (stage: RotationStage, rotations: readonly RotationView[]): Promise<string[]> => {
  const { rehearsal, narrator, stream, watcher } = stage;
  const { control } = rehearsal.gitlab;
  narrator.going({ part: 'Verdict', name: 'Verdict', does: 'was a hook refused, and which tokens are alive?' });
  await stream.stop();
  await watcher.stop();
  const problems = demoProblems({
    ...{ rotations, sent: stream.sent, history: watcher, tokenPrefix },
    tokens: await control.accessTokens(),
    gitlabVersion: await gitlabVersion(rehearsal),
    reuses: (await control.requests()).filter(({ reuse }) => reuse).length,
  });
  narrator.done({ failed: problems.length > 0 });
  return problems;
};

const play = async (narrator: Narrator, opened: Opened): Promise<number> => {
  const begun = Date.now();
  const stage = await openStage(await startWorld(narrator, opened), narrator, opened);
  const rotations: RotationView[] = [];
  for (const turn of turns) rotations.push(await playTurn(stage, turn));
  await tend(stage);
  const problems = await judge(stage, rotations);
  narrator.say(`\n  ${countsLine(hookCounts(stage.stream.sent, stage.watcher))}`);
  const well = 'Both secrets were rotated twice, no hook was refused, and of old tokens only a person’s own is alive';
  return tellVerdict(narrator, problems, { well, begun });
};

/** The hook's secret and gitlab_token rotated under a stream of hooks. */
export const rotationDemo: Demo = { plan: rotationPlan, play };
