import type { HookSecret } from '../../../lib/domain/hook-secret.ts';
import type { RawHook } from '../../../lib/webhooks/let-pass.ts';
import { gitlabHook } from '../../../lib/webhooks/verify-gitlab-hook.ts';
import { everyFlip } from './every-flip.ts';
import { hook, now, plain, signed, signing, withHeaders } from './signed-hook.ts';

/** Every change of a single bit in what vouches for a hook, one after the other, with one version of the secret and with two. */

const otherKey = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const otherToken = 'p'.repeat(40);
const versions: [string, HookSecret[]][] = [
  ['one version, plain', [plain]],
  ['one version, signing', [signing]],
  ['two versions, both plain', [plain, { webhookToken: otherToken }]],
  ['two versions, both signing', [signing, { webhookToken: otherToken, webhookSigningToken: otherKey }]],
  ['two versions, signing to come', [plain, { webhookToken: otherToken, webhookSigningToken: otherKey }]],
  ['two versions, signing to go', [signing, { webhookToken: otherToken }]],
];

const rightBy = ({ webhookToken, webhookSigningToken: key }: HookSecret): RawHook =>
  key === undefined ? hook({ 'x-gitlab-token': webhookToken }) : signed({ key });

const rightHooks = versions.flatMap(([name, secrets]) =>
  secrets.map((secret, index): [string, HookSecret[], RawHook] => [
    `${name}: right by version ${index + 1}`,
    secrets,
    rightBy(secret),
  ]),
);

const headerFlips = (raw: RawHook, name: string): RawHook[] =>
  everyFlip(Buffer.from(raw.headers[name] ?? '', 'latin1')).map((value) =>
    withHeaders(raw, { [name]: value.toString('latin1') }),
  );

const outcome = (secrets: HookSecret[], raw: RawHook): Promise<string> => {
  const source = { cached: () => Promise.resolve(secrets), fresh: () => Promise.resolve(secrets) };
  return gitlabHook(
    source,
    () => now,
  )(raw).then(
    () => 'passed',
    (error: unknown) => `${(error as Error).name} ${(error as { kind?: string }).kind ?? ''}`,
  );
};

const outcomes = async (secrets: HookSecret[], hooks: RawHook[]): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const raw of hooks) {
    const one = await outcome(secrets, raw);
    counts[one] = (counts[one] ?? 0) + 1;
  }
  return counts;
};

describe.each(rightHooks)('%s', (_name, secrets, raw) => {
  test('as it is, it passes', async () => {
    expect(await outcome(secrets, raw)).toBe('passed');
  });

  test.each(Object.keys(raw.headers))('every single bit of %s that is changed refuses it', async (name) => {
    const bits = (raw.headers[name] ?? '').length * 8;
    expect(await outcomes(secrets, headerFlips(raw, name))).toEqual({ 'Rejection refused': bits });
  });
});

test('every single bit of the body that is changed refuses a signed hook', async () => {
  const raw = signed();
  const bodies = everyFlip(raw.body).map((body) => ({ ...raw, body }));
  expect(await outcomes([signing], bodies)).toEqual({ 'Rejection refused': raw.body.length * 8 });
});
