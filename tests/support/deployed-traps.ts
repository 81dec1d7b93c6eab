import type { ControlInput } from '../../local/gitlab/control-inputs.ts';
import type { Delivery } from '../../local/gitlab/delivery.ts';
import { executionEnd, gitlab, healthy, journalled, orderOf, type Scene } from './deployed.ts';
import { answered, hookAbout, payloadOf, say, startedBy } from './deployed-hooks.ts';
import { lockOf, ourCalls } from './deployed-service.ts';

/**
 * Traps: pipelines and jobs that must not deploy. Each is sprung by its own hook, which the door's sieve ignores where
 * the hook tells, and by a hook with the right token that says of the very same pipeline or job what a good one says,
 * so that Confirm alone has to refuse it.
 */
export interface Trap {
  what: string;
  run: Partial<ControlInput<'runPipeline'>>;
  /** what the lie says; without it the trap's own hook looks good, and no lie is needed */
  said?: object;
  /** Confirm's reason */
  because: string;
}

const ignored = '200 {"ignored":"no target asks for it"}';

/** How an execution that Confirm refused has ended. */
export const refusedAs = (because: string): string => `NotConfirmed: ${because}`;

export const refusal = async (execution: string): Promise<string> => {
  const { error, cause } = await executionEnd(execution);
  return `${error}: ${cause}`;
};

/** Nothing of the scene's service was so much as looked at, and the journal knows neither it nor the executions. */
export const expectUntouched = async (scene: Scene, executions: readonly string[]): Promise<void> => {
  expect(await ourCalls(scene)).toEqual([]);
  const records = executions.map((execution) => journalled(execution));
  const items = await Promise.all([lockOf(scene), orderOf(scene), ...records]);
  expect(items.filter((item) => item !== undefined)).toEqual([]);
};

/** Of a pipeline that succeeded as the push of a branch of this project, or what else is said. */
const lieAboutPipeline = (honest: Delivery, project: number, said: object): object => {
  const told = payloadOf(honest);
  const finish = told.object_attributes.finished_at ?? honest.at;
  const good = { status: 'success', source: 'push', tag: false, protected_ref: true, finished_at: finish };
  return {
    ...told,
    project: { ...told.project, id: project },
    merge_request: null,
    source_pipeline: undefined,
    object_attributes: { ...told.object_attributes, ...good, ...said },
  };
};

type Kind = 'pipeline' | 'job';

/** The trap's pipeline, on a ref and with an image that are there, and the hook that GitLab sends about it. */
const ownHook = async (scene: Scene, { run }: Trap, kind: Kind): Promise<Delivery> => {
  const { project = scene.project, ref = 'main', tag = false } = run;
  const { sha } = await scene.commit(healthy);
  await gitlab.push({ project, ref, tag, sha });
  const pipeline = await gitlab.runPipeline({ project, sha, ...run });
  const id = kind === 'job' ? (pipeline.jobs[0]?.id ?? 0) : pipeline.id;
  return hookAbout(pipeline.project, { kind, id });
};

/** What the door said to the trap's own hook, and how the execution ended that the lie, or else that hook, began. */
const spring = async (scene: Scene, trap: Trap, kind: Kind) => {
  const honest = await ownHook(scene, trap, kind);
  const { what, said } = trap;
  const sprung = { what, door: answered(honest) };
  if (said === undefined) return { ...sprung, execution: startedBy(honest) };
  const lie = kind === 'job' ? { ...payloadOf(honest), ...said } : lieAboutPipeline(honest, scene.project, said);
  return { ...sprung, execution: startedBy(await say(scene.hook, lie, honest.trigger)) };
};

/** Springs all traps at once. Each must end as it says, for its own reason, and nothing may have been touched. */
export const springAll = async (scene: Scene, traps: readonly Trap[], kind: Kind): Promise<void> => {
  const sprung = await Promise.all(traps.map((trap) => spring(scene, trap, kind)));
  const executions = sprung.map(({ execution }) => execution);
  expect(new Set(executions).size).toBe(traps.length);
  const ends = await Promise.all(
    sprung.map(async ({ what, door, execution }) => [what, door, await refusal(execution)]),
  );
  expect(ends).toEqual(
    traps.map(({ what, said, because }) => [what, said === undefined ? '202' : ignored, refusedAs(because)]),
  );
  await expectUntouched(scene, executions);
};
