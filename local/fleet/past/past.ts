import type { Fleet } from '../world/fleet.ts';
import { laggingIn } from './lagging.ts';
import type { Kept } from './parts.ts';
import { partOf, withParts } from './parts.ts';
import type { PlayedCall, Subject } from './subjects.ts';
import { keyOf, subjectsOf } from './subjects.ts';

/** How many writes to one thing can be gone back behind. */
const WRITES_KEPT = 10;

/** What the world was like: some seconds ago where reads lag, and before the latest writes. */
export interface Past {
  /** Keeps how lagging services are now; to be called after whatever may have changed one. */
  passed: () => void;
  /** Looks at what the call is about to write; the function that it answers with is to be called once it is written. */
  beforeWrite: (call: PlayedCall) => () => void;
  /** The fleet as the call reads it: lagging services as they were, and what it reads as before the latest `writes` writes. */
  shown: (call: PlayedCall, writes: number) => Fleet;
}

export const pastOf = (fleet: Fleet): Past => {
  const lagging = laggingIn(fleet);
  /** newest first */
  const writes = new Map<string, Kept[]>();
  return {
    passed: lagging.keep,
    beforeWrite: (call) => {
      const before = subjectsOf(fleet, call).map((subject) => ({ subject, kept: nowOf(fleet, subject) }));
      const toCome = before.map(({ subject }) => subject).filter((subject) => isYetToCome(fleet, subject));
      return () => {
        for (const { subject, kept } of before) {
          writes.set(keyOf(subject), [kept, ...(writes.get(keyOf(subject)) ?? [])].slice(0, WRITES_KEPT));
        }
        for (const service of toCome) lagging.keepAbsent(service, fleet.defaults.readsLag);
        lagging.keep();
      };
    },
    shown: (call, count) => {
      const behind = behindWrites(writes, count === 0 ? [] : subjectsOf(fleet, call), count);
      const late = call.service === 'ecs' ? lagging.asTheyWere() : new Map<string, Kept>();
      const keys = [...new Set([...behind.keys(), ...late.keys()])];
      const parts = keys.flatMap((key) => older(behind.get(key), late.get(key))?.part ?? []);
      return withParts(fleet, parts);
    },
  };
};

const nowOf = (fleet: Fleet, subject: Subject): Kept => ({ at: fleet.clock.now(), part: partOf(fleet, subject) });

/** A service that is about to be created in a world whose reads lag. */
const isYetToCome = (
  { clusters, defaults }: Fleet,
  subject: Subject,
): subject is Extract<Subject, { kind: 'service' }> =>
  defaults.readsLag > 0 &&
  subject.kind === 'service' &&
  clusters.get(subject.cluster)?.services.has(subject.name) === false;

const behindWrites = (writes: Map<string, Kept[]>, subjects: Subject[], count: number): Map<string, Kept> =>
  new Map(
    subjects.map(keyOf).flatMap((key) => {
      const kept = writes.get(key)?.slice(0, count).at(-1);
      return kept === undefined ? [] : [[key, kept] as const];
    }),
  );

const older = (one: Kept | undefined, other: Kept | undefined): Kept | undefined =>
  one === undefined || (other !== undefined && other.at < one.at) ? other : one;
