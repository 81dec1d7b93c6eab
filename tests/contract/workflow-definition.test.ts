import validate from 'asl-validator';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { failureNames, transientNames } from '../../lib/domain/failure.ts';

/** The workflow's definition held against the functions and the failures. */

const root = join(import.meta.dirname, '..', '..');
const text = readFileSync(join(root, 'lib', 'workflows', 'deploy.asl.json'), 'utf8');

interface Handler {
  ErrorEquals: string[];
  Next?: string;
}
interface State {
  Type: string;
  Resource?: string;
  TimeoutSeconds?: number;
  Retry?: Handler[];
  Catch?: Handler[];
  Default?: string;
  Choices?: { Variable?: string; IsPresent?: boolean; And?: { IsPresent?: boolean }[] }[];
}
const machine = JSON.parse(text) as { TimeoutSeconds: number; QueryLanguage?: string; States: Record<string, State> };
const states = Object.entries(machine.States);
const ofType = (type: string) => states.filter(([, state]) => state.Type === type);

test.each(ofType('Task'))('task %s has a time limit, retries the transient and catches all', (_name, state) => {
  expect(state.TimeoutSeconds).toBeGreaterThan(30);
  const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
  expect(retried.filter((name) => !/^(States|Lambda|Sandbox)\.|^Runtime\.ExitError$/.test(name))).toEqual([
    ...transientNames,
  ]);
  // A function that ran out of time or memory, or was killed, as AWS documents it and as it shows: what it had begun is journalled.
  expect(retried).toEqual(expect.arrayContaining(['Lambda.Unknown', 'Runtime.ExitError', 'Sandbox.Timedout']));
  expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
});

test.each(ofType('Choice'))('choice %s has a default and tests for presence', (_name, state) => {
  expect(state.Default).toBeDefined();
  for (const { IsPresent, And } of state.Choices ?? []) expect(IsPresent ?? And?.[0]?.IsPresent).toBe(true);
});

test('every task state has its function, and every task function its state', () => {
  const kebab = (name: string) => name.toLowerCase().replaceAll(' ', '-');
  const files = readdirSync(join(root, 'functions', 'tasks')).map((file) => file.replace(/\.ts$/, ''));
  expect(
    ofType('Task')
      .map(([name]) => kebab(name))
      .sort(),
  ).toEqual(files.sort());
});

test("it is what the language's own schema allows, each state reachable and each path well formed", () => {
  const filled = text.replace(/\$\{\w+\}/g, 'arn:aws:lambda:us-gov-west-1:123456789012:function:one');
  expect(validate(JSON.parse(filled))).toMatchObject({ isValid: true, errors: [] });
});

test('errors are named from the closed list', () => {
  const handlers = states.flatMap(([, { Retry = [], Catch = [] }]) => [...Retry, ...Catch]);
  const names = handlers
    .flatMap(({ ErrorEquals }) => ErrorEquals)
    .filter((name) => !/^(States|Lambda|Sandbox)\.|^Runtime\.ExitError$/.test(name));
  expect(names.filter((name) => !(failureNames as readonly string[]).includes(name))).toEqual([]);
});

test('the language is JSONPath, and the backstop is longer than all inner deadlines', () => {
  expect(text).not.toContain('JSONata');
  // 30 min GitLab, 14 h queue, three times a target's longest timeout of 12 h: somebody else's rollout, ours, its undo
  expect(machine.TimeoutSeconds).toBeGreaterThan((0.5 + 14 + 3 * 12) * 3600);
});
