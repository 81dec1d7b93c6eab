import { setTimeout as sleep } from 'node:timers/promises';
import { watchCopy } from '../../../local/demo/copy-watch.ts';
import { memoryCopyJournal } from '../../support/memory-copy-journal.ts';

const mib = 2 ** 20;
const digest = `sha256:${'a'.repeat(64)}`;
const upload = { uploadId: 'one', partSize: 10 * mib };

const until = async (what: string, seen: () => string, wanted: string): Promise<void> => {
  const deadline = Date.now() + 5_000;
  while (!seen().includes(wanted)) {
    if (Date.now() > deadline) throw new Error(`${what}: last seen: ${seen()}`);
    await sleep(5);
  }
};

test('what the journal and ECR know of a copy is seen while it goes on, and its end when it is stopped', async () => {
  const copies = memoryCopyJournal();
  const inEcr: string[] = [];
  const begun = new Date();
  const watch = watchCopy({ copies, layersInEcr: () => inEcr }, { name: 'ml-1', begun });
  expect(watch.lines()).toEqual([]);
  await copies.begin('ml-1', [{ digest, size: 20 * mib, present: false }]);
  await copies.save('ml-1', digest, { ...upload, next: 10 * mib });
  await until('the first part', watch.gist, '10.0 MiB of 20.0 MiB copied');
  await copies.forget('ml-1', digest, upload);
  inEcr.push(digest);
  const last = await watch.stop(new Date(begun.getTime() + 1));
  expect(last.at(-1)).toMatch(/^20\.0 MiB of 20\.0 MiB copied/);
});

test('why it could not be looked at is raised when it is stopped', async () => {
  const { uploads } = memoryCopyJournal();
  let looks = 0;
  const layers = () => {
    looks += 1;
    return looks === 1 ? Promise.reject(new Error('no table')) : Promise.resolve([]);
  };
  const watch = watchCopy({ copies: { layers, uploads }, layersInEcr: () => [] }, { name: 'ml-1', begun: new Date() });
  await expect(watch.stop(new Date())).rejects.toThrow('no table');
});
