import type { FaultRule } from '../../../local/fleet/seeds.ts';
import { faults } from '../../../local/fleet/wire/faults.ts';
import { seededRandom } from '../../../local/fleet/wire/seeded-random.ts';

const update = {
  service: 'ecs',
  operation: 'UpdateService',
  caller: 'apply',
  resources: ['arn:a', 'arn:b'],
  input: { cluster: 'c', service: 'web' },
};

const struck = (rules: FaultRule[], calls: number, seed = 1): string[] => {
  const inForce = faults(seededRandom(seed));
  rules.forEach(inForce.add);
  return Array.from({ length: calls }, () => inForce.strike(update)?.kind ?? '-');
};

describe('faults', () => {
  test('once, unless it says how often', () => {
    expect(struck([{ operation: 'UpdateService', fault: { kind: 'reset' } }], 3)).toEqual(['reset', '-', '-']);
    const rule: FaultRule = { operation: 'UpdateService', skip: 1, times: 2, fault: { kind: 'reset' } };
    expect(struck([rule], 4)).toEqual(['-', 'reset', 'reset', '-']);
  });

  test('only what it names', () => {
    const fault = { kind: 'reset' } as const;
    expect(struck([{ operation: 'DescribeServices', fault }], 1)).toEqual(['-']);
    expect(struck([{ operation: 'UpdateService', service: 'ecr', fault }], 1)).toEqual(['-']);
    expect(struck([{ operation: 'UpdateService', caller: 'hook', fault }], 1)).toEqual(['-']);
    expect(struck([{ operation: 'UpdateService', resource: 'arn:c', fault }], 1)).toEqual(['-']);
    expect(struck([{ operation: 'UpdateService', about: '"api"', fault }], 1)).toEqual(['-']);
    const all = { service: 'ecs', operation: 'UpdateService', caller: 'apply', resource: 'arn:b', about: '"web"' };
    expect(struck([{ ...all, fault }], 1)).toEqual(['reset']);
  });

  test('one fault a call, in the order of the rules', () => {
    const rules: FaultRule[] = [
      { operation: 'UpdateService', fault: { kind: 'throttle' } },
      { operation: 'UpdateService', fault: { kind: 'reset' } },
    ];
    expect(struck(rules, 3)).toEqual(['throttle', 'reset', '-']);
  });

  test('by rate: without end, the same for the same seed, about as often as asked', () => {
    const rules: FaultRule[] = [{ operation: 'UpdateService', rate: 0.25, fault: { kind: 'reset' } }];
    const first = struck(rules, 4000, 42);
    expect(struck(rules, 4000, 42)).toEqual(first);
    expect(struck(rules, 4000, 43)).not.toEqual(first);
    const hits = first.filter((kind) => kind === 'reset').length;
    expect(hits).toBeGreaterThan(900);
    expect(hits).toBeLessThan(1100);
    expect(
      struck([{ ...rules[0], operation: 'UpdateService', times: 3, fault: { kind: 'reset' } }], 4000).filter(
        (kind) => kind !== '-',
      ),
    ).toHaveLength(3);
  });

  test('a cut is of a call that is yet to come, any other fault of one that has come', () => {
    const inForce = faults(seededRandom(1));
    const { operation } = update;
    inForce.add({ operation, fault: { kind: 'cut', afterBytes: 5 } });
    inForce.add({ operation, fault: { kind: 'reset' } });
    expect(inForce.strike(update)).toEqual({ kind: 'reset' });
    expect(inForce.cut({ ...update, caller: 'hook', operation: 'PutImage' })).toBeUndefined();
    expect([inForce.cut(update), inForce.cut(update), inForce.strike(update)]).toEqual([5, undefined, undefined]);
  });

  test('cleared rules hit nothing', () => {
    const inForce = faults(seededRandom(1));
    inForce.add({ operation: 'UpdateService', fault: { kind: 'reset' } });
    inForce.clear();
    expect(inForce.strike(update)).toBeUndefined();
  });
});
