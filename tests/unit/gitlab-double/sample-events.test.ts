import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleEvents } from '../../../local/gitlab/sample-events.ts';

const folder = fileURLToPath(new URL('../../../events', import.meta.url));
const samples = sampleEvents();

test.each(Object.keys(samples))('events/%s.json is what the builders make', async (name) => {
  const file: unknown = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'));
  expect(file).toEqual(samples[name]);
});

test('every hook in events/ comes from the builders', async () => {
  const files = (await readdir(folder)).filter((file) =>
    /^(access-token|pipeline|job|deployment|registry)-/.test(file),
  );
  expect(files.sort()).toEqual(
    Object.keys(samples)
      .map((name) => `${name}.json`)
      .sort(),
  );
});
