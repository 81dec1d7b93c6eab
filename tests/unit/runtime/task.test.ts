import fc from 'fast-check';
import { DeployFailure, RotationFailure } from '../../../lib/domain/failure.ts';
import { task } from '../../../lib/runtime/task.ts';
import { printedLines } from './printed-lines.ts';

const run = async (verb: (input: Record<string, unknown>) => Promise<unknown>, input: Record<string, unknown> = {}) => {
  let output: unknown;
  let failure: Error | undefined;
  const lines = await printedLines(async () => {
    try {
      output = await task('look', verb)(input);
    } catch (error) {
      failure = error as Error;
    }
  });
  return { output, failure, lines };
};

test('answers what its verb answers, and writes one line with the deployment on it', async () => {
  const answer = { state: 'busy', because: 'behind web-0', wait: { phase: 1 } };
  const { output, lines } = await run(() => Promise.resolve(answer), { execution: 'web-1', deployment: 'web-1' });
  expect(output).toBe(answer);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    message: 'look',
    execution: 'web-1',
    deployment: 'web-1',
    state: 'busy',
    because: 'behind web-0',
  });
});

test('the line of an end shows its warning: by it the runbook finds what an alarm is about', async () => {
  const end = { outcome: 'deployed', warning: 'RetireIncomplete', because: 'the old colour is left' };
  const { lines } = await run(() => Promise.resolve(end));
  expect(JSON.parse(lines[0] ?? '')).toMatchObject(end);
});

test('its line shows names and states, never what an input holds besides', async () => {
  const input = {
    execution: 'web-1',
    state: { secret: 'hunter2' },
    definition: { environment: 'hunter2' },
    token: 'hunter2',
  };
  const { lines } = await run(() => Promise.resolve({ done: true, definition: 'hunter2' }), input);
  expect(lines.join()).toContain('"done":true');
  expect(lines.join()).not.toContain('hunter2');
});

test('a failure of the closed list goes out as it is', async () => {
  const failure = new DeployFailure('ServiceBusy', 'rollout ecs-svc/5 is under way', { cause: new Error('hunter2') });
  const { failure: thrown, lines } = await run(() => Promise.reject(failure));
  expect(thrown).toBe(failure);
  expect(lines.join()).toContain('ServiceBusy');
  expect(lines.join()).not.toContain('hunter2');
});

test('so does a failure of a rotation, and its line names secret and step', async () => {
  const failure = new RotationFailure('NotProven', 'the hook of project 7 was not delivered');
  const input = { secret: 'hook', step: 'testSecret', token: 'hunter2' };
  const { failure: thrown, lines } = await run(() => Promise.reject(failure), input);
  expect(thrown).toBe(failure);
  const line = { level: 'ERROR', secret: 'hook', step: 'testSecret', failure: 'NotProven' };
  expect(JSON.parse(lines[0] ?? '')).toMatchObject(line);
  expect(lines.join()).not.toContain('hunter2');
});

describe('any other error', () => {
  const everything = ({ failure, lines }: Awaited<ReturnType<typeof run>>): string =>
    [failure?.name, failure?.message, failure?.stack, JSON.stringify(failure), ...lines].join('\n');

  test('is a fault of our own: its class and place, not its text', async () => {
    const ran = await run(() => Promise.reject(new TypeError('cannot read hunter2')));
    expect(ran.failure?.name).toBe('Unexpected');
    expect(JSON.parse(ran.failure?.message ?? '')).toMatchObject({ because: 'a fault of our own', error: 'TypeError' });
    expect(JSON.parse(ran.failure?.message ?? '')).toMatchObject({
      place: expect.stringContaining('task.test.ts') as string,
    });
    expect(everything(ran)).not.toContain('hunter2');
  });

  test.each([
    ['a string', 'hunter2'],
    ['nothing', undefined],
    ['an object', { message: 'hunter2' }],
  ])('also when it is %s', async (_what, thrown) => {
    const ran = await run(
      () =>
        ({
          then: (_done: unknown, refuse: (why: unknown) => void) => {
            refuse(thrown);
          },
        }) as Promise<never>,
    );
    expect(ran.failure?.name).toBe('Unexpected');
    expect(everything(ran)).not.toContain('hunter2');
  });

  test('also when its text looks like a place', async () => {
    const ran = await run(() => Promise.reject(new Error('broken\n    at hunter2')));
    expect(everything(ran)).not.toContain('hunter2');
  });

  test('whatever its text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1 }), async (text) => {
        expect(everything(await run(() => Promise.reject(new Error(`hunter2${text}`))))).not.toContain('hunter2');
      }),
      { numRuns: 50 },
    );
  });
});
