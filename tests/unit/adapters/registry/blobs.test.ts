import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { chunksOf } from '../../../../lib/adapters/registry/exchange.ts';
import { bytesOf, digestOf, failureOf, registryStages, repository, type Stage } from './registry-stage.ts';
import { inTurn, status, type Answer } from './scripted-server.ts';

const stage = registryStages();
const content = randomBytes(200_000);
const size = content.length;
const blob = { mediaType: 'a/b', digest: digestOf(content), size };
const last = size - 1;

const send =
  (code: number, bytes: Buffer, headers: Record<string, string | number> = {}): Answer =>
  (_request, response) => {
    const length = 'transfer-encoding' in headers ? {} : { 'content-length': bytes.length };
    response.writeHead(code, { ...length, ...headers }).end(bytes);
  };
/** Sends these bytes, with a length that promises more, and hangs up. */
const cut =
  (code: number, bytes: Buffer, headers: Record<string, string | number> = {}): Answer =>
  (_request, response) => {
    response.writeHead(code, headers);
    if (bytes.length === 0) response.flushHeaders();
    response.write(bytes, () => response.socket?.end());
  };
/** What a good registry sends from a byte on. */
const rest = (from: number): Answer =>
  send(206, content.subarray(from), { 'content-range': `bytes ${from}-${last}/${size}` });

/** Jest compares long buffers byte by byte, in seconds. */
const told = (bytes: Buffer) => ({ length: bytes.length, digest: digestOf(bytes) });
const from = async (parts: Stage, first = 0) => told(await bytesOf(parts.opened().blob(repository, blob, first)));
const ranges = ({ registry }: Stage) => registry.received.map(({ headers }) => headers.range);

const started = async (answer: Answer, more = {}) => {
  const parts = await stage(more);
  parts.registry.answer = answer;
  return parts;
};

describe('a blob', () => {
  test('is read whole', async () => {
    const parts = await started(send(200, content));
    expect(await from(parts)).toEqual(told(content));
    expect(parts.registry.received).toMatchObject([{ method: 'GET', url: `/v2/acme/web/blobs/${blob.digest}` }]);
    expect(parts.registry.received[0]?.headers).toMatchObject({ 'accept-encoding': 'identity' });
    expect(ranges(parts)).toEqual([undefined]);
  });

  test('is read from a byte on', async () => {
    const parts = await started(rest(150_000));
    expect(await from(parts, 150_000)).toEqual(told(content.subarray(150_000)));
    expect(ranges(parts)).toEqual(['bytes=150000-']);
  });

  test.each([size, size + 1])('is not asked for from byte %p on: there is none', async (first) => {
    const parts = await started(send(200, content));
    expect(await from(parts, first)).toMatchObject({ length: 0 });
    expect(parts.registry.connections()).toBe(0);
  });

  test.each([1, 99_999, last])('is read from byte %p on, though the registry ignores Range', async (first) => {
    const parts = await started(send(200, content));
    expect(await from(parts, first)).toEqual(told(content.subarray(first)));
  });

  test.each([
    ['whose size is not told', send(206, content.subarray(7), { 'content-range': `bytes 7-${last}/*` })],
    ['that comes in chunks', send(200, content, { 'transfer-encoding': 'chunked' })],
  ])('%s is read', async (_what, answer) => {
    expect(await from(await started(answer), 7)).toEqual(told(content.subarray(7)));
  });

  test('is read over one connection with the next one', async () => {
    const parts = await started(send(200, content));
    const registry = parts.opened();
    for (let count = 0; count < 5; count += 1) await bytesOf(registry.blob(repository, blob, 0));
    expect(parts.registry.connections()).toBe(1);
  });

  test('that comes in parts is asked for part by part', async () => {
    const part = (first: number, until: number) =>
      send(206, content.subarray(first, until + 1), { 'content-range': `bytes ${first}-${until}/${size}` });
    const parts = await started(inTurn(part(0, 9), part(10, 99_999), rest(100_000)));
    expect(await from(parts)).toEqual(told(content));
    expect(ranges(parts)).toEqual([undefined, 'bytes=10-', 'bytes=100000-']);
  });
});

describe('a download that', () => {
  const promised = { 'content-length': size };
  const half = content.subarray(0, 100_000);

  test.each<[string, Answer]>([
    ['breaks off', cut(200, half, promised)],
    [
      'ends early, as if it were complete',
      (_request, response) => {
        // Of no told length, its end is that of the connection.
        response.useChunkedEncodingByDefault = false;
        response.writeHead(200, { connection: 'close' }).end(half);
      },
    ],
    ['ends early in chunks', cut(200, half, { 'transfer-encoding': 'chunked' })],
    [
      'stalls',
      (_request, response) => {
        response.writeHead(200, promised).write(half);
      },
    ],
  ])('%s goes on at the byte that comes next', async (_what, answer) => {
    const parts = await started(inTurn(answer, rest(half.length)), { quiet: { answer: 5_000, blob: 500 } });
    expect(await from(parts)).toEqual(told(content));
    expect(ranges(parts)).toEqual([undefined, `bytes=${half.length}-`]);
    expect(parts.waits).toEqual([187.5]);
  });

  test('breaks off after its last byte is complete', async () => {
    const parts = await started(cut(200, content, { 'transfer-encoding': 'chunked' }));
    expect(await from(parts)).toEqual(told(content));
    expect(ranges(parts)).toEqual([undefined]);
  });

  test('comes on byte by byte is never given up', async () => {
    const one = (first: number) =>
      cut(206, content.subarray(first, first + 1), { 'content-range': `bytes ${first}-${last}/${size}` });
    const bytes = Array.from({ length: 20 }, (_, index) => one(index));
    const parts = await started(inTurn(one(0), ...bytes.slice(1), rest(20)));
    expect(await from(parts)).toEqual(told(content));
    expect(parts.waits).toEqual(bytes.map(() => 187.5));
  });

  test.each<[string, Answer]>([
    ['is 503', status(503)],
    ['is 429', status(429)],
    ['breaks off before the first byte', cut(200, Buffer.alloc(0), promised)],
    ['ends before the first byte', send(200, Buffer.alloc(0), { 'transfer-encoding': 'chunked' })],
    ['drops the connection', (request) => request.socket.destroy()],
    ['begins at the first byte again and breaks off before the next', cut(200, content.subarray(0, 9), promised)],
  ])('%s comes to the end of its tries: four without a byte', async (_what, answer) => {
    const begun = cut(200, half, promised);
    const parts = await started(inTurn(begun, answer));
    const read: Buffer[] = [];
    const failure = await failureOf(async () => {
      for await (const chunk of parts.opened().blob(repository, blob, 0)) read.push(Buffer.from(chunk));
    });
    expect(failure).toMatchObject({ name: 'RegistryUnavailable' });
    expect(told(Buffer.concat(read))).toEqual(told(half));
    expect(ranges(parts)).toEqual([undefined, ...Array.from({ length: 4 }, () => `bytes=${half.length}-`)]);
    expect(parts.waits).toEqual([187.5, 375, 750, 1_500]);
  });

  test('is throttled waits as long as it is told to', async () => {
    const parts = await started(inTurn(status(429, { 'retry-after': '4' }), send(200, content)));
    expect(await from(parts)).toEqual(told(content));
    expect(parts.waits).toEqual([4_000]);
  });
});

describe('ImageRefused is a blob', () => {
  const refusedAt = async (answer: Answer, first = 0) => {
    const parts = await started(answer);
    const read: Buffer[] = [];
    const failure = await failureOf(async () => {
      for await (const chunk of parts.opened().blob(repository, blob, first)) read.push(Buffer.from(chunk));
    });
    expect(failure).toMatchObject({ name: 'ImageRefused', facts: { digest: blob.digest } });
    return Buffer.concat(read);
  };
  const longer = Buffer.concat([content, Buffer.from('x')]);
  const shorter = content.subarray(1);
  const range = (text: string, bytes = content.subarray(5)) =>
    send(206, bytes, { 'content-range': text, 'transfer-encoding': 'chunked' });

  test.each([
    ['longer', send(200, longer)],
    ['shorter', send(200, shorter)],
  ])('of which the registry says that it is %s: nothing of it is taken', async (_what, answer) => {
    expect(await refusedAt(answer)).toHaveLength(0);
    expect(await refusedAt(answer, 5)).toHaveLength(0);
  });

  test.each([
    ['by a byte', longer],
    ['by far', Buffer.concat([content, content, content])],
  ])('that goes on after its size, %s: nothing beyond it is taken', async (_what, bytes) => {
    const chunked = { 'transfer-encoding': 'chunked' };
    const read = await refusedAt(send(200, bytes, chunked));
    expect(told(read)).toEqual(told(content.subarray(0, read.length)));
    await refusedAt(send(206, bytes.subarray(5), { ...chunked, 'content-range': `bytes 5-${last}/${size}` }), 5);
  });

  test.each([
    ['from another byte', range(`bytes 4-${last}/${size}`, content.subarray(4))],
    ['to another byte', range(`bytes 5-${size}/${size}`)],
    ['of another size', range(`bytes 5-${last}/${size + 1}`)],
    ['that ends before it begins', range(`bytes 5-4/${size}`)],
    ['of which nobody says where they belong', send(206, content.subarray(5))],
    ['in other units', range(`chunks 5-${last}/${size}`)],
    ['of several ranges', send(206, content, { 'content-type': 'multipart/byteranges; boundary=x' })],
    ['fewer than are said', send(206, content.subarray(6), { 'content-range': `bytes 5-${last}/${size}` })],
    ['none, as it ends before', status(416, { 'content-range': 'bytes */5' })],
  ])('of which other bytes come than were asked for: %s', async (_what, answer) => {
    expect(await refusedAt(answer, 5)).toHaveLength(0);
  });

  test('that is shorter than it says, when its end is asked for', async () => {
    const short: Answer = (request, response) => {
      const first = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
      if (first >= 100_000) status(416)(request, response);
      else send(200, content.subarray(0, 100_000), { 'transfer-encoding': 'chunked' })(request, response);
    };
    expect(told(await refusedAt(short))).toEqual(told(content.subarray(0, 100_000)));
  });
});

test('a blob that is gone is ImageMissing, also in the middle', async () => {
  for (const answer of [
    status(404),
    inTurn(cut(200, content.subarray(0, 9), { 'content-length': size }), status(404)),
  ]) {
    const parts = await started(answer);
    expect(await failureOf(() => from(parts))).toMatchObject({ name: 'ImageMissing', facts: { digest: blob.digest } });
  }
});

test('a blob that is refused is not read on', async () => {
  const closed = Promise.withResolvers<unknown>();
  const parts = await started((_request, response) => {
    response.on('close', closed.resolve);
    response.writeHead(200, { 'content-length': size + 1 }).flushHeaders();
  });
  expect(await failureOf(() => from(parts))).toMatchObject({ name: 'ImageRefused' });
  await closed.promise;
});

test('what nobody wants to read of an answer is not read without end', async () => {
  const closed = Promise.withResolvers<unknown>();
  let blocks = 0;
  const endless: Answer = (_request, response) => {
    const more = (): void => {
      blocks += 1;
      if (response.writable) response.write(Buffer.alloc(65_536), more);
    };
    response.on('close', closed.resolve);
    response.writeHead(503);
    more();
  };
  const parts = await started(inTurn(endless, send(200, content)));
  expect(await from(parts)).toEqual(told(content));
  await closed.promise;
  // What two sockets' buffers hold.
  expect(blocks).toBeLessThan(256);
});

test('who stops reading closes the connection', async () => {
  const closed = Promise.withResolvers<number>();
  const parts = await started((_request, response) => {
    let written = 0;
    response.writeHead(200, { 'content-length': size });
    response.on('close', () => {
      closed.resolve(written);
    });
    written += 100_000;
    response.write(content.subarray(0, 100_000));
  });
  for await (const chunk of parts.opened().blob(repository, blob, 0)) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  expect(await closed.promise).toBe(100_000);
  expect(parts.registry.received).toHaveLength(1);
});

describe('a stall', () => {
  beforeEach(() => {
    import.meta.jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
  });
  afterEach(() => {
    import.meta.jest.useRealTimers();
  });
  const watched = () => {
    const source = new PassThrough();
    const chunks = chunksOf(source, { quiet: 30_000, facts: { repository } });
    return { source, chunks };
  };

  test('is no byte for thirty seconds while one is waited for', async () => {
    const { source, chunks } = watched();
    source.write('a');
    expect(String((await chunks.next()).value)).toBe('a');
    const next = failureOf(() => chunks.next());
    import.meta.jest.advanceTimersByTime(29_999);
    source.write('b');
    expect(source.destroyed).toBe(false);
    import.meta.jest.advanceTimersByTime(1);
    expect(await next).toMatchObject({ name: 'RegistryUnavailable', facts: { repository } });
    expect(source.destroyed).toBe(true);
  });

  test('is not that its reader takes longer, nor that each byte is late', async () => {
    const { source, chunks } = watched();
    for (const byte of ['a', 'b', 'c']) {
      const next = chunks.next();
      import.meta.jest.advanceTimersByTime(29_000);
      source.write(byte);
      expect(String((await next).value)).toBe(byte);
      import.meta.jest.advanceTimersByTime(60_000);
    }
    source.end();
    expect(await chunks.next()).toEqual({ done: true, value: undefined });
  });

  test('is counted from the last byte, and when the reader has come back', async () => {
    const { source, chunks } = watched();
    for (const byte of ['a', 'b', 'c']) {
      const next = chunks.next();
      import.meta.jest.advanceTimersByTime(20_000);
      source.write(byte);
      expect(String((await next).value)).toBe(byte);
    }
    import.meta.jest.advanceTimersByTime(60_000);
    const next = failureOf(() => chunks.next());
    import.meta.jest.advanceTimersByTime(30_000);
    expect(await next).toMatchObject({ name: 'RegistryUnavailable' });
  });
});
