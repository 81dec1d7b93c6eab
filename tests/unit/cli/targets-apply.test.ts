import { applyLines } from '../../../cli/target-lines.ts';
import { applyTargets } from '../../../cli/targets-apply.ts';
import { repositoryKey } from '../../../lib/domain/repository-key.ts';
import { document, filesOf, imageDocument, memoryTargetStore } from './memory-target-store.ts';

type Store = ReturnType<typeof memoryTargetStore>;

const apply = async (store: Store, files: Record<string, unknown>) => {
  const output = await applyTargets({ readFile: filesOf(files), store })({ files: Object.keys(files) });
  const { lines, code, value } = applyLines(output);
  expect(value).toBe(output);
  return { lines, code };
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
    code: 0,
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
  const { lines, code } = await apply(store, { ...webAnd({}), 'b.json': bad });
  expect({ last: lines.at(-1), code, writes: store.writes }).toEqual({
    last: '1 problem; nothing was written',
    code: 1,
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
    code: 1,
  });
});

test('a stored target that the files do not name is mentioned and kept', async () => {
  const store = memoryTargetStore();
  await store.write({ project: 4711, name: 'old' }, '{}');
  const { lines, code } = await apply(store, webAnd({}));
  expect(lines).toContain('not in the file: 4711/old (stays as it is: drawbridge deletes no target)');
  expect(code).toBe(0);
  expect((await store.documents(4711)).get('old')).toBe('{}');
});

describe('the repository index', () => {
  const [web, api] = ['acme/web/app', 'acme/web/api'] as const;
  const [webKey, apiKey] = [web, api].map(repositoryKey) as [string, string];
  const waiting = (...targets: [string, string][]) => ({
    'a.json': {
      project: 4711,
      targets: Object.fromEntries(targets.map(([name, repository]) => [name, imageDocument(repository)])),
    },
  });
  const delta = ({ lines }: { lines: string[] }) => lines.filter((line) => line.includes('images of'));

  test('names the project for each repository that a target waits for, beside other projects', async () => {
    const store = memoryTargetStore();
    store.index.set(webKey, [7]);
    const { lines, code } = await apply(store, waiting(['web', web], ['web-two', web], ['api', api]));
    expect(code).toBe(0);
    expect(lines.slice(3)).toEqual([
      'images of acme/web/app are told to project 4711',
      'images of acme/web/api are told to project 4711',
      '3 created, 0 changed, 0 unchanged',
    ]);
    expect([...store.index]).toEqual([
      [webKey, [7, 4711]],
      [apiKey, [4711]],
    ]);
  });

  test('told again, nothing of it is written', async () => {
    const store = memoryTargetStore();
    await apply(store, waiting(['web', web]));
    store.writes.length = 0;
    expect((await apply(store, waiting(['web', web]))).lines).toEqual([
      'unchanged 4711/web',
      '0 created, 0 changed, 1 unchanged',
    ]);
    expect(store.writes).toEqual([]);
  });

  test('lets go of the project where its last target waits for something else; other projects stay', async () => {
    const store = memoryTargetStore();
    store.index.set(webKey, [7]);
    await apply(store, waiting(['web', web], ['two', web]));
    expect(delta(await apply(store, waiting(['web', api])))).toEqual([
      'images of acme/web/api are told to project 4711',
    ]);
    expect(
      delta(await apply(store, { 'a.json': { project: 4711, targets: { web: document, two: document } } })),
    ).toEqual([
      'images of acme/web/app are no longer told to project 4711',
      'images of acme/web/api are no longer told to project 4711',
    ]);
    expect([...store.index]).toEqual([
      [webKey, [7]],
      [apiKey, []],
    ]);
  });

  test('keeps what a stored target waits for that no file names', async () => {
    const store = memoryTargetStore();
    await store.write({ project: 4711, name: 'old' }, JSON.stringify(imageDocument(web)));
    expect(delta(await apply(store, webAnd({})))).toEqual(['images of acme/web/app are told to project 4711']);
  });

  test('forgets a target that was deleted by hand, whose repository nothing tells any more', async () => {
    const store = memoryTargetStore();
    store.index.set(webKey, [4711]);
    store.index.set('f'.repeat(64), [7]);
    expect(delta(await apply(store, waiting(['api', api])))).toEqual([
      'images of acme/web/api are told to project 4711',
      `images of ${webKey} are no longer told to project 4711`,
    ]);
    expect(store.index.get('f'.repeat(64))).toEqual([7]);
  });

  test('is not even read for a project that waits for no image, and did not before', async () => {
    const store = { ...memoryTargetStore(), entries: () => Promise.reject(new Error('not authorized')) };
    expect(await apply(store, webAnd({}))).toMatchObject({ code: 0 });
  });

  test('an entry that cannot be read is replaced when the project needs it, and left alone when not', async () => {
    const store = memoryTargetStore();
    store.index.set(webKey, undefined);
    store.index.set(apiKey, undefined);
    await apply(store, waiting(['web', web]));
    expect([...store.index]).toEqual([
      [webKey, [4711]],
      [apiKey, undefined],
    ]);
  });

  test('follows what was really written: a refused target keeps its entry, a refused entry is told', async () => {
    const kept = memoryTargetStore({ refuse: 'web' });
    expect(delta(await apply(kept, waiting(['web', web])))).toEqual([]);
    const { lines, code } = await apply(memoryTargetStore({ refuse: webKey }), waiting(['web', web], ['api', api]));
    expect(lines.slice(2)).toEqual([
      'failed to index acme/web/app for project 4711: not authorized to perform ssm:PutParameter',
      'images of acme/web/api are told to project 4711',
      '2 created, 0 changed, 0 unchanged, 1 failed',
    ]);
    expect(code).toBe(1);
  });

  test('is not touched by stored documents that are none', async () => {
    const store = memoryTargetStore();
    for (const [name, text] of Object.entries({ a: 'x', b: '{}', c: 'null', d: '{"on":{"image":{"repository":7}}}' }))
      await store.write({ project: 4711, name }, text);
    await apply(store, webAnd({}));
    expect(store.index.size).toBe(0);
  });
});
