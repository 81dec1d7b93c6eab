import { testGreen, type TestView } from '../../../lib/app/test-green.ts';
import type { GreenTest } from '../../../lib/domain/blue-green.ts';
import type { DeploymentRecord } from '../../../lib/domain/deployment.ts';
import { everyFault } from '../../support/every-fault.ts';
import { before, losingAnswers } from '../../support/memory-faults.ts';
import { blueGreen, blueGroup, forward, greenGroup, testRule } from '../../support/samples.ts';
import { begun, swapScene, who, type SwapScene } from '../../support/swap-scene.ts';

const wanted: GreenTest = {
  url: 'https://test.example.com/health?key=hunter2',
  status: 200,
  text: 'well',
  rule: testRule,
};
const closed: TestView = { state: 'closed', refused: 0, wait: { seconds: 0 } };
const opened: TestView = { state: 'opened', refused: 0, wait: { seconds: 60 } };
const run = (ports: Parameters<typeof testGreen>[0], test: TestView = closed) => testGreen(ports)({ ...who, test });

const others = { Type: 'authenticate-oidc', Order: 1, AuthenticateOidcConfig: { ClientId: 'drawbridge' } };
const ruleWith = (blue: number, green: number) => [
  others,
  { ...forward({ [blueGroup]: blue, [greenGroup]: green }), Order: 2 },
];
const green = { [blueGroup]: 0, [greenGroup]: 100 };
const halves = { [blueGroup]: 50, [greenGroup]: 50 };

const scene = (test: GreenTest = wanted, written: Partial<DeploymentRecord> = {}): SwapScene => {
  const here = swapScene({ ...begun, blueGreen: blueGreen({ test }), ...written });
  here.traffic.put(testRule, ruleWith(50, 50));
  return here;
};
const now = ({ traffic }: SwapScene) => traffic.points.get(testRule)?.actions;
const isOpen = (here: SwapScene): SwapScene => {
  here.traffic.put(testRule, ruleWith(0, 100));
  return here;
};

describe('the test rule', () => {
  test('is written to green with its weights before in the journal, and given a minute', async () => {
    const here = scene();
    const watched = before(here.traffic, 'replace', () => {
      expect(here.record()?.testing).toEqual({ before: halves });
    });
    expect(await run({ ...here, traffic: watched })).toEqual(opened);
    expect(here.writes).toEqual(['test: blue 0, green 100']);
    expect(now(here)).toEqual(ruleWith(0, 100));
    expect(here.asked).toEqual([]);
  });

  test('written before, its answer lost, is not written again, nor is what it was before', async () => {
    const here = scene();
    const lossy = { ...here, traffic: losingAnswers(here.traffic, 'replace') };
    await expect(run(lossy)).rejects.toMatchObject({ name: 'AwsUnavailable' });
    expect(await run(lossy)).toEqual(opened);
    expect(here.writes).toHaveLength(1);
    expect(here.record()?.testing).toEqual({ before: halves });
  });

  test('is written once more after a stale read, and what it was before stays', async () => {
    const here = isOpen(scene(wanted, { testing: { before: halves } }));
    const lagging = { ...here.traffic, actions: () => Promise.resolve(ruleWith(50, 50)) };
    expect(await run({ ...here, traffic: lagging })).toEqual(opened);
    expect(here.record()?.testing).toEqual({ before: halves });
    expect(now(here)).toEqual(ruleWith(0, 100));
  });

  test('that was on green all along is noted and not written', async () => {
    const here = isOpen(scene());
    expect(await run(here)).toEqual(opened);
    expect(here.record()?.testing).toEqual({ before: green });
    expect(here.writes).toEqual([]);
  });

  test.each<[string, (here: SwapScene) => void]>([
    [
      'leads elsewhere',
      ({ traffic }) => {
        traffic.put(testRule, [forward({ [blueGroup]: 1, other: 1 })]);
      },
    ],
    [
      'is gone',
      ({ traffic }) => {
        traffic.points.delete(testRule);
      },
    ],
  ])('that %s is left alone', async (_what, act) => {
    const here = scene();
    act(here);
    await expect(run(here)).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(here.writes).toEqual([]);
    expect(here.record()).not.toHaveProperty('testing');
  });

  test('that somebody else changed between two tries is left alone', async () => {
    const here = scene(wanted, { testing: { before: halves } });
    here.traffic.put(testRule, ruleWith(70, 30));
    await expect(run(here)).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(here.writes).toEqual([]);
  });

  test('that answers other weights than were written was changed by somebody else', async () => {
    const here = scene();
    const other = { ...here.traffic, replace: () => Promise.resolve(ruleWith(50, 50)) };
    await expect(run({ ...here, traffic: other })).rejects.toMatchObject({ name: 'TrafficTampered' });
  });

  test('is not written without the lock', async () => {
    const here = scene();
    here.journal.locks.clear();
    await expect(run(here)).rejects.toMatchObject({ name: 'LockLost' });
    expect(here.writes).toEqual([]);
  });

  test('is on green after whatever fault', async () => {
    const { undisturbed, after } = await everyFault<SwapScene>({
      world: scene,
      run: async (ports) => run(ports),
      state: (ports) => ({ rule: now(ports), writes: [...new Set(ports.writes)], record: ports.record() }),
    });
    expect(after.length).toBeGreaterThan(8);
    for (const [fault, state] of after) expect([fault, state]).toEqual([fault, undisturbed]);
  });
});

describe('green is asked', () => {
  test('at the test URL, and passes', async () => {
    const here = isOpen(scene());
    here.answers.push({ status: 200, text: 'all is well' });
    expect(await run(here, opened)).toEqual({ state: 'passed', refused: 0, wait: { seconds: 0 } });
    expect(here.asked).toEqual([wanted.url]);
    expect(here.writes).toEqual([]);
  });

  test.each([
    [{ status: 503, text: 'hunter2' }, 'green was asked 3 times: status 503 instead of 200'],
    [{ status: 200, text: 'hunter2' }, 'green was asked 3 times: the answer lacks the expected text'],
    [{ unanswered: 'connection refused' }, 'green was asked 3 times: no answer: connection refused'],
  ])('three times, 15 s apart: %p', async (answer, because) => {
    const here = isOpen(scene());
    here.answers.push(answer, answer, answer);
    const first = await run(here, opened);
    expect(first).toEqual({ state: 'opened', refused: 1, wait: { seconds: 15 } });
    const second = await run(here, first);
    expect(second).toEqual({ state: 'opened', refused: 2, wait: { seconds: 15 } });
    const third = run(here, second);
    await expect(third).rejects.toMatchObject({ name: 'TestFailed', because, facts: {} });
    await expect(third).rejects.not.toThrow(/hunter2/);
    expect(here.asked).toHaveLength(3);
  });

  test('and a good answer after bad ones counts', async () => {
    const here = isOpen(scene());
    here.answers.push({ status: 200, text: 'well' });
    expect(await run(here, { ...opened, refused: 2 })).toMatchObject({ state: 'passed' });
  });

  test.each([
    ['without a rule of its own, at once', { ...wanted, rule: undefined }],
    ['for the status alone', { url: wanted.url, status: 200 }],
  ])('%s', async (_how, test) => {
    const here = scene(JSON.parse(JSON.stringify(test)) as GreenTest);
    here.answers.push({ status: 200, text: 'well' });
    expect(await run(here)).toMatchObject({ state: 'passed' });
    expect(here.writes).toEqual([]);
  });

  test.each<[string, (here: SwapScene) => void]>([
    [
      'is back on blue',
      ({ traffic }) => {
        traffic.put(testRule, ruleWith(100, 0));
      },
    ],
    [
      'leads elsewhere',
      ({ traffic }) => {
        traffic.put(testRule, [forward({ other: 1 })]);
      },
    ],
    [
      'is gone',
      ({ traffic }) => {
        traffic.points.delete(testRule);
      },
    ],
  ])('not while the rule %s: blue’s answer says nothing', async (_what, act) => {
    const here = isOpen(scene());
    act(here);
    here.answers.push({ status: 200, text: 'well' });
    await expect(run(here, opened)).rejects.toMatchObject({ name: 'TrafficTampered' });
    expect(here.asked).toEqual([]);
  });

  test('nothing where the target wants no test', async () => {
    const here = swapScene(begun);
    expect(await run(here)).toEqual({ state: 'passed', refused: 0, wait: { seconds: 0 } });
    expect(here.asked).toEqual([]);
  });
});
