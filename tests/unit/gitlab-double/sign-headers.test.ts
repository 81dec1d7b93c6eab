import { signHeaders } from '../../../local/gitlab/sign-headers.ts';

describe('signature', () => {
  test('is that of the Standard Webhooks example', () => {
    const headers = signHeaders({
      body: '{"test": 2432232314}',
      signingToken: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1614265330,
    });
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('is that of a 32-byte key over a hook', () => {
    const headers = signHeaders({
      body: Buffer.from('{"object_kind":"pipeline"}'),
      signingToken: 'whsec_dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=',
      id: 'f5e5f430-f57b-4e6e-9fac-d9128cd7232f',
      timestamp: 1764000000,
    });
    expect(headers['webhook-signature']).toBe('v1,EYpZi6oqOZr6FIuL9IF7Dq/bKAStMDSclCnm/olFMOU=');
  });

  test('is missing without a signing token, while id and real time are there', () => {
    const before = Math.floor(Date.now() / 1000);
    const headers = signHeaders({ body: '{}', token: 'secret' });
    expect(headers).not.toHaveProperty('webhook-signature');
    expect(headers['webhook-id']).toBe(headers['Idempotency-Key']);
    expect(Number(headers['webhook-timestamp'])).toBeGreaterThanOrEqual(before);
    expect(Number(headers['webhook-timestamp'])).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('is unknown before 19.0, with all webhook- headers', () => {
    const headers = signHeaders({ body: '{}', signingToken: 'whsec_AAAA', version: '18.11.3-ee' });
    expect(Object.keys(headers).filter((name) => name.startsWith('webhook-'))).toEqual([]);
  });
});

test('the plain token is sent without line breaks, and only if there is one', () => {
  expect(signHeaders({ body: '', token: 'se\r\ncret' })['X-Gitlab-Token']).toBe('secret');
  expect(signHeaders({ body: '' })).not.toHaveProperty('X-Gitlab-Token');
});

test('the other headers are those of GitLab', () => {
  const headers = signHeaders({ body: '', event: 'Job Hook', version: '18.0.1-ee', id: 'k', uuid: () => 'u' });
  expect(headers).toEqual({
    'Content-Type': 'application/json',
    'User-Agent': 'GitLab/18.0.1-ee',
    'Idempotency-Key': 'k',
    'X-Gitlab-Event': 'Job Hook',
    'X-Gitlab-Webhook-UUID': 'u',
    'X-Gitlab-Instance': 'https://gitlab.example.com',
    'X-Gitlab-Event-UUID': 'u',
  });
});
