import { join } from 'node:path';
import { startAwsStub } from './aws-stub.ts';
import type { AwsStub } from './aws-stub.ts';
import { hookEnvironment, hooks, hookSecret, storeWith } from './hook-scene.ts';
import { startLambda } from './lambda.ts';
import type { Lambda } from './lambda.ts';
import type { ParameterStore } from './parameter-store.ts';
import { median, rounded } from './statistics.ts';

const warmUpRounds = 60;
const rounds = 300;

/** Warm answers of the hook: with 1 and with 1,000 targets of other projects in the store, and of the floor beside it. */
export interface AnswerTimes {
  medianMs: { one: number; thousand: number; floor: number };
  ratios: { thousandToOne: number; toFloor: number };
  /** calls behind each median */
  samples: number;
}

type Scenes = Record<keyof AnswerTimes['medianMs'], { lambda: Lambda; store: ParameterStore }>;
type Scene = keyof Scenes;

/** Measures the built hook in a process of its own. `home` is an empty folder. Rejects when a hook starts nothing. */
export const measureAnswers = async (bundle: string, home: string): Promise<AnswerTimes> => {
  const hook = await hooks();
  const [one, thousand] = [storeWith(hook.project, 1), storeWith(hook.project, 1_000)];
  const stub = await startAwsStub(hookSecret, one);
  const lambdas: Lambda[] = [];
  try {
    const env = await hookEnvironment(stub.url, home);
    const start = async (file: string): Promise<Lambda> => {
      const lambda = await startLambda(file, env);
      lambdas.push(lambda);
      return lambda;
    };
    // Both stores are seen by the same process: nothing but the store differs.
    const [real, floor] = [await start(bundle), await start(join(import.meta.dirname, 'floor.ts'))];
    const scenes: Scenes = {
      one: { lambda: real, store: one },
      thousand: { lambda: real, store: thousand },
      floor: { lambda: floor, store: thousand },
    };
    return await measure(scenes, stub, () => hook.next());
  } finally {
    await Promise.all(lambdas.map((lambda) => lambda.end()));
    await stub.close();
  }
};

interface Taken {
  ms: number[];
  calls: string[];
}

const measure = async (scenes: Scenes, stub: AwsStub, event: () => object): Promise<AnswerTimes> => {
  const taken: Record<Scene, Taken> = {
    one: { ms: [], calls: [] },
    thousand: { ms: [], calls: [] },
    floor: { ms: [], calls: [] },
  };
  for (let round = -warmUpRounds; round < rounds; round += 1) {
    for (const scene of orderOf(round)) {
      stub.use(scenes[scene].store);
      const { ms, answer } = await scenes[scene].lambda.invoke(event());
      const calls = stub.takeCalls();
      if (answer.statusCode !== 202) throw new Error(`${scene}: answered ${JSON.stringify(answer)}`);
      if (round < 0) continue;
      taken[scene].ms.push(ms);
      taken[scene].calls.push(...calls);
    }
  }
  refuseUnlike(taken);
  return summary(taken);
};

/** Each scene as often first, second and last: whoever comes after the floor meets other caches. */
const orderOf = (round: number): Scene[] => {
  const order: Scene[] = ['one', 'thousand', 'floor'];
  const first = Math.abs(round) % order.length;
  return [...order.slice(first), ...order.slice(0, first)];
};

/** The floor is a peer only as long as it asks AWS for the same things, as often. */
const refuseUnlike = ({ one, floor }: Record<Scene, Taken>): void => {
  const [ours, its] = [one, floor].map(({ calls }) => [...calls].sort().join());
  if (ours !== its)
    throw new Error(`the floor no longer makes the hook's calls: ${[...new Set(one.calls)].join(', ')}`);
};

const summary = ({ one, thousand, floor }: Record<Scene, Taken>): AnswerTimes => {
  const medians = { one: median(one.ms), thousand: median(thousand.ms), floor: median(floor.ms) };
  return {
    medianMs: { one: rounded(medians.one), thousand: rounded(medians.thousand), floor: rounded(medians.floor) },
    ratios: {
      thousandToOne: rounded(medians.thousand / medians.one),
      toFloor: rounded(medians.thousand / medians.floor),
    },
    samples: one.ms.length,
  };
};
