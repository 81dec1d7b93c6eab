import type { GitlabToken } from '../../../lib/domain/gitlab-token.ts';
import { newVersion } from '../../../lib/domain/gitlab-version.ts';
import { isRotationDue, type DueSight } from '../../../lib/domain/rotation-due.ts';
import { pendingVersion } from '../../../lib/domain/pending-version.ts';
import { daysUntil, expiryOf } from '../../../lib/domain/token-expiry.ts';
import { fateOf, type KnownVersion, type Standing, type TokenFate } from '../../../lib/domain/token-leftovers.ts';
import { tokenName, versionNamed } from '../../../lib/domain/token-names.ts';
import { deployTokenOf, ownerOf, roleFor, scopesOf } from '../../../lib/domain/token-wish.ts';
import { target } from '../../support/samples.ts';

const naming = { stage: 'prod', secretName: 'gitlab' };
const seed = { gitlab_url: 'https://gitlab.example.com', gitlab_token: 'value' };
const now = new Date('2026-12-01T12:00:00Z');

describe('names', () => {
  test('tell stage, secret and version', () => {
    expect(tokenName(naming, 'v1')).toBe('drawbridge/prod/gitlab/v1');
    expect(versionNamed(naming, tokenName(naming, 'v1'))).toBe('v1');
  });

  test.each([
    'drawbridge/test/gitlab/v1',
    'drawbridge/prod/gitlab2/v1',
    'drawbridge/prod/gitlab/',
    'drawbridge/prod/gitlab/a/v1',
    'x',
    '',
  ])('%j is none of them', (name) => {
    expect(versionNamed(naming, name)).toBeUndefined();
  });
});

describe('dates', () => {
  test('are in UTC, an interval and thirty days ahead', () => {
    expect(expiryOf(now, 30)).toBe('2027-01-30');
    expect(expiryOf(new Date('2026-12-01T23:59:59.999Z'), 0)).toBe('2026-12-31');
  });

  test.each([
    ['2026-12-03', 1],
    ['2026-12-02', 0],
    ['2026-12-01', 0],
    ['2025-12-01', 0],
    ['2026-12-16', 14],
  ])('until %s there are %d whole days', (date, days) => {
    expect(daysUntil(date, now)).toBe(days);
  });
});

describe('what is made', () => {
  test.each([
    [{ gitlab_project_id: '42' }, { kind: 'project', id: 42 }],
    [
      { gitlab_project_id: '42', gitlab_group_id: '7' },
      { kind: 'group', id: 7 },
    ],
    [{ gitlab_project_id: '42', gitlab_group_id: 'seven' }, undefined],
    [{ gitlab_project_id: '0' }, undefined],
    [{ gitlab_project_id: '42a' }, undefined],
    [{ gitlab_project_id: 'a42' }, undefined],
    [{}, undefined],
  ])('of %j is owned by %j', (ids, owner) => {
    expect(ownerOf({ ...seed, ...ids })).toEqual(owner);
  });

  test('may pull only where nothing else does', () => {
    const withPassword = { ...seed, registry_username: 'a', registry_password: 'b' };
    expect(scopesOf(seed, [target()])).toEqual(['read_api', 'read_registry']);
    expect(scopesOf(withPassword, [])).toEqual(['read_api']);
  });

  test('may write, as a Developer, only where deployments are shown', () => {
    const shown = [target(), target({ environment: 'production' })];
    expect(scopesOf(seed, shown)).toEqual(['api', 'read_registry']);
    expect(scopesOf({ ...seed, registry_username: 'a', registry_password: 'b' }, shown)).toEqual(['api']);
    expect(roleFor(shown)).toBe(30);
  });

  test('is a Maintainer only where one target looks at tag rules', () => {
    const image = target({ on: { kind: 'image', repository: 'a', tag: '*' } });
    expect([roleFor([]), roleFor([target()]), roleFor([target(), image])]).toEqual([20, 20, 40]);
    expect(roleFor([{ ...image, unprotectedTags: true }])).toBe(20);
  });

  test('replaces a deploy token by its username', () => {
    const deploy = [
      { id: 1, name: 'a', active: true },
      { id: 2, name: 'b', active: true, username: 'puller' },
    ];
    expect(deployTokenOf({ ...seed, registry_username: 'puller' }, deploy)?.id).toBe(2);
    expect(deployTokenOf({ ...seed, registry_username: 'other' }, deploy)).toBeUndefined();
    expect(deployTokenOf(seed, deploy)).toBeUndefined();
  });

  test('goes over what was there, and all else is copied', () => {
    const base = { version: 'v0', document: { ...seed, other: 1, registry_username: 'a', registry_password: 'b' } };
    const plain = newVersion({ base, access: { id: 3, value: 'new' }, madeAt: now });
    const made = { gitlab_token: 'new', gitlab_token_id: 3, made_at: '2026-12-01T12:00:00.000Z', base_version: 'v0' };
    expect(plain).toEqual({ ...base.document, ...made });
    const deploy = { id: 4, value: 'pulls', username: 'puller' };
    const pair = { registry_username: 'puller', registry_password: 'pulls', registry_token_id: 4 };
    expect(newVersion({ base, access: { id: 3, value: 'new' }, deploy, madeAt: now })).toEqual({
      ...base.document,
      ...made,
      ...pair,
    });
    expect(
      newVersion({ base, access: { id: 3, value: 'new' }, deploy: { id: 4, value: 'pulls' }, madeAt: now }),
    ).toMatchObject({
      ...{ registry_username: 'a', registry_password: 'pulls' },
    });
  });
});

describe('the fate of a token', () => {
  const token = (more: Partial<GitlabToken> = {}): GitlabToken => ({
    ...{ id: 1, name: 'drawbridge/prod/gitlab/v1', active: true, createdAt: '2026-12-01T11:00:00Z' },
    ...more,
  });
  const version = (keys: object, own?: GitlabToken): KnownVersion => ({ document: { ...seed, ...keys }, own });
  const standing = (more: Partial<Standing> = {}): Standing => ({
    live: [],
    previous: undefined,
    filling: undefined,
    ...more,
  });
  const access = (found: GitlabToken, more: Partial<Standing> = {}): TokenFate =>
    fateOf({ token: found, kind: 'access', at: now }, naming, standing(more));
  const deploy = (found: GitlabToken, more: Partial<Standing> = {}): TokenFate =>
    fateOf({ token: found, kind: 'deploy', at: now }, naming, standing(more));
  const nameless: GitlabToken = { id: 1, name: 'drawbridge/prod/gitlab/v1', active: true };
  const untold = { ...nameless, username: 'puller' };

  test('in a live version is to be kept, known by its id or by its value', () => {
    expect(access(token(), { live: [version({}), version({ gitlab_token_id: 1 })] })).toBe('keep');
    expect(access(token(), { live: [version({ gitlab_token_id: 9 }, token())] })).toBe('keep');
    expect(deploy(untold, { live: [version({ registry_token_id: 1 })] })).toBe('keep');
    expect(deploy(untold, { live: [version({ registry_username: 'puller' })] })).toBe('keep');
    expect(
      access(token(), { live: [version({ gitlab_token_id: 1 })], previous: version({ gitlab_token_id: 1 }) }),
    ).toBe('keep');
  });

  test('of one kind has nothing to do with the other kind’s ids', () => {
    expect(
      access(token({ username: 'puller' }), { live: [version({ registry_token_id: 1, registry_username: 'puller' })] }),
    ).toBe('orphan');
    expect(deploy(untold, { live: [version({ gitlab_token_id: 1 }, token())] })).toBe('orphan');
    expect(deploy(nameless, { live: [version({})] })).toBe('orphan');
  });

  test('in AWSPREVIOUS depends on who made it', () => {
    expect(access(token(), { previous: version({ gitlab_token_id: 1 }) })).toBe('predecessor');
    expect(access(token({ name: 'of a person' }), { previous: version({}, token()) })).toBe('foreign');
    expect(access(token({ name: 'of a person' }), { previous: version({}) })).toBe('keep');
    expect(access(token({ name: 'of a person' }))).toBe('keep');
  });

  test('in no version is an orphan, when nobody can be about to store it', () => {
    expect(access(token({ createdAt: '2026-12-01T11:50:00Z' }))).toBe('keep');
    expect(access(token({ createdAt: '2026-12-01T11:49:59.999Z' }), { filling: 'v1' })).toBe('orphan');
    expect(deploy(untold, { filling: 'v1' })).toBe('keep');
    expect(deploy(untold, { filling: 'v2' })).toBe('orphan');
  });
});

describe('a rotation before its time', () => {
  const sight = (more: Partial<DueSight> = {}): DueSight => ({
    ...{ days: [14], description: { rotationEnabled: true, labels: {} }, startedAt: undefined, now },
    ...more,
  });
  const labels = (labelled: Record<string, string[]>) => ({ rotationEnabled: true, labels: labelled });

  test.each<[boolean, Partial<DueSight>]>([
    [true, {}],
    [false, { days: [15] }],
    [false, { days: [] }],
    [false, { days: [undefined] }],
    [true, { days: [undefined, 15, 0] }],
    [true, { startedAt: '2026-11-30T12:00:00Z' }],
    [false, { startedAt: '2026-11-30T12:00:00.001Z' }],
    [false, { description: labels({ a: ['AWSCURRENT'], b: ['AWSPENDING'] }) }],
    [true, { description: labels({ a: ['AWSCURRENT', 'AWSPENDING'] }) }],
  ])('is due: %s, with %j', (due, more) => {
    expect(isRotationDue(sight(more))).toBe(due);
  });

  test('is none while another has not ended', () => {
    expect(pendingVersion(labels({ a: ['AWSCURRENT'], b: ['AWSPENDING'], c: ['AWSPREVIOUS'] }))).toBe('b');
    expect(pendingVersion(labels({ a: ['AWSCURRENT'], b: ['AWSPENDING', 'AWSPREVIOUS'] }))).toBeUndefined();
    expect(pendingVersion(labels({ a: ['AWSCURRENT'] }))).toBeUndefined();
    expect(pendingVersion(labels({ b: ['AWSPENDING'] }))).toBe('b');
  });
});
