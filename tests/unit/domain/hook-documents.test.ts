import { hookTokens, nextHookDocument, pendingHook } from '../../../lib/domain/hook-documents.ts';

const madeAt = new Date('2026-01-05T09:40:00Z');
const made_at = '2026-01-05T09:40:00.000Z';
const signingToken = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;

/** All 1, then all 2 … */
const counting = () => {
  let calls = 0;
  return (count: number) => new Uint8Array(count).fill((calls += 1));
};

describe('hookTokens', () => {
  test('what is there, and nothing else', () => {
    expect(hookTokens({ webhook_token: 't', other: 1 })).toStrictEqual({ token: 't' });
    expect(hookTokens({ webhook_token: 't', webhook_signing_token: 's' })).toStrictEqual({
      token: 't',
      signingToken: 's',
    });
  });

  test.each([undefined, {}, { webhook_signing_token: 's' }])('%j has none', (document) => {
    expect(hookTokens(document)).toBeUndefined();
  });
});

describe('pendingHook', () => {
  test('as a rotation made it', () => {
    const document = { webhook_token: 't', webhook_signing_token: 's', made_at, base_version: 'b' };
    const tokens = { token: 't', signingToken: 's' };
    expect(pendingHook(document, 'v')).toEqual({ tokens, madeAt: madeAt.getTime(), base: 'b' });
    expect(pendingHook({ webhook_token: 't', made_at }, 'v').base).toBeUndefined();
  });

  test.each([undefined, {}, { webhook_token: 't' }, { made_at }, { webhook_token: 't', made_at: 'soon' }])(
    '%j was not made by a rotation',
    (document) => {
      const refused = {
        name: 'RotationRefused',
        because: 'AWSPENDING has no value that a rotation made',
        facts: { version: 'v' },
      };
      expect(() => pendingHook(document, 'v')).toThrow(expect.objectContaining(refused) as Error);
    },
  );
});

describe('nextHookDocument', () => {
  const current = {
    webhook_token: 'old',
    webhook_signing_token: 'old',
    base_version: 'old',
    made_at: 'old',
    other: [1],
  };

  test('new tokens of 32 bytes each, every other key as it was', () => {
    expect(nextHookDocument(current, { base: 'b', madeAt, signed: true, random: counting() })).toStrictEqual({
      webhook_token: '01'.repeat(32),
      webhook_signing_token: signingToken,
      made_at,
      base_version: 'b',
      other: [1],
    });
  });

  test('plain, and from no version: without the keys that say otherwise', () => {
    const next = nextHookDocument(current, { base: undefined, madeAt, signed: false, random: counting() });
    expect(next).toStrictEqual({ webhook_token: '01'.repeat(32), made_at, other: [1] });
    expect(current).toMatchObject({ webhook_token: 'old', base_version: 'old' });
  });
});
