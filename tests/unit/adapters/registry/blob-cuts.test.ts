import fc from 'fast-check';
import type { ServerResponse } from 'node:http';
import { seededRandom } from '../../../../local/fleet/wire/seeded-random.ts';
import { bytesOf, digestOf, registryStages, repository } from './registry-stage.ts';
import { status, type Answer } from './scripted-server.ts';

const stage = registryStages();
const random = seededRandom(1);
const noise = Buffer.from(Array.from({ length: 300_000 }, () => Math.floor(random() * 256)));

/** What goes wrong with one request. `after`: the share of the bytes asked for that is sent before. */
interface Fault {
  does: 'hang up' | 'reset' | 'end early' | 'answer 503' | 'answer 429' | 'drop' | 'ignore the range and hang up';
  after: number;
}
const fault = fc.record<Fault>({
  does: fc.constantFrom(
    'hang up',
    'hang up',
    'hang up',
    'reset',
    'end early',
    'answer 503',
    'answer 429',
    'drop',
    'ignore the range and hang up',
  ),
  after: fc.double({ min: 0, max: 1, noNaN: true }),
});
const scene = fc.record({
  size: fc.integer({ min: 1, max: 300_000 }),
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  faults: fc.array(fault, { maxLength: 12 }),
  ignoresRange: fc.constantFrom(false, false, false, true),
});

const byStatus: Partial<Record<Fault['does'], Answer>> = {
  'answer 503': status(503),
  'answer 429': status(429, { 'retry-after': '1' }),
  drop: (request) => request.socket.destroy(),
};

const end = (response: ServerResponse, { does }: Fault): void => {
  if (does === 'reset') response.socket?.resetAndDestroy();
  else if (does === 'end early') response.end();
  else response.socket?.end();
};

/** A registry with one blob, whose requests go wrong in turn, until nothing does any more. */
const faulty =
  (content: Buffer, faults: Fault[], ignoresRange: boolean): Answer =>
  (request, response) => {
    const wrong = faults.shift();
    const refuse = wrong && byStatus[wrong.does];
    if (refuse) {
      refuse(request, response);
      return;
    }
    const asked = Number(/\d+/.exec(request.headers.range ?? '0')?.[0]);
    const first = ignoresRange || wrong?.does === 'ignore the range and hang up' ? 0 : asked;
    const range = { 'content-range': `bytes ${first}-${content.length - 1}/${content.length}` };
    const length = wrong?.does === 'end early' ? {} : { 'content-length': content.length - first };
    response.writeHead(first === 0 ? 200 : 206, { ...length, ...(first === 0 ? {} : range) });
    response.flushHeaders();
    const bytes = content.subarray(first);
    if (wrong === undefined) response.end(bytes);
    else
      response.write(bytes.subarray(0, Math.max(1, Math.floor(wrong.after * bytes.length))), () => {
        end(response, wrong);
      });
  };

/** Whether four requests in a row may have brought nothing, so that giving up is right. */
const mayGiveUp = (faults: readonly Fault[], ignoresRange: boolean): boolean => {
  const sure = faults.map(({ does }) => !ignoresRange && (does === 'hang up' || does === 'end early'));
  return sure.some((_, index) => index + 4 <= sure.length && !sure.slice(index, index + 4).includes(true));
};

test('whatever goes wrong at whatever byte, the bytes are the blob’s, or RegistryUnavailable after enough tries', async () => {
  const parts = await stage();
  let whole = 0;
  let resumed = 0;
  await fc.assert(
    fc.asyncProperty(scene, async ({ size, from: share, faults, ignoresRange }) => {
      const content = noise.subarray(0, size);
      const blob = { mediaType: 'a/b', digest: digestOf(content), size };
      const from = Math.floor(share * size);
      parts.registry.answer = faulty(content, [...faults], ignoresRange);
      parts.registry.received.length = 0;
      try {
        // Over connections of its own: one that the last scene's end has half closed would cost a try.
        const read = await bytesOf(parts.opened().blob(repository, blob, from));
        expect({ length: read.length, digest: digestOf(read) }).toEqual({
          length: size - from,
          digest: digestOf(content.subarray(from)),
        });
        whole += 1;
        if (parts.registry.received.length > 1) resumed += 1;
      } catch (error) {
        if (!mayGiveUp(faults, ignoresRange)) throw error;
        expect(error).toMatchObject({ name: 'RegistryUnavailable' });
      }
    }),
    { numRuns: 400 },
  );
  expect(whole).toBeGreaterThan(200);
  expect(resumed).toBeGreaterThan(100);
}, 60_000);
