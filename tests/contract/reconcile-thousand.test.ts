import { run } from '../soak/reconcile-thousand.ts';

/** What serverless.yml gives the function, and what it is to need of it at most. */
const memory = 256 * 2 ** 20;
const atMost = 60; // seconds

test('a thousand targets, by the built function: one question for each branch, one for each pipeline that was missed', async () => {
  const missed = 125;
  const { answer, seconds, peak, lists, pipelines, aws } = await run(missed);
  expect(answer).toEqual({ targets: 1_000, unaskable: 0, behind: 0, started: 250 });
  expect([lists, pipelines]).toEqual([500, missed]);
  expect(seconds).toBeLessThan(atMost);
  expect(peak).toBeLessThan(memory);
  const calls = (name: string) => aws.filter((one) => one.endsWith(`.${name}`)).length;
  expect(calls('GetParametersByPath')).toBe(100);
  expect(calls('BatchGetItem')).toBe(10);
  expect(calls('GetSecretValue')).toBe(1);
  expect(calls('StartExecution')).toBe(250);
}, 120_000);
