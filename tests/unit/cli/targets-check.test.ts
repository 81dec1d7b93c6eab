import { checkLines } from '../../../cli/target-lines.ts';
import { checkTargets } from '../../../cli/targets-check.ts';
import { document, filesOf, imageDocument, memoryTargetStore, registry } from './memory-target-store.ts';

const check = (files: Record<string, unknown>, store: ReturnType<typeof memoryTargetStore> | undefined) =>
  checkTargets({ readFile: filesOf(files), store })({ files: Object.keys(files) });

const problemsOf = async (target: unknown, store = memoryTargetStore()): Promise<string[]> =>
  (await check({ 'web.json': { project: 4711, targets: { web: target } } }, store)).problems;

test('a good file has no problem, and nothing is written', async () => {
  const store = memoryTargetStore();
  const output = await check({ 'web.json': { project: 4711, targets: { web: document } } }, store);
  expect(output).toEqual({ targets: 1, problems: [], notInFile: [], formOnly: false });
  expect(checkLines(output)).toEqual({ value: output, lines: ['1 target, 0 problems'], code: 0 });
  expect(store.writes).toEqual([]);
});

test('without a stage only the form is checked, and that is said', async () => {
  const elsewhere = { ...document, image: '999999999999.dkr.ecr.us-east-1.amazonaws.com/other:{tag}', cluster: 'any' };
  const output = await check({ 'web.json': { project: 4711, targets: { web: elsewhere } } }, undefined);
  expect(checkLines(output)).toEqual({
    value: output,
    lines: ['form only: without --stage nothing is held against what a stack may touch', '1 target, 0 problems'],
    code: 0,
  });
});

test('also without a stage it must be said how an image comes into ECR', async () => {
  const targets = { web: { ...document, image: 'registry.gitlab.com/acme/web:{sha}' } };
  const { problems } = await check({ 'web.json': { project: 4711, targets } }, undefined);
  expect(problems).toEqual([
    "web.json: web: ecr_repository: must say where the image is copied to: it is not in this account's ECR, <account>.dkr.ecr.<region>.amazonaws.com",
  ]);
  const copied = { ...targets.web, ecr_repository: 'any/web' };
  expect(await check({ 'web.json': { project: 4711, targets: { copied } } }, undefined)).toMatchObject({
    problems: [],
  });
});

test('the repository that an image is copied to is held against what the stack may touch', async () => {
  const image = 'registry.gitlab.com/acme/web:{sha}';
  const ours = 'govcloud-ml-platform-ml-workload';
  expect(await problemsOf({ ...document, image, ecr_repository: ours })).toEqual([]);
  expect(await problemsOf({ ...document, image, ecr_repository: 'other' })).toEqual([
    'web.json: web: ecr_repository: this stack may not touch arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/other',
  ]);
  expect(await problemsOf(imageDocument('acme/web'))).toEqual([]);
  expect(await problemsOf({ ...imageDocument('acme/web'), ecr_repository: 'other' })).toEqual([
    'web.json: web: ecr_repository: this stack may not touch arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/other',
  ]);
});

describe('a problem names file, target and field, and says why', () => {
  const { service, ...withoutService } = document;
  test.each([
    ['a missing field', withoutService, /^web\.json: web: service: .*expected string/],
    ['a field of the wrong form', { ...document, service: `${service}?` }, /^web\.json: web: service: .*match pattern/],
    ['an unknown field', { ...document, servce: 'x' }, /^web\.json: web: the document: .*"servce"/],
    ['an unknown trigger', { ...document, on: { push: {} } }, /^web\.json: web: on: must be one of pipeline, job, tag/],
    ['a field of the trigger', { ...document, on: { job: { ref: 'main' } } }, /^web\.json: web: on\.job\.name: /],
    [
      'another strategy',
      { ...document, strategy: { type: 'canary' } },
      /strategy\.type: must be rolling or blue-green$/,
    ],
    ['no object', 'main', /^web\.json: web: the document: .*expected object/],
    ['nothing', null, /^web\.json: web: the document: .*expected object/],
    ['too large a document', { ...document, containers: Array(20).fill('x'.repeat(250)) }, /bytes.*4096$/],
  ])('%s', async (_, target, problem) => {
    const problems = await problemsOf(target);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test('a name', async () => {
    const output = await check({ 'a.json': { project: 4711, targets: { 'Web 1': document } } }, memoryTargetStore());
    expect(output.problems).toEqual([
      'a.json: Web 1: its name: must be 1 to 40 of a-z, 0-9 and dashes, no dash at either end',
    ]);
  });

  test('several fields of several targets, all of them', async () => {
    const targets = { web: { ...document, service: '', containers: [] }, job: { ...document, cluster: 1 } };
    const { problems } = await check({ 'a.json': { project: 4711, targets } }, memoryTargetStore());
    expect(problems.map((problem) => problem.split(': ').slice(0, 3).join(': '))).toEqual([
      'a.json: web: service',
      'a.json: web: containers',
      'a.json: job: cluster',
    ]);
  });
});

test('what the stack may not touch is refused, service and repository each by ARN', async () => {
  expect(await problemsOf({ ...document, cluster: 'other', image: `${registry}/other:{sha}` })).toEqual([
    'web.json: web: service: this stack may not touch arn:aws-us-gov:ecs:us-gov-west-1:123456789012:service/other/govcloud-ml-platform-ml-service',
    'web.json: web: image: this stack may not touch arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/other',
  ]);
});

test("another account's or region's registry is refused", async () => {
  const image = '999999999999.dkr.ecr.us-gov-west-1.amazonaws.com/govcloud-ml-platform-ml-workload:{sha}';
  expect(await problemsOf({ ...document, image })).toEqual([
    `web.json: web: image: its host must be this account's ECR, ${registry}, or GitLab's registry`,
  ]);
});

describe('a file', () => {
  const shape = '{ "project": <id>, "targets": { "<name>": { … } } }';
  test.each([
    [
      'that is no JSON',
      '{"project": 4711,\n "targets": {]}',
      'a.json: line 2, column 14: a name in double quotes expected before ]',
    ],
    ['of another shape', [], `a.json: the file must be ${shape}`],
    ['without targets', { project: 4711 }, 'a.json: targets: must hold a target for each name'],
    [
      'with the path of a project',
      { project: 'acme/web', targets: {} },
      "a.json: project: must be GitLab's numeric id of the project",
    ],
    ['with more in it', { project: 1, targets: {}, stage: 'x' }, `a.json: stage: is not known; a file is ${shape}`],
    [
      'that names a target twice',
      '{"project": 1, "targets": {"a": {}, "a": {}}}',
      'a.json: line 1, column 37: "a" is there twice',
    ],
    ['with a project of 0', { project: 0, targets: {} }, "a.json: project: must be GitLab's numeric id of the project"],
  ])('%s', async (_, content, problem) => {
    expect((await check({ 'a.json': content }, memoryTargetStore())).problems).toEqual([problem]);
  });

  test('that is not there', async () => {
    const verb = checkTargets({ readFile: filesOf({}), store: memoryTargetStore() });
    expect((await verb({ files: ['a.json'] })).problems).toEqual(['a.json: cannot be read (ENOENT)']);
  });
});

test('two files may not name the same target; the same name in two projects is two targets', async () => {
  const files = {
    'a.json': { project: 1, targets: { web: document } },
    'b.json': { project: 1, targets: { web: document } },
    'c.json': { project: 2, targets: { web: document } },
  };
  const output = await check(files, memoryTargetStore());
  expect(output.problems).toEqual(['b.json: web: is in a.json already, for the same project']);
});

test('a stored target that no file names is mentioned, and is no problem', async () => {
  const store = memoryTargetStore();
  await store.write({ project: 4711, name: 'old' }, '{}');
  await store.write({ project: 4712, name: 'foreign' }, '{}');
  const output = await check({ 'a.json': { project: 4711, targets: { web: document } } }, store);
  expect(checkLines(output)).toEqual({
    value: output,
    lines: ['not in the file: 4711/old (stays as it is: drawbridge deletes no target)', '1 target, 0 problems'],
    code: 0,
  });
});

test('problems make the end bad', async () => {
  const output = await check({ 'a.json': 'x' }, memoryTargetStore());
  expect(checkLines(output)).toEqual({
    value: output,
    lines: ['a.json: line 1, column 1: a value expected', '0 targets, 1 problem'],
    code: 1,
  });
});
