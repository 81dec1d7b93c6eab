import type { HistoryEvent } from '@aws-sdk/client-sfn';
import { deployed } from '../support/deployed.ts';
import { allExecutions, type WholeExecution } from './executions.ts';

/** Step Functions' limits, and ours below them, held against every execution of the level. */

const KB = 1024;
// AWS allows 256 KB and 25,000.
const mostData = 200 * KB;
const mostEvents = 10_000;
const mostOutput = 32 * KB;
const mostTransitions = 90;
const fiveMinutes = 300; // seconds of world time
const mostSwapTransitions = 300;
const halfAnHour = 1_800; // seconds of world time

let executions: WholeExecution[];

beforeAll(async () => {
  executions = await allExecutions();
}, 120_000);

/** Every input and output in the details of an event. */
const dataOf = (event: HistoryEvent): string[] =>
  Object.values(event).flatMap((details: unknown) => {
    const { input, output } = (details ?? {}) as { input?: string; output?: string };
    return [input, output].filter((data) => data !== undefined);
  });

const sizes = (texts: string[]): number[] => texts.map((text) => Buffer.byteLength(text));

const worldSeconds = ({ startDate, stopDate }: WholeExecution): number =>
  ((Number(stopDate) - Number(startDate)) / 1000) * deployed.speed;

const transitions = ({ history }: WholeExecution): number =>
  history.filter(({ stateEnteredEventDetails }) => stateEnteredEventDetails !== undefined).length;

const isDeployed = ({ output = '{}' }: WholeExecution): boolean =>
  (JSON.parse(output) as { end?: { outcome: string } }).end?.outcome === 'deployed';

const over = (limit: number, measure: (execution: WholeExecution) => number): string[] =>
  executions
    .map((execution) => ({ name: execution.name, measured: measure(execution) }))
    .filter(({ measured }) => measured > limit)
    .map(({ name, measured }) => `${name}: ${measured}`);

test("every state's input and output is at most 200 KB, and what a task itself answers at most 32 KB", () => {
  expect(executions.length).toBeGreaterThan(0);
  const data = over(mostData, ({ history }) => Math.max(...sizes(history.flatMap(dataOf))));
  expect(data).toEqual([]);
  const answered = (history: HistoryEvent[]) =>
    history.flatMap(({ taskSucceededEventDetails: details }) => details?.output ?? []);
  expect(executions.some(({ history }) => answered(history).length > 0)).toBe(true);
  expect(over(mostOutput, ({ history }) => Math.max(0, ...sizes(answered(history))))).toEqual([]);
});

test('every history has at most 10,000 events', () => {
  expect(over(mostEvents, ({ history }) => history.length)).toEqual([]);
});

const isSwap = ({ history }: WholeExecution): boolean =>
  history.some(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name === 'Shift');

/** Of these, the deployed ones that took no longer and yet more transitions. */
const tooMany = (some: readonly WholeExecution[], seconds: number, most: number): string[] =>
  some
    .filter((one) => isDeployed(one) && worldSeconds(one) <= seconds && transitions(one) > most)
    .map((one) => `${one.name}: ${transitions(one)}`);

test('a rolling deployment of up to five minutes takes at most 90 transitions', () => {
  const rolled = executions.filter((execution) => !isSwap(execution));
  expect(tooMany(rolled, fiveMinutes, mostTransitions)).toEqual([]);
});

test('a swap of up to half an hour takes at most 300 transitions', () => {
  expect(tooMany(executions.filter(isSwap), halfAnHour, mostSwapTransitions)).toEqual([]);
});

// Of some tests alone it cannot be asked; tests/run.ts then says so.
if (deployed.complete)
  test('there was a deployment of about five minutes, and a swap', () => {
    expect(executions.some((one) => isSwap(one) && isDeployed(one))).toBe(true);
    const rolled = executions.filter((one) => isDeployed(one) && !isSwap(one));
    const durations = rolled.map(worldSeconds);
    expect(durations.filter((seconds) => seconds > 0.8 * fiveMinutes && seconds <= fiveMinutes)).not.toEqual([]);
  });
