import fc from 'fast-check';
import { admit, freeLock, release, takeOver, type Candidate, type ServiceLock } from '../../../lib/domain/admission.ts';

const asked = (minute: number) => `2026-01-05T09:${String(minute).padStart(2, '0')}:00Z`;
const candidate = (execution: string, key: number, target = 'web', change: Partial<Candidate> = {}): Candidate => ({
  execution,
  deployment: execution,
  target,
  key: [key],
  precedence: 'order',
  askedAt: asked(key),
  since: asked(0),
  ...change,
});
const first = false;
const again = true;
const heldBy = (holder: Candidate): ServiceLock => ({ ...freeLock, holder });
const waiting = (lock: ServiceLock, ...candidates: Candidate[]): ServiceLock =>
  candidates.reduce((now, one) => admit(now, one, first).lock, lock);
const executions = ({ waiters }: ServiceLock) => waiters.map(({ execution }) => execution);

describe('a free lock', () => {
  test('is taken at once', () => {
    const me = candidate('a', 1);
    expect(admit(freeLock, me, first)).toEqual({ state: 'admitted', lock: { ...freeLock, nextTicket: 2, holder: me } });
  });

  test('is not written again by its holder, whose answer was lost', () => {
    const lock = heldBy(candidate('a', 1));
    expect(admit(lock, candidate('a', 1), first).lock).toBe(lock);
  });

  test('goes to the target that has waited longest, not to whoever looks first', () => {
    const queue = waiting(heldBy(candidate('h', 1)), candidate('a', 2, 'api'), candidate('b', 2, 'web'));
    const free = release(queue, 'h');
    expect(admit(free, candidate('b', 2, 'web'), again)).toMatchObject({
      state: 'waiting',
      behind: { execution: 'a' },
    });
    const admission = admit(free, candidate('a', 2, 'api'), again);
    expect(admission.state).toBe('admitted');
    expect(executions(admission.lock)).toEqual(['b']);
  });

  test('is not taken past a waiter by one who has not waited', () => {
    const free = release(waiting(heldBy(candidate('h', 1)), candidate('a', 2, 'api')), 'h');
    expect(admit(free, candidate('b', 9, 'web'), first)).toMatchObject({
      state: 'waiting',
      behind: { execution: 'a' },
    });
  });
});

describe("a target's one waiting slot", () => {
  const slot = waiting(heldBy(candidate('h', 1)), candidate('a', 5));

  test('is kept at the next look, unchanged', () => {
    expect(admit(slot, candidate('a', 5), again)).toEqual({ state: 'waiting', lock: slot, behind: candidate('h', 1) });
  });

  test.each([5, 6])('is lost to a waiter of key %p, who keeps the place in the queue', (key) => {
    const taken = admit(slot, candidate('b', key), first).lock;
    expect(taken.waiters).toEqual([{ ...candidate('b', key), ticket: 1 }]);
  });

  test('is not lost to an older one, which is superseded', () => {
    expect(admit(slot, candidate('b', 4), first)).toMatchObject({ state: 'superseded', lock: slot, by: { key: [5] } });
  });

  test('the displaced learns of it at its next look, by the key that displaced it', () => {
    const taken = admit(slot, candidate('b', 6), first).lock;
    expect(admit(taken, candidate('a', 5), again)).toMatchObject({
      state: 'superseded',
      lock: taken,
      by: { execution: 'b' },
    });
  });

  test('also when equal keys displaced it: the two do not take turns', () => {
    const taken = admit(slot, candidate('b', 5), first).lock;
    expect(admit(taken, candidate('a', 5), again).state).toBe('superseded');
  });

  test('also when who displaced it holds the lock by now, or is gone', () => {
    const held = admit(release(admit(slot, candidate('b', 6), first).lock, 'h'), candidate('b', 6), again).lock;
    expect(held.holder?.execution).toBe('b');
    expect(admit(held, candidate('a', 5), again)).toMatchObject({ state: 'superseded', by: { execution: 'b' } });
    expect(admit(release(held, 'b'), candidate('a', 5), again).state).toBe('superseded');
  });

  test('also when another target holds the lock by now: by whom is not to be seen', () => {
    const gone = heldBy(candidate('x', 9, 'api'));
    expect(admit(gone, candidate('a', 5), again)).toStrictEqual({ state: 'superseded', lock: gone });
  });

  test("another target's waiters are left alone", () => {
    const both = admit(slot, candidate('x', 1, 'api'), first).lock;
    expect(executions(admit(both, candidate('b', 6), first).lock).sort()).toEqual(['b', 'x']);
  });

  test('a displacing waiter keeps its predecessor’s turn before other targets', () => {
    const queue = waiting(slot, candidate('x', 1, 'api'), candidate('b', 6));
    expect(admit(release(queue, 'h'), candidate('x', 1, 'api'), again)).toMatchObject({ behind: { execution: 'b' } });
  });
});

describe("a person's word in a target's slot", () => {
  const at = (minute: number, precedence: Candidate['precedence'], execution = 'b') =>
    candidate(execution, 3, 'web', { precedence, askedAt: asked(minute) });
  const slotOf = (waiter: Candidate) => waiting(heldBy(candidate('h', 1)), waiter);
  const inSlot = (lock: ServiceLock, newcomer: Candidate) => executions(admit(lock, newcomer, first).lock)[0];

  test('a rollback takes it from a newer pipeline that finished before it, not from one that finished after it', () => {
    expect(inSlot(slotOf(candidate('a', 5)), at(6, 'rollback'))).toBe('b');
    expect(inSlot(slotOf(candidate('a', 5)), at(4, 'rollback'))).toBe('a');
  });

  test('a rollback keeps it against a newer pipeline that finished before it, not against one that finished after it', () => {
    expect(inSlot(slotOf(at(6, 'rollback', 'a')), candidate('b', 5))).toBe('a');
    expect(inSlot(slotOf(at(4, 'rollback', 'a')), candidate('b', 5))).toBe('b');
  });

  test('what was asked in the same second does not displace it', () => {
    expect(inSlot(slotOf(at(5, 'rollback', 'a')), candidate('b', 5))).toBe('a');
  });

  test('an operator takes it from everybody, whenever it was asked', () => {
    for (const waiter of [candidate('a', 5), at(6, 'rollback', 'a'), at(6, 'operator', 'a')])
      expect(inSlot(slotOf(waiter), at(1, 'operator'))).toBe('b');
  });

  test("an operator's goes to what GitLab finished after it", () => {
    expect(inSlot(slotOf(at(4, 'operator', 'a')), candidate('b', 5))).toBe('b');
    expect(inSlot(slotOf(at(6, 'operator', 'a')), candidate('b', 5))).toBe('a');
  });
});

test('who holds the lock already is admitted', () => {
  const lock = heldBy(candidate('a', 5));
  expect(admit(lock, candidate('a', 5), first)).toEqual({ state: 'admitted', lock });
});

describe('release', () => {
  test('frees the lock and leaves the queue', () => {
    const queue = waiting(heldBy(candidate('h', 1)), candidate('a', 2));
    expect(release(queue, 'h')).not.toHaveProperty('holder');
    expect(executions(release(queue, 'a'))).toEqual([]);
  });

  test('leaves the queue of a lock that nobody holds', () => {
    const free = release(waiting(heldBy(candidate('h', 1)), candidate('a', 2), candidate('b', 2, 'api')), 'h');
    expect(executions(release(free, 'a'))).toEqual(['b']);
  });

  test('takes nothing from anybody else', () => {
    const queue = waiting(heldBy(candidate('h', 1)), candidate('a', 2));
    expect(release(queue, 'z')).toEqual(queue);
  });
});

describe('taking over', () => {
  const lock = heldBy(candidate('dead', 1));
  const heir = { execution: 'heir', since: asked(30) };

  test('moves the lock, and it stays the dead deployment’s', () => {
    expect(takeOver(lock, 'dead', heir)?.holder).toEqual({ ...candidate('dead', 1), ...heir });
  });

  test('from an earlier heir that died itself', () => {
    const moved = takeOver(lock, 'dead', heir);
    expect(takeOver(moved ?? freeLock, 'dead', { ...heir, execution: 'second' })?.holder?.execution).toBe('second');
  });

  test('is no taking from another deployment', () => {
    expect(takeOver(lock, 'other', heir)).toBeUndefined();
    expect(takeOver(freeLock, 'dead', heir)).toBeUndefined();
  });

  test('takes the dead one out of the queue as well', () => {
    const queue = { ...waiting(lock, candidate('dead', 1, 'api')), holder: candidate('dead', 1) };
    expect(executions(takeOver(queue, 'dead', heir) ?? queue)).toEqual([]);
  });
});

test('whoever looks when: one holder, one slot a target, and everybody gets an end', () => {
  const arrival = fc.record({ key: fc.nat(5), target: fc.constantFrom('web', 'api', 'jobs') });
  const looks = fc.array(fc.nat(7), { maxLength: 60 });
  fc.assert(
    fc.property(fc.array(arrival, { minLength: 1, maxLength: 8 }), looks, (arrivals, order) => {
      let lock = freeLock;
      const ended = new Set<number>();
      const queued = new Set<number>();
      const look = (index: number) => {
        const arrived = arrivals[index];
        if (arrived === undefined || ended.has(index)) return;
        const admission = admit(lock, candidate(String(index), arrived.key, arrived.target), queued.has(index));
        lock = admission.lock;
        if (admission.state === 'waiting') queued.add(index);
        else ended.add(index);
        const slots = lock.waiters.map((waiter) => waiter.target);
        expect(new Set(slots).size).toBe(slots.length);
        if (admission.state === 'admitted') lock = release(lock, String(index));
      };
      order.forEach(look);
      for (let round = 0; round < 9; round += 1)
        arrivals.forEach((_one, index) => {
          look(index);
        });
      expect(ended.size).toBe(arrivals.length);
      expect(lock.waiters).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
