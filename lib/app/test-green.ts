import { rulePoint, type GreenTest } from '../domain/blue-green.ts';
import { DeployFailure } from '../domain/failure.ts';
import { allGreen, begunSwapOf, trafficSettles, type BegunSwap } from '../domain/swap.ts';
import { sameWeights } from '../domain/traffic.ts';
import type { Journal } from '../ports/journal.ts';
import type { Probe, ProbeAnswer } from '../ports/probe.ts';
import type { Traffic } from '../ports/traffic.ts';
import { writeWeights, readWeights, tamperedTraffic, type WeightedPoint } from './point-weights.ts';
import { recordOf } from './record-of.ts';

/** How far the test of green is. `opened`: the test rule leads to green, as soon as all nodes know it. */
export interface TestView {
  state: 'closed' | 'opened' | 'passed';
  /** answers in a row that were not as expected */
  refused: number;
  wait: { seconds: number };
}

export interface TestGreenInput {
  execution: string;
  deployment: string;
  test: TestView;
}

export interface TestGreenPorts {
  traffic: Traffic;
  probe: Probe;
  journal: Journal;
}

const maxRefused = 3;
const betweenTries = 15;

/** What to divide to lead the test URL to green. */
interface TestRule {
  record: BegunSwap;
  weighted: WeightedPoint;
}

const testRule = (record: BegunSwap, rule: string): TestRule => ({
  record,
  weighted: { point: rulePoint(rule), groups: record.blueGreen.targetGroups, called: 'the test rule' },
});

const changed = () => tamperedTraffic('somebody else changed the test rule');

/** Writes the test rule to all green, once; its weights before are journalled first. */
const open = async ({ traffic, journal }: TestGreenPorts, execution: string, test: TestRule): Promise<void> => {
  const { record, weighted } = test;
  const green = allGreen(record);
  const { actions, weights: now } = await readWeights(traffic, weighted);
  const { before } = record.testing ?? { before: now };
  if (!sameWeights(now, before) && !sameWeights(now, green)) throw changed();
  await journal.note(record, execution, { testing: { before } });
  if (!sameWeights(now, green)) await writeWeights(traffic, weighted, { actions, weights: green });
};

/** Blue would answer in green's place: the question would be answered well, and say nothing. */
const mustBeOpen = async ({ traffic }: TestGreenPorts, { record, weighted }: TestRule): Promise<void> => {
  const { weights } = await readWeights(traffic, weighted);
  if (!sameWeights(weights, allGreen(record))) throw changed();
};

/** What is wrong with the answer; never its text, which is the application's. */
const problem = (answer: ProbeAnswer, { status, text }: GreenTest): string | undefined => {
  if ('unanswered' in answer) return `no answer: ${answer.unanswered}`;
  if (answer.status !== status) return `status ${answer.status} instead of ${status}`;
  return text === undefined || answer.text.includes(text) ? undefined : 'the answer lacks the expected text';
};

const ask = async (probe: Probe, test: GreenTest, { refused }: TestView): Promise<TestView> => {
  const because = problem(await probe(test.url), test);
  if (because === undefined) return { state: 'passed', refused: 0, wait: { seconds: 0 } };
  if (refused + 1 >= maxRefused)
    throw new DeployFailure('TestFailed', `green was asked ${maxRefused} times: ${because}`);
  return { state: 'opened', refused: refused + 1, wait: { seconds: betweenTries } };
};

/**
 * Asks green through the target's test URL before users see it: first the test rule is written, then, a minute later,
 * when all of the load balancer's nodes know it, the question is put, up to three times. Raises TestFailed, TrafficTampered.
 */
export const testGreen =
  (ports: TestGreenPorts) =>
  async ({ execution, deployment, test }: TestGreenInput): Promise<TestView> => {
    const record = begunSwapOf(await recordOf(ports.journal, deployment));
    const wanted = record.blueGreen.test;
    if (wanted === undefined) return { state: 'passed', refused: 0, wait: { seconds: 0 } };
    const { rule } = wanted;
    if (rule === undefined) return ask(ports.probe, wanted, test);
    if (test.state !== 'closed') {
      await mustBeOpen(ports, testRule(record, rule));
      return ask(ports.probe, wanted, test);
    }
    await open(ports, execution, testRule(record, rule));
    return { state: 'opened', refused: 0, wait: { seconds: trafficSettles } };
  };
