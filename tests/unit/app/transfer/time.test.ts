import { bytes, expectCopied, image, multiArch, scene, type Scene } from './transfer-scene.ts';

/** So many questions for the time left are answered well, then there is less than a minute. */
const looks = (of: Scene, count: number): void => {
  let left = count;
  of.remaining = () => {
    left -= 1;
    return left >= 0 ? 60_000 : 59_999;
  };
};

test('with less than a minute nothing is begun', async () => {
  const of = scene();
  of.remaining = () => 59_999;
  expect(await of.transfer(image(of, 1))).toEqual({ state: 'out of time', moved: 0, present: 0 });
  expect([...of.registry.asked, ...of.store.asked]).toEqual([]);
});

test('wherever the time ends, the call ends so and the next ones go on; no byte is sent twice', async () => {
  const of = scene();
  const root = multiArch(of);
  of.registry.image({ subject: root, layers: [of.registry.layer(bytes(50, 50))] });
  let moved = 0;
  let calls = 0;
  for (let ended = 'out of time'; ended === 'out of time'; calls += 1) {
    looks(of, 30 + calls);
    const result = await of.transfer(root);
    moved += result.moved;
    ended = result.state;
  }
  expect(calls).toBeGreaterThan(3);
  expectCopied(of);
  expect(of.store.tags.get('v1')).toBe(root.digest);
  const sum = [...of.registry.blobs.values()].reduce((bytesOf, { length }) => bytesOf + length, 0);
  expect([of.store.received, moved]).toEqual([sum, sum]);
});

test('a layer that is read slowly ends within its part, and no half part is sent', async () => {
  const of = scene();
  const root = image(of, 1, [400]);
  of.registry.chunk = 1;
  looks(of, 200);
  expect(await of.transfer(root)).toMatchObject({ state: 'out of time' });
  expect([...of.store.uploads.values()].every(({ length }) => length % 16 === 0)).toBe(true);
});

test('a part that was read ahead is not sent any more', async () => {
  const of = scene();
  const root = of.registry.image({ layers: [of.registry.layer(bytes(400, 1))] });
  const { uploadPart } = of.store;
  const ending: typeof uploadPart = async (...args) => {
    const answer = await uploadPart(...args);
    // time enough to read the next one
    for (let ticks = 0; ticks < 100; ticks += 1) await Promise.resolve();
    of.remaining = () => 0;
    return answer;
  };
  const store = { ...of.store, uploadPart: ending };
  expect(await of.transfer(root, {}, { store })).toMatchObject({ state: 'out of time' });
  expect([...of.store.uploads.values()].map(({ length }) => length)).toEqual([16]);
});
