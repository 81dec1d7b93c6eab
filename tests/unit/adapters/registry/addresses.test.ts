import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { addressJudge } from '../../../../lib/adapters/registry/address-rules.ts';
import {
  bytesOf,
  challenge,
  digestOf,
  expectNothingSecret,
  failureOf,
  registryStages,
  repository,
} from './registry-stage.ts';
import { inTurn, redirect, status } from './scripted-server.ts';

const mapped = (ipv4: string): string[] => [ipv4, `::ffff:${ipv4}`, `64:ff9b::${ipv4}`];

const metadata = ['169.254.169.254', '169.254.170.2'].flatMap(mapped);
const never = [
  ...metadata,
  ...['0.0.0.0', '0.1.2.3', '169.254.0.1', '224.0.0.1', '239.255.255.255', '255.255.255.255', '192.0.0.192'].flatMap(
    mapped,
  ),
  ...[
    '::',
    '::169.254.169.254',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fe80::1',
    'febf::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
  ],
  ...[
    '2002:a9fe:a9fe::',
    '2001:0:4136:e378:8000:63bf:5601:5601',
    '',
    'registry.example.com',
    '169.254.169.254.',
    '2852039166',
  ],
];
const ours = [...['127.0.0.1', '127.255.0.1'].flatMap(mapped), '::1'];
const inside = [
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.0.1',
    '198.18.0.1',
  ].flatMap(mapped),
  ...['fc00::1', 'fd00:ec3::1', 'fdff::1'],
];
const outside = [
  ...[
    '35.227.35.254',
    '9.255.255.255',
    '11.0.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '192.167.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '169.253.0.1',
  ].flatMap(mapped),
  ...['2600:1901:0:7c5c::', '64:ff9a::1', 'fe00::1'],
];

describe('of the addresses of a host', () => {
  const privateHosts = ['registry.internal'];
  const stage = addressJudge({ local: false, privateHosts });
  const rehearsal = addressJudge({ local: true, privateHosts });
  const judged = (judge: typeof stage, host: string, addresses: readonly string[]) =>
    new Set(addresses.map((address) => judge(host, address)));

  test.each(never)('%s is asked by nobody', (address) => {
    for (const judge of [stage, rehearsal])
      for (const host of ['registry.example.com', 'registry.internal', address])
        expect(judge(host, address)).toBe(false);
  });

  test.each(ours)('%s is asked in the rehearsal alone', (address) => {
    expect([stage, rehearsal].map((judge) => judge('registry.internal', address))).toEqual([false, true]);
  });

  test.each(inside)('%s is asked if its name may be private', (address) => {
    expect(judged(stage, 'registry.internal', [address])).toEqual(new Set([true]));
    for (const host of ['registry.example.com', 'a.registry.internal', 'registry.internal.', 'internal', address])
      expect(judged(rehearsal, host, [address])).toEqual(new Set([false]));
  });

  test.each(outside)('%s is asked', (address) => {
    expect(stage('registry.example.com', address)).toBe(true);
  });
});

const stage = registryStages();
const digest = digestOf('manifest');
const blob = { mediaType: 'a/b', digest: digestOf('blob'), size: 4 };

/** Names that resolve as told; a name of several addresses by one answer after the other. */
const resolver = (names: Record<string, string[][]>) => {
  const asked: string[] = [];
  const lookup: LookupFunction = (host, _options, callback) => {
    const answers = names[host] ?? [];
    const addresses = answers[Math.min(asked.filter((name) => name === host).length, answers.length - 1)] ?? [];
    asked.push(host);
    const found: LookupAddress[] = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    process.nextTick(callback, null, found);
  };
  return { asked, lookup };
};

const refusedHost = async (act: () => Promise<unknown>): Promise<unknown> => {
  const { name, facts } = await failureOf(act);
  expect(name).toBe('RegistryRefused');
  return facts['host'];
};

describe('no connection is made', () => {
  test.each([
    ['one of its addresses is metadata', [['93.184.215.14', '169.254.169.254']]],
    ['it is metadata by IPv6', [['fd00:ec2::254']]],
    ['it is this machine', [['127.0.0.1']]],
    ['it is private and not named', [['10.0.0.1']]],
    ['it has none', [[]]],
  ])('to the registry, when %s', async (_what, addresses) => {
    const parts = await stage();
    const port = parts.elsewhere.host.split(':')[1] ?? '';
    parts.credentials.registry.host = `registry.test:${port}`;
    const { lookup, asked } = resolver({ 'registry.test': addresses });
    const registry = parts.opened({ local: false, lookup, privateHosts: ['other.test'] });
    expect(await refusedHost(() => registry.digestOf(repository, 'v1'))).toBe('registry.test');
    expect(asked).toEqual(['registry.test']);
    expect(parts.elsewhere.connections()).toBe(0);
  });

  test('to this machine by its address', async () => {
    const parts = await stage();
    expect(await refusedHost(() => parts.opened({ local: false }).digestOf(repository, 'v1'))).toBe('127.0.0.1');
    expect(parts.registry.connections()).toBe(0);
  });

  test('to GitLab, when the login is at an address that is forbidden: no password is sent', async () => {
    const parts = await stage();
    parts.credentials.url = 'https://gitlab.test';
    parts.registry.answer = challenge('https://gitlab.test/jwt/auth');
    const { lookup } = resolver({ 'gitlab.test': [['169.254.169.254']] });
    expect(await refusedHost(() => parts.opened({ lookup }).digestOf(repository, 'v1'))).toBe('gitlab.test');
  });

  test.each([
    'https://169.254.169.254/latest/meta-data/iam/security-credentials/',
    'https://[::ffff:169.254.169.254]/latest/meta-data/',
    'https://[fd00:ec2::254]/latest/meta-data/',
    'https://2852039166/latest/meta-data/',
    'https://0xa9.0xfe.0xa9.0xfe/latest/meta-data/',
    'https://storage.test/latest/meta-data/',
    '//169.254.169.254/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'https://10.0.0.1/',
  ])('where a redirect leads to %s', async (location) => {
    const parts = await stage();
    parts.content.answer = redirect(location);
    const { lookup } = resolver({ 'storage.test': [['169.254.169.254']] });
    const { name } = await failureOf(() => bytesOf(parts.opened({ lookup }).blob(repository, blob, 0)));
    expect(name).toBe('RegistryRefused');
    expect(parts.waits).toEqual([]);
  });

  test('where a name led to another address the last time', async () => {
    const parts = await stage();
    const port = parts.registry.host.split(':')[1] ?? '';
    parts.credentials.registry.host = `localhost:${port}`;
    parts.registry.answer = inTurn(status(200, { 'docker-content-digest': digest, connection: 'close' }));
    const { lookup, asked } = resolver({ localhost: [['127.0.0.1'], ['169.254.169.254']] });
    const registry = parts.opened({ lookup });
    expect(await registry.digestOf(repository, 'v1')).toBe(digest);
    expect(await refusedHost(() => registry.digestOf(repository, 'v1'))).toBe('localhost');
    expect(asked).toEqual(['localhost', 'localhost']);
    expect(parts.registry.connections()).toBe(1);
    expectNothingSecret(parts.registry);
  });
});
