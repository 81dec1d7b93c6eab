import { setTimeout as sleep } from 'node:timers/promises';
import type { Execution } from '../executions.ts';
import type { ImageBehaviour } from '../fleet/seeds.ts';
import type { Delivery } from '../gitlab/delivery.ts';
import type { Narrator } from './narrator.ts';
import type { Commit, Scene } from './scene.ts';
import { stepsTaken } from './workflow-steps.ts';
import type { Ended } from './verdict.ts';

export interface Deployed extends Ended {
  commit: Commit;
  execution: Execution;
}

/** The scene, and who tells of it. */
export interface Told {
  scene: Scene;
  narrator: Narrator;
}

const lookEvery = 200; // ms of real time
const patience = 60_000; // ms of real time: several times what the longest deployment takes

/** The execution that the hook's answer names; GitLab's maintainers see the same answer. */
const executionIn = ({ responseStatus, responseBody }: Delivery): string => {
  const { started = [] } = (responseStatus === 202 ? JSON.parse(responseBody) : {}) as {
    started?: { execution: string }[];
  };
  const execution = started[0]?.execution;
  if (execution === undefined) throw new Error(`GitLab's hook was answered ${responseStatus}: ${responseBody}`);
  return execution;
};

/** Tells the steps of an execution that have ended since the last look, and which one is under way. */
const stepTeller = (narrator: Narrator, letter: string) => {
  let told = 0;
  return (execution: Execution): void => {
    const taken = stepsTaken(execution);
    for (const { step, from } of taken.slice(told)) {
      // What is undone is the step before it: it is the one that failed.
      narrator.done({ at: from, failed: step.name === 'Undo' });
      narrator.going({ part: `${letter} ${step.name}`, name: step.name, does: step.does }, from);
    }
    told = taken.length;
    if (execution.stoppedAt !== undefined) narrator.done({ at: execution.stoppedAt });
  };
};

const follow = async ({ executions }: Scene, name: string, look: (seen: Execution) => void): Promise<Execution> => {
  const deadline = Date.now() + patience;
  for (;;) {
    const execution = await executions.read(name);
    look(execution);
    if (execution.status !== 'RUNNING') return execution;
    const last = execution.entered.at(-1)?.state ?? 'nothing';
    if (Date.now() > deadline) throw new Error(`after ${patience / 1000} s the workflow is still in ${last}`);
    await sleep(lookEvery);
  }
};

/** Ships one more commit, and shows its deployment until the workflow has ended. */
export const deployCommit = async (
  { scene, narrator }: Told,
  letter: Commit['letter'],
  behaviour: ImageBehaviour,
): Promise<Deployed> => {
  const hook = { name: 'Hook', does: "GitLab's pipeline hook: verified, answered 202" };
  narrator.going({ part: `${letter} Hook`, ...hook });
  const { sha, digest, delivery } = await scene.platform.ship(behaviour);
  const name = executionIn(delivery);
  const commit = { letter, sha, digest };
  scene.commits.push(commit);
  narrator.done();
  const execution = await follow(scene, name, stepTeller(narrator, letter));
  const record = await scene.journal.read(name);
  return { commit, execution, end: record?.end };
};
