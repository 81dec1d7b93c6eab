import fc from 'fast-check';
import { checkGreen } from '../../../lib/app/check-green.ts';
import { recordSuccess } from '../../../lib/app/record-success.ts';
import { retire } from '../../../lib/app/retire.ts';
import { shift } from '../../../lib/app/shift.ts';
import { startGreen } from '../../../lib/app/start-green.ts';
import { undo, type UndoOutput } from '../../../lib/app/undo.ts';
import { watch, type TrafficView } from '../../../lib/app/watch.ts';
import { DeployFailure } from '../../../lib/domain/failure.ts';
import type { Wait } from '../../../lib/domain/pacing.ts';
import { weightsOf } from '../../../lib/domain/traffic.ts';
import { intercepted } from '../../support/every-fault.ts';
import { blueGreen, blueGroup, greenGroup, greenName, noWait, productionRule } from '../../support/samples.ts';
import {
  bounds,
  ourRevision,
  retiredBounds,
  scaled,
  swapScene,
  who,
  type SwapScene,
} from '../../support/swap-scene.ts';

/** What happens while the workflow waits. */
type Event =
  | { does: 'nothing' | 'green starts' | 'live scales out' | 'alarm' | 'a person moves users' }
  /** a colour has so many healthy targets from now on */
  | { does: 'health'; of: string; healthy: number }
  /** the so-many-th call of the next task breaks */
  | { does: 'fault'; at: number; how: 'refused' | 'lost' | 'dies' };

const healthyIn = ({ traffic }: SwapScene, group: string): number =>
  (traffic.registered.get(group) ?? []).filter(({ state }) => state === 'healthy').length;
const weightsNow = ({ traffic }: SwapScene) =>
  weightsOf(traffic.points.get(productionRule)?.actions ?? [], [blueGroup, greenGroup]) ?? {};

const put = ({ traffic }: SwapScene, group: string, healthy: number) => {
  traffic.registered.delete(group);
  traffic.register(group, healthy, { address: group === blueGroup ? '10.0.0.1' : '10.0.1.1' });
};

/** Its tasks come up, all of them healthy. */
const startsGreen = (here: SwapScene) => {
  const green = here.fleet.services.get('prod/web-green');
  const [front] = green?.rollouts ?? [];
  if (green === undefined || front?.revision !== ourRevision) return;
  const { desired } = green;
  here.fleet.front({ state: 'COMPLETED', running: desired, desired }, greenName);
  here.fleet.tasks.set(
    front.id,
    Array.from({ length: desired }, (_, index) => `10.0.1.${index + 1}`),
  );
  put(here, greenGroup, desired);
};

const happen = (here: SwapScene, event: Event): void => {
  if (event.does === 'green starts') startsGreen(here);
  if (event.does === 'live scales out') here.fleet.change(({ desired }) => ({ desired: Math.min(6, desired + 1) }));
  if (event.does === 'alarm') here.alarms.set('errors', { state: 'ALARM' });
  if (event.does === 'health') put(here, event.of, event.healthy);
  if (event.does === 'a person moves users') here.divide(63, 37);
};

/** One call breaks. A task that dies is not tried again: its execution is dead, and recovery undoes what it left. */
const broken = (here: SwapScene, event: Event): SwapScene => {
  let calls = 0;
  return intercepted(here, async (_call, original) => {
    calls += 1;
    if (event.does !== 'fault' || calls !== event.at) return original();
    if (event.how !== 'refused') await original();
    throw new DeployFailure(event.how === 'dies' ? 'ExecutionDied' : 'AwsUnavailable', 'injected');
  });
};

/** The workflow, small: its tasks in their order, tried again as it does, waits in which something happens. */
const swap = async (here: SwapScene, events: Event[]): Promise<{ failure?: string; undone?: UndoOutput }> => {
  let next: Event = { does: 'nothing' };
  const wait = () => {
    next = events.shift() ?? { does: 'green starts' };
    happen(here, next);
  };
  const task = async <T>(run: (ports: SwapScene) => Promise<T>): Promise<T> => {
    const ports = broken(here, next);
    next = { does: 'nothing' };
    return run(ports).catch(async (error: unknown) => {
      if (error instanceof DeployFailure && error.name === 'AwsUnavailable') return run(here);
      throw error;
    });
  };
  const forward = async () => {
    let green = await task(async (ports) => startGreen(ports)({ ...who, wait: noWait }));
    while (green.state !== 'healthy') {
      const { state, ...last } = green;
      if (state === 'starting') wait();
      green = await task(async (ports) =>
        state === 'grown' ? startGreen(ports)({ ...who, wait: last.wait }) : checkGreen(ports)({ ...who, green }),
      );
    }
    let view: Pick<TrafficView, 'step' | 'wait'> & Partial<TrafficView> = { step: 0, wait: green.wait, state: 'next' };
    while (view.state !== 'baked') {
      const traffic = view;
      if (view.state === 'next') view = await task(async (ports) => shift(ports)({ ...who, traffic }));
      wait();
      const last = view as TrafficView;
      view = await task(async (ports) => watch(ports)({ ...who, traffic: last }));
    }
    await task(async (ports) => recordSuccess(ports)({ ...who, wait: view.wait }));
    wait();
    await task(async (ports) => retire(ports)(who));
  };
  const nameOf = (error: unknown) => (error instanceof DeployFailure ? error.name : String(error));
  const failure = await forward().then(() => undefined, nameOf);
  if (failure === undefined || here.record()?.succeeded !== undefined) return failure === undefined ? {} : { failure };
  let undone: UndoOutput = { done: false, wait: { phase: 0, total: 0, seconds: 15 } };
  while (!undone.done) {
    const { wait: pace }: { wait: Wait } = undone;
    try {
      undone = await task(async (ports) => undo(ports)({ ...who, wait: pace }));
    } catch (error) {
      // A recovery that dies is taken up by the next one, from its beginning.
      if (nameOf(error) !== 'ExecutionDied') return { failure: nameOf(error) };
      undone = { done: false, wait: { phase: 0, total: 0, seconds: 15 } };
    }
    if (!undone.done) wait();
  }
  return { failure, undone };
};

const allowed = ['100/0', '90/10', '50/50', '0/100'];

/** Notes in `wrong` whatever is written that no swap may write. */
const guarded = (here: SwapScene, wrong: string[]): SwapScene =>
  intercepted(here, async ({ name, method }, original, args) => {
    const before = weightsNow(here);
    const [service, desired] = args as unknown as [{ service?: string }, unknown];
    const group = service.service === 'web' ? blueGroup : greenGroup;
    if (method === 'resize' && desired === 0 && before[group] !== 0) wrong.push(`${name}: ${group} has users`);
    const answer = await original();
    if (method !== 'replace') return answer;
    const { [blueGroup]: blue = 0, [greenGroup]: green = 0 } = weightsNow(here);
    if (!allowed.includes(`${blue}/${green}`)) wrong.push(`${name}: ${blue}/${green} is no step`);
    if (before[blueGroup] === 63) wrong.push(`${name}: over somebody else’s weights`);
    const [ofBlue, ofGreen] = [healthyIn(here, blueGroup), healthyIn(here, greenGroup)];
    const isServed = (blue > 0 && ofBlue > 0) || (green > 0 && ofGreen > 0);
    if (ofBlue + ofGreen > 0 && !isServed) wrong.push(`${name}: ${blue}/${green} with ${ofBlue}/${ofGreen} healthy`);
    return answer;
  });

const world = (): SwapScene => {
  const steps = [
    { weight: 10, minutes: 1 },
    { weight: 50, minutes: 1 },
    { weight: 100, minutes: 1 },
  ];
  const here = swapScene({ blueGreen: blueGreen({ alarms: ['errors'] }) }, { found: scaled, steps });
  here.alarms.set('errors');
  return here;
};

const health = fc.record({
  does: fc.constant('health' as const),
  of: fc.constantFrom(blueGroup, greenGroup),
  healthy: fc.integer({ min: 0, max: 3 }),
});
const fault = fc.record({
  does: fc.constant('fault' as const),
  at: fc.integer({ min: 1, max: 14 }),
  how: fc.constantFrom('refused' as const, 'lost' as const, 'dies' as const),
});
const plain = (...does: ('nothing' | 'green starts' | 'live scales out' | 'alarm' | 'a person moves users')[]) =>
  fc.constantFrom(...does).map((one) => ({ does: one }));
const anything: fc.Arbitrary<Event> = fc.oneof(
  { arbitrary: plain('nothing', 'green starts', 'green starts'), weight: 6 },
  { arbitrary: plain('live scales out'), weight: 1 },
  { arbitrary: plain('alarm'), weight: 1 },
  { arbitrary: plain('a person moves users'), weight: 1 },
  { arbitrary: health, weight: 2 },
  { arbitrary: fault, weight: 3 },
);

/** Nothing unusual for a while, so that every state of a swap is come to, then anything. */
const happenings = fc
  .tuple(fc.integer({ min: 0, max: 18 }), fc.array(anything, { maxLength: 12 }))
  .map(([quiet, events]): Event[] => [
    ...Array.from({ length: quiet }, () => ({ does: 'green starts' as const })),
    ...events,
  ]);

test('whatever happens: only a step’s weights are written, users stay where somebody answers, and a colour with users never shrinks', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(happenings, async (events) => {
      const here = world();
      const wrong: string[] = [];
      const { failure, undone } = await swap(guarded(here, wrong), [...events]);
      expect(wrong).toEqual([]);
      ends.add(failure ?? 'deployed');
      const { [blueGroup]: blue = 0, [greenGroup]: green = 0 } = weightsNow(here);
      const isMoved = blue === 63;
      const [live, idle] = [here.fleet.services.get('prod/web'), here.fleet.services.get('prod/web-green')];
      if (!isMoved)
        expect([
          [100, 0],
          [0, 100],
        ]).toContainEqual([blue, green]);
      if (blue > 0) expect(live?.desired).toBeGreaterThanOrEqual(2);
      if (green > 0 && !isMoved) expect(idle?.desired).toBeGreaterThanOrEqual(2);
      if (failure === undefined || (undone?.done && blue === 100)) {
        const [used, spare] = failure === undefined ? ['prod/web-green', 'prod/web'] : ['prod/web', 'prod/web-green'];
        expect(here.scaling.services.get(used)?.target).toEqual(bounds);
        expect(here.scaling.services.get(spare)?.target).toEqual(retiredBounds);
        expect(here.fleet.services.get(spare)).toMatchObject({ desired: 0 });
      }
    }),
    { numRuns: 400 },
  );
  expect([...ends]).toEqual(
    expect.arrayContaining([
      'deployed',
      'AlarmRaised',
      'TrafficTampered',
      'ColourUnwell',
      'ExecutionDied',
      'UndoFailed',
    ]),
  );
});
