import { applyLines } from '../../../cli/lines.ts';
import { applyTargets } from '../../../cli/targets-apply.ts';
import { document, filesOf, memoryTargetStore } from './memory-target-store.ts';

type Store = ReturnType<typeof memoryTargetStore>;

const apply = async (store: Store, files: Record<string, unknown>) => {
  const output = await applyTargets({ readFile: filesOf(files), store })({ files: Object.keys(files) });
  return applyLines(output);
};

const webAnd = (targets: Record<string, unknown>) => ({
  'a.json': { project: 4711, targets: { web: document, ...targets } },
});

test('what is new is created, what is the same is left alone, what differs is changed', async () => {
  const store = memoryTargetStore();
  await store.write({ project: 4711, name: 'same' }, JSON.stringify(document));
  await store.write({ project: 4711, name: 'other' }, JSON.stringify({ ...document, environment: 'staging' }));
  store.writes.length = 0;
  expect(await apply(store, webAnd({ same: document, other: document }))).toEqual({
    lines: ['created 4711/web', 'unchanged 4711/same', 'changed 4711/other', '1 created, 1 changed, 1 unchanged'],
    ok: true,
  });
  expect(store.writes).toEqual(['4711/web', '4711/other']);
  expect((await store.documents(4711)).get('other')).toBe(JSON.stringify(document));
});

test('told again it writes nothing', async () => {
  const store = memoryTargetStore();
  await apply(store, webAnd({}));
  store.writes.length = 0;
  expect((await apply(store, webAnd({}))).lines).toEqual(['unchanged 4711/web', '0 created, 0 changed, 1 unchanged']);
  expect(store.writes).toEqual([]);
});

test('blanks and the order of names make no other document', async () => {
  const store = memoryTargetStore();
  const turned = Object.fromEntries(Object.entries(document).reverse());
  await store.write({ project: 4711, name: 'web' }, JSON.stringify(turned, undefined, 2));
  expect((await apply(store, webAnd({}))).lines[0]).toBe('unchanged 4711/web');
});

test('a stored document that is no JSON is replaced', async () => {
  const store = memoryTargetStore();
  await store.write({ project: 4711, name: 'web' }, 'main');
  expect((await apply(store, webAnd({}))).lines[0]).toBe('changed 4711/web');
});

test('when anything is wrong in any file, nothing is written', async () => {
  const store = memoryTargetStore();
  const bad = { project: 4712, targets: { bad: { ...document, cluster: 'other' } } };
  const { lines, ok } = await apply(store, { ...webAnd({}), 'b.json': bad });
  expect({ last: lines.at(-1), ok, writes: store.writes }).toEqual({
    last: '1 problem; nothing was written',
    ok: false,
    writes: [],
  });
  expect(lines[0]).toMatch(/^b\.json: bad: service: this stack may not touch /);
});

test('targets of several projects are each written to their own', async () => {
  const store = memoryTargetStore();
  const { lines } = await apply(store, { ...webAnd({}), 'b.json': { project: 4712, targets: { web: document } } });
  expect(lines).toEqual(['created 4711/web', 'created 4712/web', '2 created, 0 changed, 0 unchanged']);
  expect(store.writes).toEqual(['4711/web', '4712/web']);
});

test('a refused write is told, does not stop the others, and makes the end bad', async () => {
  const store = memoryTargetStore({ refuse: 'web' });
  expect(await apply(store, webAnd({ next: document }))).toEqual({
    lines: [
      'failed 4711/web: not authorized to perform ssm:PutParameter',
      'created 4711/next',
      '1 created, 0 changed, 0 unchanged, 1 failed',
    ],
    ok: false,
  });
});

test('a stored target that the files do not name is mentioned and kept', async () => {
  const store = memoryTargetStore();
  await store.write({ project: 4711, name: 'old' }, '{}');
  const { lines, ok } = await apply(store, webAnd({}));
  expect(lines).toContain('not in the file: 4711/old (stays as it is: drawbridge deletes no target)');
  expect(ok).toBe(true);
  expect((await store.documents(4711)).get('old')).toBe('{}');
});
