import { scalingWords } from './bars.ts';
import { colourNames, failuresOf, otherThan, type ColourName, type ColourSight, type Sight } from './sight.ts';

/** Something that happened, in one line. `mark`: it belongs into the picture of the timeline. */
export interface SwapEvent {
  at: number;
  text: string;
  mark: boolean;
}

const weightEvent = (before: Sight, now: Sight, coming: ColourName): string[] => {
  const [was, is] = [before[coming].weight, now[coming].weight];
  if (is === was) return [];
  if (is > was) return [`${is} % to ${coming}`];
  return [`${100 - is} % back to ${otherThan(coming)}, in one write`];
};

const testEvent = (before: Sight, now: Sight): string[] => {
  const to = colourNames.find((name) => now[name].testWeight > before[name].testWeight);
  return to === undefined ? [] : [`the test URL leads to ${to}`];
};

const taskEvents = (name: ColourName, was: ColourSight, is: ColourSight): string[] => [
  ...(is.desired === was.desired ? [] : [`${name} is to have ${is.desired} tasks`]),
  ...(is.running === was.running || is.running !== is.desired ? [] : [`${name} has ${is.running} tasks`]),
];

const scalingEvent = (name: ColourName, was: ColourSight, is: ColourSight): string[] => {
  const [before, now] = [scalingWords(was.scaling), scalingWords(is.scaling)];
  return before === now ? [] : [`Auto Scaling of ${name}: ${now}`];
};

const errorEvent = (before: Sight, now: Sight): string[] => {
  const first = colourNames.find((name) => now[name].failures > before[name].failures);
  return first === undefined || failuresOf(before) > 0 ? [] : [`the first error, from ${first}`];
};

const alarmEvent = (before: Sight, now: Sight, alarmName: string): string[] => {
  if (before.alarm === now.alarm) return [];
  if (now.alarm === 'OK') return [`alarm ${alarmName} is quiet again`];
  return [`alarm ${alarmName} went off: users got ${failuresOf(now)} errors`];
};

/** What happened between two sights, while users are to go to the colour that is coming. */
export const eventsBetween = (
  before: Sight,
  now: Sight,
  { coming, alarmName }: { coming: ColourName; alarmName: string },
): SwapEvent[] => {
  const event = (mark: boolean) => (text: string) => ({ at: now.at, text, mark });
  return [
    ...colourNames
      .flatMap((name) => [...scalingEvent(name, before[name], now[name]), ...taskEvents(name, before[name], now[name])])
      .map(event(false)),
    ...testEvent(before, now).map(event(false)),
    ...errorEvent(before, now).map(event(false)),
    ...[...alarmEvent(before, now, alarmName), ...weightEvent(before, now, coming)].map(event(true)),
  ];
};

const quiet = 1_000; // ms of real time: 20 s of the world's, twice what the load balancer's slowest node takes

/**
 * Once nobody has been sent to the colour for a while: when its last answer came (ms since the epoch). Undefined while
 * it has traffic.
 */
export const usersGoneFrom = (colour: ColourName, history: readonly Sight[]): number | undefined => {
  const now = history.at(-1);
  if (now === undefined || now[colour].weight > 0) return undefined;
  const last = history.findLastIndex((sight) => sight[colour].requests < now[colour].requests);
  const gone = history[last + 1];
  return gone !== undefined && now.at - gone.at >= quiet ? gone.at : undefined;
};
