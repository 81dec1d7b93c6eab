import type { Fault } from '../../support/death-matrix/fault.ts';
import { deathName, outwardCalls, type Faulty } from '../../support/death-matrix/outward-calls.ts';

const what = { service: 'ECS', operation: 'UpdateService' };
const site = { ...what, state: 'Undo', look: 1, nth: 1 };

const faulty: Faulty<string> = {
  refused: () => Promise.resolve('refused'),
  throttled: () => Promise.resolve('throttled'),
  lost: () => Promise.resolve('lost'),
};

/** One task that calls twice; what its other side did and what it got to know is in `done` and `heard`. */
const scene = (fault?: Fault, late: () => Promise<void> = () => Promise.resolve()) => {
  const done: string[] = [];
  const heard: string[] = [];
  const stopped: string[] = [];
  const hands = { stop: (execution: string) => void stopped.push(execution), late };
  const outward = outwardCalls(hands, fault === undefined ? undefined : { site, fault });
  const call = async (name: string) => {
    const work = () => Promise.resolve(done.push(name)).then(() => `did ${name}`);
    heard.push(await outward.call(what, faulty, work));
  };
  const both = async () => {
    await call('first');
    await call('second');
  };
  const tasks = outward.tasks('web-1', { Undo: both });
  return { outward, done, heard, stopped, call, undo: () => tasks['Undo']?.({} as never) };
};

test('calls are seen with their state, its look, and their number in it', async () => {
  const { outward, undo, heard } = scene();
  await undo();
  await undo();
  expect(outward.calls.map(({ execution, state, look, nth, done }) => [execution, state, look, nth, done])).toEqual([
    ['web-1', 'Undo', 1, 1, true],
    ['web-1', 'Undo', 1, 2, true],
    ['web-1', 'Undo', 2, 1, true],
    ['web-1', 'Undo', 2, 2, true],
  ]);
  expect(heard).toEqual(['did first', 'did second', 'did first', 'did second']);
  expect(outward.struck()).toBe(false);
});

test('a call outside of a task is let through, unseen', async () => {
  const { outward, call, heard } = scene('refused');
  await call('other');
  expect(heard).toEqual(['did other']);
  expect(outward.calls).toEqual([]);
});

test.each([
  ['refused', ['refused', 'refused'], []],
  ['throttled', ['throttled', 'throttled'], []],
  ['answer lost', ['lost', 'did second'], ['first', 'second']],
] as const)('%s: what the task hears, and what is done', async (fault, expected, did) => {
  const { undo, heard, done, outward } = scene(fault);
  await undo();
  expect(heard).toEqual(expected);
  expect(done).toEqual(did);
  expect(outward.struck()).toBe(true);
});

test.each([
  ['dies before', []],
  ['dies after', ['first']],
] as const)('%s: the task ends as a dead Lambda does, and goes no further', async (fault, did) => {
  const { undo, heard, done, outward } = scene(fault);
  await expect(undo()).rejects.toMatchObject({ name: deathName });
  await outward.idle();
  expect(done).toEqual(did);
  expect(heard).toEqual([]);
});

test('stopped, call late: the execution is stopped at once, its task goes on when it is let', async () => {
  let letGo = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const { undo, heard, done, stopped, outward } = scene('stopped, call late', () => late);
  const task = undo();
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toEqual(['web-1']);
  expect(done).toEqual([]);
  letGo();
  await outward.idle();
  expect(heard).toEqual(['did first', 'did second']);
  await task;
});

test('what a task raises is raised', async () => {
  const outward = outwardCalls({ stop: () => undefined, late: () => Promise.resolve() });
  const tasks = outward.tasks('web-1', { Undo: () => Promise.reject(new Error('its own')) });
  await expect(tasks['Undo']?.({} as never)).rejects.toThrow('its own');
});
