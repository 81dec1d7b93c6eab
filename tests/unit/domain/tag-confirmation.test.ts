import { isOwnRepository, judgeTag } from '../../../lib/domain/tag-confirmation.ts';
import { digest, imageCause, olderDigest, operatorOfTag } from '../../support/samples.ts';

const now = new Date('2026-01-05T09:41:00Z');

describe("a project's own repository", () => {
  test.each([
    ['acme/web', 'acme/web'],
    ['acme/web', 'acme/web/app'],
    ['acme/web', 'acme/web/app/deep'],
    ['Acme/Web', 'acme/web/app'],
  ])('of %s is %s', (path, repository) => {
    expect(isOwnRepository(path, repository)).toBe(true);
  });

  test.each([
    ['acme/web', 'acme'],
    ['acme/web', 'acme/website'],
    ['acme/web', 'acme/web-app'],
    ['acme/web', 'evil/acme/web'],
    ['acme/web', 'acme/Web'],
    ['acme/web', ''],
  ])('of %s is not %s', (path, repository) => {
    expect(isOwnRepository(path, repository)).toBe(false);
  });
});

describe('a pushed image', () => {
  test('that the tag still names is confirmed, ordered by when it was pushed', () => {
    expect(judgeTag(imageCause, digest, now)).toEqual({
      state: 'confirmed',
      confirmation: { digest, askedAt: imageCause.pushedAt, key: [1_767_606_000_123] },
    });
  });

  test('that was pushed over is superseded', () => {
    expect(judgeTag(imageCause, olderDigest, now)).toEqual({
      state: 'superseded',
      because: 'the tag names another image by now',
    });
  });

  test('whose time is to come counts as pushed now: it must not make all later ones look old', () => {
    const ahead = { ...imageCause, pushedAt: '9999-01-01T00:00:00.000Z' };
    expect(judgeTag(ahead, digest, now)).toMatchObject({
      confirmation: { askedAt: '2026-01-05T09:41:00.000Z', key: [now.getTime()] },
    });
  });
});

test("an operator's word takes what the tag names, and has no place in the order", () => {
  expect(judgeTag(operatorOfTag, olderDigest, now)).toEqual({
    state: 'confirmed',
    confirmation: { digest: olderDigest, askedAt: operatorOfTag.at, key: [] },
  });
});
