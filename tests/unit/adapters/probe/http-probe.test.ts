import type { LookupFunction } from 'node:net';
import { httpProbe, type HttpProbeOptions } from '../../../../lib/adapters/probe/http-probe.ts';
import { scriptedServers, status, type Answer } from '../registry/scripted-server.ts';

const serverThat = scriptedServers();

const probing = (options: Partial<HttpProbeOptions> = {}) => httpProbe({ local: true, privateHosts: [], ...options });

const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, callback) => {
    process.nextTick(
      callback,
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
  };

describe('an answer', () => {
  test.each([200, 204, 404, 503])('%d is told with the start of its body', async (code) => {
    const server = await serverThat(status(code));
    expect(await probing()(`${server.url}/health?of=green`)).toEqual({
      status: code,
      text: code === 204 ? '' : 'hunter2',
    });
    expect(server.received).toMatchObject([{ method: 'GET', url: '/health?of=green' }]);
    expect(server.received[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  test('that leads elsewhere is not followed', async () => {
    const elsewhere = await serverThat(status(200));
    const server = await serverThat(status(302, { location: elsewhere.url }));
    expect(await probing()(server.url)).toMatchObject({ status: 302 });
    expect(elsewhere.connections()).toBe(0);
  });

  test('is read to 64 KiB, also when it has no end', async () => {
    const endless: Answer = (_request, response) => {
      response.on('error', () => undefined);
      const more = (): void => {
        while (!response.destroyed && response.write('a'.repeat(10_000)));
        response.once('drain', more);
      };
      more();
    };
    const server = await serverThat(endless);
    expect(await probing()(server.url)).toEqual({ status: 200, text: 'a'.repeat(65_536) });
  });
});

describe('no answer is an answer:', () => {
  const silent: Answer = () => undefined;
  const halfway: Answer = (_request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('abc');
  };
  const breaking: Answer = (request, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('abc', () => {
      request.socket.destroy();
    });
  };

  test.each<[string, Answer, string]>([
    ['a server that says nothing', silent, 'not in time'],
    ['a body that does not end', halfway, 'not in time'],
  ])('%s', async (_what, answer, unanswered) => {
    const server = await serverThat(answer);
    expect(await probing({ patience: 200 })(server.url)).toEqual({ unanswered });
  });

  test('one that would switch protocols', async () => {
    const switching: Answer = (request) => {
      request.socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    };
    const server = await serverThat(switching);
    expect(await probing()(server.url)).toEqual({ unanswered: 'ECONNRESET' });
  });

  test('a body that breaks off', async () => {
    const server = await serverThat(breaking);
    expect(await probing()(server.url)).toEqual({ unanswered: 'ECONNRESET' });
  });

  test('a server that is not there', async () => {
    // Port 1 is reserved, and nothing listens there.
    expect(await probing()('http://127.0.0.1:1/secret-path')).toEqual({ unanswered: 'ECONNREFUSED' });
  });

  test('a name that is not known', async () => {
    const lookup: LookupFunction = (_host, _options, callback) => {
      process.nextTick(callback, Object.assign(new Error('hunter2'), { code: 'ENOTFOUND' }), '');
    };
    expect(await probing({ lookup })('http://green.test/')).toEqual({ unanswered: 'ENOTFOUND' });
  });

  test('TLS from a server that speaks none', async () => {
    const server = await serverThat(status(200));
    const answer = await probing()(server.url.replace('http:', 'https:'));
    expect(answer).toEqual({ unanswered: expect.stringMatching(/^[A-Z_]+$/) as string });
  });

  test.each([
    ['file:///etc/passwd', 'ERR_INVALID_PROTOCOL'],
    ['hunter2', 'ERR_INVALID_URL'],
  ])('%s', async (url, unanswered) => {
    expect(await probing()(url)).toEqual({ unanswered });
  });
});

describe('no connection is made', () => {
  const unanswered = 'its host has an address that is not asked';

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://169.254.170.2/v2/credentials',
    'http://[::ffff:169.254.169.254]/',
    'http://[fd00:ec2::254]/',
    'http://2852039166/',
    'http://10.0.0.1/',
    'https://192.168.1.1/',
  ])('to %s', async (url) => {
    expect(await probing()(url)).toEqual({ unanswered });
  });

  test('to this machine, outside the rehearsal', async () => {
    const server = await serverThat(status(200));
    expect(await probing({ local: false })(server.url)).toEqual({ unanswered });
    expect(await probing({ local: false })(server.url.replace('127.0.0.1', 'localhost'))).toEqual({ unanswered });
    expect(server.connections()).toBe(0);
  });

  test('to a name of which one address is forbidden', async () => {
    const lookup = resolvingTo('93.184.215.14', '169.254.169.254');
    expect(await probing({ lookup, privateHosts: ['green.test'] })('http://green.test/')).toEqual({ unanswered });
  });

  test('to a name with a private address, unless it may have one', async () => {
    const server = await serverThat(status(200));
    const lookup = resolvingTo('127.0.0.1', '10.0.0.1');
    const ask = (privateHosts: string[]) =>
      probing({ lookup, privateHosts })(server.url.replace('127.0.0.1', 'green.test'));
    expect(await ask(['other.test'])).toEqual({ unanswered });
    expect(server.connections()).toBe(0);
    expect(await ask(['green.test'])).toEqual({ status: 200, text: 'hunter2' });
  });
});
