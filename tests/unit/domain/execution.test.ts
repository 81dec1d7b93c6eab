import { executionDead, executionStatusOver } from '../../../lib/domain/execution.ts';

test.each([
  ['running', false],
  ['unknown', false],
  ['succeeded', true],
  ['failed', true],
] as const)('an execution that is %s is over: %p', (state, over) => {
  expect(executionStatusOver({ state })).toBe(over);
});

describe('an execution that took its place at nine', () => {
  const dead = (state: 'running' | 'succeeded' | 'unknown' | 'failed', now: string) =>
    executionDead({ state }, '2026-01-05T09:00:00.000Z', new Date(`2026-01-05T${now}Z`));

  test.each(['succeeded', 'failed'] as const)('is dead at once when it has %s', (state) => {
    expect(dead(state, '09:00:00.000')).toBe(true);
  });

  test('is alive while it runs, however long', () => {
    expect(dead('running', '23:00:00.000')).toBe(false);
  });

  test('and cannot be seen may be too young for a minute, then it is dead', () => {
    expect(dead('unknown', '09:00:59.999')).toBe(false);
    expect(dead('unknown', '09:01:00.000')).toBe(true);
  });
});
