import { setTimeout as sleep } from 'node:timers/promises';
import { shortSha, type Pushed } from '../ci/run-build-job.ts';
import type { Execution } from '../executions.ts';
import type { RepositoryView } from '../fleet/registry-seeds.ts';
import type { ImageBehaviour } from '../fleet/seeds.ts';
import type { Delivery } from '../gitlab/delivery.ts';
import type { Carried } from './copy-verdict.ts';
import type { Narrator } from './narrator.ts';
import type { Commit, Scene } from './scene.ts';
import { stepTeller, type NameOf } from './step-teller.ts';
import type { Ended } from './verdict.ts';

export interface Deployed extends Ended {
  commit: Commit;
  execution: Execution;
  /** what CI did for it */
  pushed: Pushed;
  /** ECR's repository before it and after it */
  ecr: { before: RepositoryView; after: RepositoryView };
}

/** The scene, and who tells of it. */
export interface Told {
  scene: Scene;
  narrator: Narrator;
  /** what a step is called; default: its name, and whether it is taken again */
  nameOf?: NameOf;
}

const lookEvery = 200; // ms of real time
const patience = 90_000; // ms of real time: several times what the longest deployment takes

/** The execution that the hook's answer names; GitLab's maintainers see the same answer. */
const executionIn = ({ responseStatus, responseBody }: Delivery): string => {
  const { started = [] } = (responseStatus === 202 ? JSON.parse(responseBody) : {}) as {
    started?: { execution: string }[];
  };
  const execution = started[0]?.execution;
  if (execution === undefined) throw new Error(`GitLab's hook was answered ${responseStatus}: ${responseBody}`);
  return execution;
};

type Look = (seen: Execution) => Promise<void>;

const follow = async ({ executions }: Scene, name: string, look: Look): Promise<Execution> => {
  const deadline = Date.now() + patience;
  for (;;) {
    const execution = await executions.read(name);
    await look(execution);
    if (execution.status !== 'RUNNING') return execution;
    const last = execution.entered.at(-1)?.state ?? 'nothing';
    if (Date.now() > deadline) throw new Error(`after ${patience / 1000} s the workflow is still in ${last}`);
    await sleep(lookEvery);
  }
};

/** CI's part and GitLab's: the image is pushed, the pipeline has passed, the hook was answered. */
const ship = async ({ scene, narrator }: Told, letter: Commit['letter'], behaviour: ImageBehaviour) => {
  const { platform } = scene;
  narrator.going({
    part: `${letter} Push`,
    name: 'Push',
    does: "CI: the image to GitLab's registry, by its job token",
  });
  const built = await platform.build(behaviour);
  scene.commits.push({ letter, sha: built.sha, digest: built.digest });
  narrator.going({ part: `${letter} Hook`, name: 'Hook', does: "GitLab's pipeline hook: verified, answered 202" });
  const name = executionIn(await platform.pass(built.sha));
  narrator.done();
  return { built, name };
};

/** Ships one more commit, and shows its deployment until the workflow has ended. */
export const deployCommit = async (
  told: Told,
  letter: Commit['letter'],
  behaviour: ImageBehaviour,
): Promise<Deployed> => {
  const { scene, narrator, nameOf } = told;
  const before = scene.ecr();
  const { built, name } = await ship(told, letter, behaviour);
  const witnesses = { copies: scene.copies, layersInEcr: () => scene.ecr().layers.map(({ digest }) => digest) };
  const execution = await follow(
    scene,
    name,
    stepTeller(narrator, { letter, copy: name, witnesses, ...(nameOf && { nameOf }) }),
  );
  const record = await scene.journal.read(name);
  const { sha, digest } = built;
  const ecr = { before, after: scene.ecr() };
  return { commit: { letter, sha, digest }, pushed: built, ecr, execution, end: record?.end };
};

/** How its image came into ECR, to be judged. */
export const carriedBy = ({ commit: { letter, sha }, pushed, ecr }: Deployed): Carried => ({
  ...{ letter, pushed, ecr },
  tags: [shortSha(sha), 'latest'],
});
