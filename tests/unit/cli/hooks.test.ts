import { doneLines, listLines } from '../../../cli/hooks-lines.ts';
import { installHooks, testHooks, viewHooks } from '../../../cli/hooks.ts';
import { memoryProjectHooks } from '../../support/memory-project-hooks.ts';
import { memoryTargets } from '../../support/memory-ports.ts';
import { imageTarget, jobTarget, target } from '../../support/samples.ts';

const hookUrl = 'https://abc.execute-api.us-gov-west-1.amazonaws.com/webhooks/pipeline';
const place = { stage: 'prod', region: 'us-gov-west-1' };
const tokens = { token: 'hunter2-plain', signingToken: 'whsec_hunter2' };
const values = { url: hookUrl, ...tokens };

const world = (...targets: Parameters<typeof memoryTargets>) => {
  const hooks = memoryProjectHooks(...new Set(targets.map(({ project }) => project)));
  const ports = { hooks, targets: memoryTargets(...targets), hookUrl };
  return {
    hooks,
    view: (project?: number) => viewHooks(ports)({ ...(project === undefined ? {} : { project }) }),
    install: (project?: number, given: Partial<typeof tokens> & { token: string } = tokens) =>
      installHooks({ ...ports, tokens: () => Promise.resolve(given) })({
        ...(project === undefined ? {} : { project }),
      }),
    test: () => testHooks(ports)({}),
  };
};

test('install makes the missing hook with the events that the targets need, and done again leaves it', async () => {
  const { hooks, install } = world(target(), jobTarget({ project: 2 }), imageTarget({ project: 3 }));
  expect(doneLines(await install()).lines).toEqual([
    'project 4711: a hook was made',
    'project 2: a hook was made',
    'project 3: needs no hook: its images come with the notifications of the registry',
  ]);
  expect(hooks.projects.get(4711)).toMatchObject([{ ...values, events: { pipeline: true, job: false } }]);
  expect(hooks.projects.get(2)).toMatchObject([{ events: { pipeline: false, job: true } }]);
  expect((await install()).map(({ what }) => what)).toEqual(['right already', 'right already', 'not needed']);
  expect(hooks.projects.get(4711)).toHaveLength(1);
});

test('install sets right what a hook tells of and its verification, with URL and tokens, and switches no event off', async () => {
  const { hooks, install } = world(target());
  const id = hooks.add(4711, { url: hookUrl, token: 'old' }, { pipeline: false, job: true });
  expect(doneLines(await install())).toMatchObject({ lines: [`project 4711: hook ${id} was set right`], code: 0 });
  expect(hooks.projects.get(4711)).toMatchObject([{ ...values, events: { pipeline: true, job: true } }]);
  const [hook] = hooks.projects.get(4711) ?? [];
  if (hook !== undefined) hook.sslVerification = false;
  await install();
  expect(hooks.projects.get(4711)).toMatchObject([{ sslVerification: true }]);
});

test('install gives a signing token to a hook that lacks it while only signatures count', async () => {
  const { hooks, install } = world(target());
  hooks.add(4711, { url: hookUrl, token: tokens.token });
  expect((await install(4711, { token: tokens.token }))[0]).toMatchObject({ what: 'right already' });
  expect((await install(4711))[0]).toMatchObject({ what: 'set right' });
});

test('a project out of reach fails by name, and the others are done', async () => {
  const { hooks, install } = world(target(), target({ project: 2 }));
  hooks.projects.delete(4711);
  const { lines, code } = doneLines(await install());
  expect(lines[0]).toMatch(/^project 4711: failed: OutOfReach: /);
  expect({ second: lines[1], code }).toEqual({ second: 'project 2: a hook was made', code: 1 });
});

test('a project that was named and has no targets yet gets a hook for pipelines', async () => {
  const { hooks, install } = world(target());
  hooks.projects.set(9, []);
  await install(9);
  expect(hooks.projects.get(9)).toMatchObject([{ events: { pipeline: true, job: false } }]);
  expect(hooks.projects.get(4711)).toEqual([]);
});

test('nothing is written while the tokens cannot be had', async () => {
  const { hooks } = world(target());
  const ports = { hooks, targets: memoryTargets(target()), hookUrl };
  const refused = installHooks({ ...ports, tokens: () => Promise.reject(new Error('a rotation is under way')) })({});
  await expect(refused).rejects.toThrow('a rotation is under way');
  expect(hooks.asked).toEqual([]);
});

test('test says which hook was answered well, and fails where none is or one was not', async () => {
  const { hooks, test: testing } = world(target(), target({ project: 2 }));
  const id = hooks.add(4711, values);
  const { lines, code } = doneLines(await testing());
  expect({ lines, code }).toEqual({
    lines: [`project 4711: hook ${id} was answered well`, 'project 2: failed: it has no hook of this stage'],
    code: 1,
  });
  hooks.accepts = () => false;
  expect(doneLines(await testing()).lines[0]).toContain('failed: NotProven');
});

test('list shows what each hook is, and what is wrong with its remedy; no token and no address', async () => {
  const { hooks, view } = world(target(), jobTarget({ project: 2 }));
  const id = hooks.add(4711, values);
  hooks.add(2, { url: 'https://old.example/webhooks/pipeline', token: 'hunter2' });
  const printed = listLines(await view(), place, true);
  expect(printed.lines).toEqual([
    `project 4711: hook ${id}: tells of pipelines, signed, verifies certificates, executable`,
    "wrong: hook 2 of project 2 goes to another address than this stage's, and none goes there",
    '  → npx drawbridge hooks install --project 2 --stage prod --region us-gov-west-1; if the other is of no use, delete it in GitLab: Settings → Webhooks',
  ]);
  expect(printed.code).toBe(1);
  expect(JSON.stringify(printed)).not.toMatch(/hunter2|https?:/);
});
