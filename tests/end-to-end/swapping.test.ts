import { deployed, executionEnd, healthy, rehearsed, type Scene } from '../support/deployed.ts';
import { colourScene, scaled, weightsWritten, type Colours } from '../support/deployed-colours.ts';
import { endedDeployed, pinned } from '../support/deployed-service.ts';
import { startCrowd, type Crowd } from '../support/crowd.ts';

/** Swaps in a row with all the traffic that one machine sends: there, back, and there again. `npm run soak` plays twenty. */

const swaps = Number(process.env['SWAP_RUNS'] ?? '3');
const steps = [{ weight: 10, minutes: 1 }, { weight: 50, minutes: 1 }, { weight: 100 }];

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

// Nodes of the load balancer take a change over within 10 s of the world; what is on its way is let by.
const settled = 10_000 / deployed.speed + 300;
const margin = 150;

interface Share {
  weight: number;
  /** percent of the answers that the new colour gave */
  share: number;
  answers: number;
}

/** What each step's weights came to, from when all nodes had them until the next write. */
const sharesOf = async (colours: Colours, crowd: Crowd, [since, until]: [number, number]): Promise<Share[]> => {
  const names = [colours.blue, colours.green];
  const written = (await weightsWritten(colours)).filter(({ at }) => at >= since);
  const to = written.at(-1)?.weights.indexOf(100) ?? -1;
  return written.map(({ at, weights }, index) => {
    const end = (written[index + 1]?.at ?? until) - margin;
    const answers = crowd.between(at + settled, end);
    const all = names.reduce((sum, name) => sum + (answers[name] ?? 0), 0);
    return { weight: weights[to] ?? -1, share: (100 * (answers[names[to] ?? ''] ?? 0)) / all, answers: all };
  });
};

/** One swap; the colour that had no traffic has all of it afterwards, and the other no task. */
const swapOnce = async (scene: Scene, colours: Colours, crowd: Crowd): Promise<Share[]> => {
  const since = Date.now();
  const before = await colours.standing();
  const { execution, digest } = await scene.release(healthy);
  expect(await executionEnd(execution)).toMatchObject(endedDeployed);
  const shares = await sharesOf(colours, crowd, [since, Date.now()]);
  const after = await colours.standing();
  expect(after.desired).toEqual(before.desired.toReversed());
  expect(after.weights).toEqual(before.weights.toReversed());
  expect(after.scaling).toEqual(before.scaling.toReversed());
  const live = after.desired[0] === 0 ? 'green' : 'blue';
  expect((await colours.view(live)).rollouts[0]?.images).toEqual([pinned(digest)]);
  return shares;
};

/**
 * Each request is drawn by weight, so that of a few hundred chance alone moves the share by several points. Five standard
 * deviations are the most that a right split has but once in two million.
 * https://en.wikipedia.org/wiki/Binomial_distribution
 */
const fits = ({ weight, share, answers }: Share): boolean =>
  answers >= 100 && Math.abs(share - weight) <= 5 * Math.sqrt((weight * (100 - weight)) / answers);

/** All swaps together have answers enough for the points that are asked for. */
const together = (all: readonly Share[]): Share[] =>
  steps.map(({ weight }) => {
    const of = all.filter((one) => one.weight === weight);
    const answers = of.reduce((sum, one) => sum + one.answers, 0);
    return { weight, answers, share: of.reduce((sum, one) => sum + one.share * one.answers, 0) / answers };
  });

rehearsed(
  `${swaps} swaps in a row under more than 200 requests a second, some of which take long: nobody notices`,
  'swaps',
  async (scene) => {
    const colours = await colourScene(scene, { steps, bake_minutes: 1, timeout_minutes: 10 });
    const crowd = startCrowd(scene.service.url);
    const all: Share[] = [];
    try {
      for (let turn = 1; turn <= swaps; turn += 1) {
        const shares = await swapOnce(scene, colours, crowd);
        const words = shares.map(({ weight, share, answers }) => `${weight} %: ${share.toFixed(1)} of ${answers}`);
        say(`swap ${turn}: ${words.join(', ')}; ${crowd.rate().toFixed(0)} requests a second so far`);
        expect(shares.map(({ weight }) => weight)).toEqual(steps.map(({ weight }) => weight));
        expect(shares.filter((share) => !fits(share))).toEqual([]);
        all.push(...shares);
      }
      expect(together(all).filter(({ weight, share }) => Math.abs(share - weight) > 5)).toEqual([]);
      expect(crowd.rate()).toBeGreaterThan(200);
    } finally {
      const { failed, long, failures } = await crowd.stop();
      expect({ failed, failedLong: long.failed, failures }).toEqual({ failed: 0, failedLong: 0, failures: [] });
      expect(long.answered).toBeGreaterThan(20 * swaps);
    }
  },
  // A target drains for longer than any request takes.
  { service: { ...scaled, deregistrationDelay: 140 }, seconds: 60 + 60 * swaps },
);
