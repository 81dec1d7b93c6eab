import type { ServiceModel } from '../../../local/fleet/wire/models.ts';

/** A service with one shape of every kind, to try the protocols and the checks on. */
export const tinyModel: ServiceModel = {
  name: 'ecs',
  protocol: 'json',
  apiVersion: '2000-01-01',
  targetPrefix: 'Tiny',
  xmlNamespace: 'http://tiny.example/doc/',
  operations: {
    Do: { name: 'Do', input: { shape: 'In' }, output: { shape: 'In', resultWrapper: 'DoResult' } },
    Ping: { name: 'Ping' },
  },
  shapes: {
    In: {
      type: 'structure',
      required: ['name'],
      members: {
        name: { shape: 'Name' },
        kind: { shape: 'Kind' },
        count: { shape: 'Count' },
        size: { shape: 'Size' },
        share: { shape: 'Share' },
        on: { shape: 'On' },
        at: { shape: 'At' },
        data: { shape: 'Data' },
        inner: { shape: 'In' },
        list: { shape: 'List' },
        map: { shape: 'Map' },
        free: { shape: 'Free' },
      },
    },
    Name: { type: 'string', min: 1, max: 5, pattern: '[a-z]+' },
    Kind: { type: 'string', enum: ['HOT', 'COLD'] },
    Count: { type: 'integer', min: 1, max: 10 },
    Size: { type: 'long' },
    Share: { type: 'double' },
    On: { type: 'boolean' },
    At: { type: 'timestamp' },
    Data: { type: 'blob' },
    List: { type: 'list', member: { shape: 'In' }, max: 2 },
    Map: { type: 'map', key: { shape: 'Kind' }, value: { shape: 'Count' } },
    Free: { type: 'structure', document: true, members: {} },
    OddError: {
      type: 'structure',
      exception: true,
      members: { hint: { shape: 'Name' } },
      error: { code: 'Odd', httpStatusCode: 429 },
    },
    OwnFault: { type: 'structure', exception: true, fault: true, members: {} },
  },
};
