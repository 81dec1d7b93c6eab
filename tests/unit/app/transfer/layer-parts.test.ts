import { layerParts } from '../../../../lib/app/transfer/layer-parts.ts';
import { partBuffers } from '../../../../lib/app/transfer/part-buffers.ts';

async function* chunksOf(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
}

/** Whether all buffers are free: taking them all at once ends. */
const allFree = async (buffers: ReturnType<typeof partBuffers>, count: number): Promise<boolean> => {
  const taken = Promise.all(Array.from({ length: count }, () => buffers.take(1)));
  let ticks = 0;
  const waited = (async () => {
    while (ticks < 100) {
      ticks += 1;
      await Promise.resolve();
    }
    return false;
  })();
  return Promise.race([taken.then(() => true), waited]);
};

test.each([
  [['abcdefgh'], ['abcd', 'efgh']],
  [
    ['ab', 'cdefg', 'h', 'i'],
    ['abcd', 'efgh', 'i'],
  ],
  [['abcdefghij'], ['abcd', 'efgh', 'ij']],
  [['', 'a', ''], ['a']],
  [[], []],
])('chunks %j in parts of four are %j', async (chunks, expected) => {
  const buffers = partBuffers(2);
  const parts = layerParts(chunksOf(...chunks), 4, buffers);
  const found: string[] = [];
  for (let part = await parts.next(); part !== undefined; part = await parts.next()) {
    found.push(part.bytes.toString());
    buffers.give(part.buffer);
  }
  await parts.close();
  expect(found).toEqual(expected);
  expect(await allFree(buffers, 2)).toBe(true);
});

test('what was read ahead or half is given back', async () => {
  const buffers = partBuffers(2);
  const parts = layerParts(chunksOf('abcd', 'efgh', 'ijkl'), 4, buffers);
  const part = await parts.next();
  expect(await allFree(partBuffers(1), 2)).toBe(false);
  if (part !== undefined) buffers.give(part.buffer);
  await parts.close();
  expect(await allFree(buffers, 2)).toBe(true);
});

test('what breaks off in the midst of a part is raised when the part is asked for, and its buffer given back', async () => {
  const buffers = partBuffers(1);
  const breaking = async function* () {
    yield* chunksOf('ab');
    throw new Error('broke off');
  };
  const parts = layerParts(breaking(), 4, buffers);
  await expect(parts.next()).rejects.toThrow('broke off');
  await parts.close();
  expect(await allFree(buffers, 1)).toBe(true);
});

test('buffers are used again, and one that is too small is replaced', async () => {
  const buffers = partBuffers(1);
  const small = await buffers.take(4);
  buffers.give(small);
  expect(await buffers.take(3)).toBe(small);
  buffers.give(small);
  const large = await buffers.take(5);
  expect(large.length).toBe(5);
  const waiting = buffers.take(5);
  buffers.give(large);
  expect(await waiting).toBe(large);
});
