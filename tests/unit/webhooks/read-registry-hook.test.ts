import { Rejection } from '../../../lib/domain/failure.ts';
import { manifestTypes } from '../../../lib/domain/image-manifest.ts';
import { readRegistryHook } from '../../../lib/webhooks/read-registry-hook.ts';
import { imageCause } from '../../support/samples.ts';
import { envelopeOf, pushEvent } from './registry-events.ts';

const { repository, tag, digest, event, pushedAt } = imageCause;
const push = { repository, tag, digest, event, pushedAt };
const read = (...events: unknown[]) => readRegistryHook(envelopeOf(...events));
const nothing = { pushes: [], unreadable: [] };

describe('an image pushed with a tag', () => {
  test('in our words; addresses and who pushed it are not read', () => {
    expect(read(pushEvent())).toEqual({ pushes: [push], unreadable: [] });
    expect(JSON.stringify(read(pushEvent()))).not.toMatch(/hunter2|169\.254|registry-0|10\.0\.0/);
  });

  test.each(manifestTypes)('as %s', (mediaType) => {
    expect(read(pushEvent({}, { mediaType }))).toEqual({ pushes: [push], unreadable: [] });
  });

  test.each([
    ['2026-01-05T09:40:00Z', '2026-01-05T09:40:00.000Z'],
    ['2026-01-05T09:40:00.1Z', '2026-01-05T09:40:00.100Z'],
    ['2026-01-05T11:40:00.123+02:00', pushedAt],
    ['2026-01-05T09:40:00.123999999Z', pushedAt],
  ])('at %s', (timestamp, time) => {
    expect(read(pushEvent({ timestamp })).pushes[0]?.pushedAt).toBe(time);
  });

  test('by a registry without logins, and with fields that are newer than we', () => {
    expect(read(pushEvent({ actor: {}, meta: { blob: {} } }, { references: [] })).pushes).toEqual([push]);
    expect(read(pushEvent({ actor: undefined, request: undefined, source: undefined })).pushes).toEqual([push]);
  });

  test('several in one envelope, in their order; what is none of ours between them', () => {
    const events = [pushEvent({ id: 'a' }), pushEvent({ action: 'pull' }), pushEvent({ id: 'b' }, { tag: 'v2' })];
    expect(read(...events)).toEqual({
      pushes: [
        { ...push, event: 'a' },
        { ...push, event: 'b', tag: 'v2' },
      ],
      unreadable: [],
    });
  });
});

describe('what is none of ours says nothing', () => {
  test.each<[string, object]>([
    ['a pull', pushEvent({ action: 'pull' })],
    ['a deletion by tag', { id: 'x', timestamp: 'y', action: 'delete', target: { repository, tag } }],
    ['a deletion by digest', { id: 'x', timestamp: 'y', action: 'delete', target: { repository, digest } }],
    ['a mount', pushEvent({ action: 'mount' }, { fromRepository: 'acme/base' })],
    ['a renaming', pushEvent({ action: 'rename' })],
    ['an action of tomorrow', pushEvent({ action: 'constructor' })],
    ['a layer', pushEvent({}, { mediaType: 'application/octet-stream', tag: undefined })],
    ['a layer, although with a tag', pushEvent({}, { mediaType: 'application/octet-stream' })],
    ["an index's child", pushEvent({}, { tag: undefined })],
    [
      'a manifest of schema 1',
      pushEvent({}, { mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws' }),
    ],
  ])('%s', (_what, event) => {
    expect(read(event)).toEqual(nothing);
  });

  test('nor does an empty envelope', () => {
    expect(read()).toEqual(nothing);
  });
});

describe('an event that cannot be read', () => {
  test.each<[string, unknown, string]>([
    ['no object', 'hunter2', 'an event has another shape than expected at '],
    ['null', null, 'an event has another shape than expected at '],
    ['without an action', pushEvent({ action: undefined }), 'at action'],
    ['without a target', pushEvent({ target: undefined }), 'at target'],
    ['with a media type that is no text', pushEvent({}, { mediaType: 7 }), 'at target.mediaType'],
    ['without a media type', pushEvent({}, { mediaType: undefined }), 'at target.mediaType'],
    ['with a tag that is no text', pushEvent({}, { tag: ['v1'] }), 'at target.tag'],
    ['with a tag that is none', pushEvent({}, { tag: 'hunter2:latest' }), 'at target.tag'],
    ['with an empty tag', pushEvent({}, { tag: '' }), 'at target.tag'],
    ['with a tag of two lines', pushEvent({}, { tag: 'v1\nhunter2' }), 'at target.tag'],
    ['with a tag too long', pushEvent({}, { tag: 'v'.repeat(129) }), 'at target.tag'],
    ['with a way out of the repository', pushEvent({}, { repository: 'acme/../hunter2' }), 'at target.repository'],
    ['with a repository in capitals', pushEvent({}, { repository: 'Acme/hunter2' }), 'at target.repository'],
    ['with an endless repository', pushEvent({}, { repository: 'a'.repeat(256) }), 'at target.repository'],
    ['with a host in its repository', pushEvent({}, { repository: 'hunter2:5000/web' }), 'at target.repository'],
    ['with another hash', pushEvent({}, { digest: `sha512:${'a'.repeat(128)}` }), 'at target.digest'],
    ['with a cut digest', pushEvent({}, { digest: digest.slice(0, -1) }), 'at target.digest'],
    ['without a digest', pushEvent({}, { digest: undefined }), 'at target.digest'],
    ['without an id', pushEvent({ id: undefined }), 'at id'],
    ['with an empty id', pushEvent({ id: '' }), 'at id'],
    ['with an id of two lines', pushEvent({ id: 'a\nhunter2' }), 'at id'],
    ['without a time', pushEvent({ timestamp: undefined }), 'at timestamp'],
    ['with a time in words', pushEvent({ timestamp: 'hunter2' }), 'at timestamp'],
    ['with a time by the clock alone', pushEvent({ timestamp: '2026-01-05T09:40:00' }), 'at timestamp'],
    ['with a time that never is', pushEvent({ timestamp: '2026-13-05T09:40:00Z' }), 'at timestamp'],
    ['with a time after a blank', pushEvent({ timestamp: ' 2026-01-05T09:40:00Z' }), 'at timestamp'],
    // Date.parse reads no further than a NUL
    ['with a time that goes on', pushEvent({ timestamp: '2026-01-05T09:40:00Z\u0000 hunter2' }), 'at timestamp'],
    ['with a time as a number', pushEvent({ timestamp: 1_767_606_000 }), 'at timestamp'],
  ])('%s is told of by its fields, never its values, and stops no other', (_what, event, field) => {
    const { pushes, unreadable } = read(event, pushEvent());
    expect(pushes).toEqual([push]);
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).toContain(field);
    expect(unreadable[0]).not.toContain('hunter2');
  });
});

test('all fields of an event that do not fit are named', () => {
  const event = pushEvent({ id: '', timestamp: '' }, { repository: '', tag: '', digest: '' });
  expect(read(event).unreadable).toEqual([
    'an event has another shape than expected at id, timestamp, target.repository, target.tag, target.digest',
  ]);
});

test('a repository of 255 characters is none too long', () => {
  expect(read(pushEvent({}, { repository: 'a'.repeat(255) })).pushes).toHaveLength(1);
});

test.each([undefined, null, [], 'events', 1, {}, { events: null }, { events: {} }, { events: 'hunter2' }, pushEvent()])(
  'no envelope: %j is unreadable',
  (body) => {
    const reading = () => readRegistryHook(body);
    expect(reading).toThrow(Rejection);
    expect(reading).toThrow(/^the hook has another shape than expected at /);
  },
);

test('fields out of a prototype are no fields', () => {
  const polluted = JSON.parse(
    JSON.stringify(envelopeOf(pushEvent({}, { tag: undefined }))).replace('"size"', '"__proto__":{"tag":"v1"},"size"'),
  ) as unknown;
  expect(readRegistryHook(polluted)).toEqual(nothing);
});
