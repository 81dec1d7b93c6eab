import { fit } from '../../../local/fleet/wire/fit.ts';
import { tinyModel } from './tiny-model.ts';

const misfits = (value: unknown) => fit(tinyModel, 'In', value).misfits;

describe('fit', () => {
  test('a value of every kind fits', () => {
    const leaves = {
      kind: 'HOT',
      count: 10,
      size: 2 ** 40,
      share: 0.5,
      on: false,
      at: new Date(0),
      data: Buffer.of(1),
    };
    const value = { name: 'abcde', ...leaves, inner: { name: 'a' }, list: [{ name: 'a' }], map: { COLD: 1 } };
    expect(fit(tinyModel, 'In', { ...value, free: { any: ['thing'] } })).toEqual({ misfits: [], newer: [] });
  });

  test('absent members are no misfits, required ones are', () => {
    expect(misfits({ name: 'a', kind: undefined })).toEqual([]);
    expect(misfits({ inner: {} })).toEqual([
      "Value null at 'name' failed to satisfy constraint: Member must not be null",
      "Value null at 'inner.name' failed to satisfy constraint: Member must not be null",
    ]);
  });

  test.each([
    ['name', '', "Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    ['name', 'abcdef', 'Member must have length less than or equal to 5'],
    ['name', 'a1', 'Member must satisfy regular expression pattern: [a-z]+'],
    ['name', 7, "Value at 'name' failed to satisfy constraint: Member must be of type string"],
    [
      'kind',
      'WARM',
      "Value 'WARM' at 'kind' failed to satisfy constraint: Member must satisfy enum value set: [HOT, COLD]",
    ],
    ['count', 0, 'Member must have value greater than or equal to 1'],
    ['count', 11, 'Member must have value less than or equal to 10'],
    ['count', 1.5, 'Member must be of type integer'],
    ['count', 2 ** 31, 'Member must be of type integer'],
    ['size', '1', 'Member must be of type long'],
    ['share', '1', 'Member must be of type double'],
    ['on', 'true', 'Member must be of type boolean'],
    ['at', '2026-01-01', 'Member must be of type timestamp'],
    ['at', new Date('soon'), 'Member must be of type timestamp'],
    ['data', 'AA==', 'Member must be of type blob'],
    ['inner', [], 'Member must be of type structure'],
    ['list', {}, 'Member must be of type list'],
    ['list', [{ name: 'a' }, { name: 'a' }, { name: 'a' }], 'Member must have length less than or equal to 2'],
    ['list', [null], "Value at 'list.1' failed to satisfy constraint: Member must be of type structure"],
    ['list', [{ name: 'a' }, { name: 'a', size: '' }], "Value at 'list.2.size'"],
    ['map', { WARM: 1 }, "at 'map.WARM' failed to satisfy constraint: Member must satisfy enum"],
    ['map', { HOT: 99 }, "Value '99' at 'map.HOT'"],
    ['nmae', 'a', "Unknown parameter 'nmae'"],
  ])('%s: %p', (member, value, words) => {
    expect(misfits({ name: 'a', [member]: value })).toEqual([expect.stringContaining(words)]);
  });

  test('an unknown member of the list of newer ones passes and is named', () => {
    const shapes = { ...tinyModel.shapes, CreateServiceRequest: { type: 'structure' as const, members: {} } };
    const found = fit({ ...tinyModel, shapes }, 'CreateServiceRequest', { gatewayConnectors: [1], other: 1 });
    expect(found).toEqual({
      misfits: ["Unknown parameter 'other'"],
      newer: ['CreateServiceRequest.gatewayConnectors'],
    });
  });
});
