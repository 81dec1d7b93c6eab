import { createHmac } from 'node:crypto';
import type { HookSecret } from '../../../lib/domain/hook-secret.ts';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';
import { gitlabHook, isAuthentic, timestampTolerance } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { hook, now, plain, seconds, signed, signing, signingToken, token, withHeaders } from './signed-hook.ts';

const signatureOf = ({ headers }: RawHook): string => headers['webhook-signature'] ?? '';

describe('the plain token', () => {
  const accepted = (headers: RawHook['headers'], ...secrets: HookSecret[]) =>
    isAuthentic(secrets.length === 0 ? [plain] : secrets, hook(headers), now);

  test('is accepted', () => {
    expect(accepted({ 'x-gitlab-token': token })).toBe(true);
  });

  test.each([
    ['missing', {}],
    ['empty', { 'x-gitlab-token': '' }],
    ['another', { 'x-gitlab-token': 'x'.repeat(token.length) }],
    ['cut', { 'x-gitlab-token': token.slice(0, -1) }],
    ['longer', { 'x-gitlab-token': `${token}x` }],
    ['in another case', { 'x-gitlab-token': token.toUpperCase() }],
    ['with a blank before it', { 'x-gitlab-token': ` ${token}` }],
    ['under another name', { authorization: token, 'x-gitlab-token2': token }],
  ])('%s is refused', (_what, headers) => {
    expect(accepted(headers)).toBe(false);
  });

  test('may be that of either version, current or pending', () => {
    const pending = { webhookToken: 'p'.repeat(40) };
    for (const { webhookToken } of [plain, pending])
      expect(accepted({ 'x-gitlab-token': webhookToken }, plain, pending)).toBe(true);
    expect(accepted({ 'x-gitlab-token': 'q'.repeat(40) }, plain, pending)).toBe(false);
  });

  test('no versions accept nothing', () => {
    expect(isAuthentic([], hook({ 'x-gitlab-token': '' }), now)).toBe(false);
  });

  test('the body is not even looked at', () => {
    const untouchable = new Proxy(Buffer.alloc(0), {
      get: () => {
        throw new Error('the body was read');
      },
    });
    for (const given of [token, 'wrong'])
      expect(() =>
        isAuthentic([plain], { headers: { 'x-gitlab-token': given }, body: untouchable }, now),
      ).not.toThrow();
  });
});

describe('the signature', () => {
  const accepted = (raw: RawHook, ...secrets: HookSecret[]) =>
    isAuthentic(secrets.length === 0 ? [signing] : secrets, raw, now);

  test.each([
    [
      // published by https://www.standardwebhooks.com
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
    [
      // the key of gitlab-org/gitlab!231325
      signingToken,
      'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      1764000000,
      '{"object_kind":"pipeline"}',
      'v1,EYpZi6oqOZr6FIuL9IF7Dq/bKAStMDSclCnm/olFMOU=',
    ],
  ])('of the published vector %s is accepted', (webhookSigningToken, id, at, body, signature) => {
    const raw = hook({ 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature }, body);
    const secret = { webhookToken: token, webhookSigningToken };
    expect(isAuthentic([secret], raw, new Date(at * 1000))).toBe(true);
    expect(isAuthentic([secret], { ...raw, body: Buffer.from(`${body} `) }, new Date(at * 1000))).toBe(false);
  });

  test.each([
    ['missing, the right plain token beside it', { 'webhook-signature': undefined, 'x-gitlab-token': token }],
    ['empty', { 'webhook-signature': '' }],
    ['cut', { 'webhook-signature': signatureOf(signed()).slice(0, -1) }],
    ['without its version', { 'webhook-signature': signatureOf(signed()).slice(3) }],
    ['of an unknown version', { 'webhook-signature': signatureOf(signed()).replace('v1,', 'v1a,') }],
    ['that of another body', { 'webhook-signature': signatureOf(signed({ body: '{}' })) }],
    ['that of another id', { 'webhook-id': 'other' }],
    ['without an id', { 'webhook-id': undefined }],
    ['of an empty id', { ...signed({ id: '' }).headers }],
    ['that of another time', { 'webhook-timestamp': String(seconds + 1) }],
    ['without a time', { 'webhook-timestamp': undefined }],
    ['by another key', { ...signed({ key: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }).headers }],
    ['by the plain token as its key', { ...signed({ key: `whsec_${token}` }).headers }],
  ])('%s is refused', (_what, change) => {
    expect(accepted(withHeaders(signed(), change))).toBe(false);
  });

  test('may be one of several in the list, unknown versions passed over', () => {
    const raw = signed();
    const list = `v1,${'A'.repeat(43)}= v2,future ${signatureOf(raw)} v0,old`;
    expect(accepted(withHeaders(raw, { 'webhook-signature': list }))).toBe(true);
    expect(accepted(withHeaders(raw, { 'webhook-signature': list.replaceAll(' ', ',') }))).toBe(false);
  });

  test.each([0, timestampTolerance, -timestampTolerance])('%p seconds off is fresh', (off) => {
    expect(accepted(signed({ at: String(seconds + off) }))).toBe(true);
  });

  test.each([timestampTolerance + 1, -timestampTolerance - 1, -86_400])('%p seconds off is stale', (off) => {
    expect(accepted(signed({ at: String(seconds + off) }))).toBe(false);
  });

  test.each([
    '',
    'now',
    '1e9',
    '-1',
    ' 1767606000',
    '1767606000 ',
    '1767606000.0',
    '0x695b85f0',
    '9'.repeat(20),
    'NaN',
  ])('a time written %p is refused, although signed', (at) => {
    expect(accepted(signed({ at }))).toBe(false);
  });

  test('each version judges alone: a plain one accepts its token, a signing one does not', () => {
    const pending = { webhookToken: 'p'.repeat(40), webhookSigningToken: signingToken };
    expect(accepted(hook({ 'x-gitlab-token': token }), plain, pending)).toBe(true);
    expect(accepted(hook({ 'x-gitlab-token': pending.webhookToken }), plain, pending)).toBe(false);
    expect(accepted(signed(), plain, pending)).toBe(true);
  });

  test('bytes count, not text: a body that is no UTF-8 verifies', () => {
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const key = Buffer.from(signingToken.slice(6), 'base64');
    const signature = createHmac('sha256', key).update(`id.${seconds}.`).update(body).digest('base64');
    const headers = {
      'webhook-id': 'id',
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    };
    expect(accepted({ headers, body })).toBe(true);
  });
});

describe('letting a hook pass', () => {
  const source = (cached: HookSecret[], fresh: HookSecret[]) => {
    const asked: string[] = [];
    const answer = (kind: string, secrets: HookSecret[]) => () => {
      asked.push(kind);
      return Promise.resolve(secrets);
    };
    return { asked, cached: answer('cached', cached), fresh: answer('fresh', fresh) };
  };
  const verify = (secrets: ReturnType<typeof source>) =>
    gitlabHook(secrets, () => now)(hook({ 'x-gitlab-token': token }));

  test('by the cached secrets asks for no others', async () => {
    const secrets = source([plain], []);
    await verify(secrets);
    expect(secrets.asked).toEqual(['cached']);
  });

  test('by fresh ones, when the cached ones do not fit: they may just have been changed', async () => {
    const secrets = source([{ webhookToken: 'old'.repeat(20) }], [plain]);
    await verify(secrets);
    expect(secrets.asked).toEqual(['cached', 'fresh']);
  });

  test('by none refuses, the same way for every reason', async () => {
    const refused = { name: 'Rejection', kind: 'refused', reason: 'token or signature do not fit' };
    await expect(verify(source([], []))).rejects.toMatchObject(refused);
    await expect(verify(source([signing], [signing]))).rejects.toMatchObject(refused);
  });
});
