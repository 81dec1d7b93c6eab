import type { HookSecret } from '../../../lib/domain/hook-secret.ts';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';
import { isFromRegistry, registryHook } from '../../../lib/webhooks/verify-registry-hook.ts';
import { everyFlip } from './every-flip.ts';
import { hook, plain, token } from './signed-hook.ts';

const registryToken = 'sample-registry-token-0123456789abcdef';
const registryTokenNext = 'sample-registry-token-next-0123456789';
const one: HookSecret = { ...plain, registryToken };
const both: HookSecret = { ...one, registryTokenNext };
const bearer = (value: string): RawHook => hook({ authorization: `Bearer ${value}` });

test.each<[string, HookSecret[], string]>([
  ['the token', [one], registryToken],
  ['the token beside the next', [both], registryToken],
  ['the next token', [both], registryTokenNext],
  ["a pending version's token", [plain, one], registryToken],
  ["a pending version's next token", [one, both], registryTokenNext],
  ["the current version's token, the pending one without", [one, plain], registryToken],
])('%s is accepted', (_what, secrets, value) => {
  expect(isFromRegistry(secrets, bearer(value))).toBe(true);
});

test.each<[string, RawHook['headers']]>([
  ['missing', {}],
  ['empty', { authorization: '' }],
  ['a bare scheme', { authorization: 'Bearer ' }],
  ['without its scheme', { authorization: registryToken }],
  ['of another scheme', { authorization: `Basic ${registryToken}` }],
  ['another', { authorization: `Bearer ${'x'.repeat(registryToken.length)}` }],
  ['cut', { authorization: `Bearer ${registryToken.slice(0, -1)}` }],
  ['longer', { authorization: `Bearer ${registryToken}x` }],
  ['in another case', { authorization: `Bearer ${registryToken.toUpperCase()}` }],
  ['with two blanks', { authorization: `Bearer  ${registryToken}` }],
  ['twice, as proxies join headers', { authorization: `Bearer ${registryToken}, Bearer ${registryToken}` }],
  ["the pipeline hook's", { authorization: `Bearer ${token}`, 'x-gitlab-token': token }],
  ['under another name', { 'x-gitlab-token': registryToken }],
  ['the word undefined', { authorization: 'Bearer undefined' }],
])('%s is refused', (_what, headers) => {
  expect(isFromRegistry([one], hook(headers))).toBe(false);
  expect(isFromRegistry([both, one], hook(headers))).toBe(false);
});

test('without a registry token in the secret nobody is let in', () => {
  for (const value of ['', 'undefined', token, registryToken])
    expect(isFromRegistry([plain, plain], bearer(value))).toBe(false);
  expect(isFromRegistry([], bearer(''))).toBe(false);
});

test('the body is not even looked at', () => {
  const untouchable = new Proxy(Buffer.alloc(0), {
    get: () => {
      throw new Error('the body was read');
    },
  });
  for (const given of [registryToken, 'wrong'])
    expect(() => isFromRegistry([both], { ...bearer(given), body: untouchable })).not.toThrow();
});

describe.each([
  ['one version', [one], registryToken],
  ['one version with the next', [both], registryTokenNext],
  ['two versions', [plain, both], registryToken],
])('%s', (_name, secrets, value) => {
  const source = { cached: () => Promise.resolve(secrets), fresh: () => Promise.resolve(secrets) };
  const outcome = (raw: RawHook) =>
    registryHook(source)(raw).then(
      () => 'passed',
      (error: unknown) => `${(error as Error).name} ${(error as { kind?: string }).kind ?? ''}`,
    );

  test('every single bit of the header that is changed refuses it', async () => {
    expect(await outcome(bearer(value))).toBe('passed');
    const headers = everyFlip(Buffer.from(`Bearer ${value}`)).map((bytes) => bytes.toString('latin1'));
    const outcomes = await Promise.all(headers.map((authorization) => outcome(hook({ authorization }))));
    expect(new Set(outcomes)).toEqual(new Set(['Rejection refused']));
    expect(outcomes).toHaveLength((7 + value.length) * 8);
  });
});

test('a token that has just been put into the secret counts: what is cached does not fit, what is fresh does', async () => {
  const asked: string[] = [];
  const source = {
    cached: () => Promise.resolve((asked.push('cached'), [plain])),
    fresh: () => Promise.resolve((asked.push('fresh'), [one])),
  };
  await registryHook(source)(bearer(registryToken));
  expect(asked).toEqual(['cached', 'fresh']);
  await expect(registryHook(source)(bearer('wrong'))).rejects.toMatchObject({ kind: 'refused' });
});
