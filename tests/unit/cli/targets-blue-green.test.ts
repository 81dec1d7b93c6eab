import { checkTargets } from '../../../cli/targets-check.ts';
import { applyTargets } from '../../../cli/targets-apply.ts';
import { blueGreenStrategy, document, filesOf, memoryTargetStore, ruleOf } from './memory-target-store.ts';

const target = (strategy: object = {}, fields: object = {}) => ({
  ...document,
  ...fields,
  strategy: { ...blueGreenStrategy, ...strategy },
});
const fileOf = (targets: object, project = 4711) => ({ project, targets });
const problemsOf = async (files: Record<string, unknown>, store = memoryTargetStore()): Promise<string[]> =>
  (await checkTargets({ readFile: filesOf(files), store })({ files: Object.keys(files) })).problems;

test('a target that swaps colours within the bounds is good', async () => {
  expect(await problemsOf({ 'web.json': fileOf({ web: target() }) })).toEqual([]);
});

test('a problem of the strategy is told by its field', async () => {
  const steps = [{ weight: 10, minutes: 5 }, { weight: 50 }, { weight: 100 }];
  expect(await problemsOf({ 'web.json': fileOf({ web: target({ steps }) }) })).toEqual([
    'web.json: web: strategy.steps.1.minutes: must say how long the step lasts',
  ]);
});

describe('what this stack may not touch is told by its field', () => {
  const balancer = ruleOf('other');
  const listener = balancer.replace(':listener-rule/', ':listener/').replace(/\/3333$/, '');
  const url = 'https://web.example.com/';
  const byListener = { ...blueGreenStrategy, listener_rule: undefined, listener };
  test.each<[string, object, string]>([
    ['a rule', { listener_rule: balancer }, `strategy.listener_rule: this stack may not touch ${balancer}`],
    ['a listener', byListener, `strategy.listener: this stack may not touch ${listener}`],
    [
      'a test rule',
      { test_url: url, test_listener_rule: balancer },
      `strategy.test_listener_rule: this stack may not touch ${balancer}`,
    ],
    [
      'a deletion',
      { retire: 'delete' },
      'strategy.retire: this stack does not have the right to delete services (mayDeleteServices)',
    ],
  ])('%s', async (_what, strategy, problem) => {
    expect(await problemsOf({ 'web.json': fileOf({ web: target(strategy) }) })).toEqual([`web.json: web: ${problem}`]);
  });

  test('the second service, also one that the file leaves to its default', async () => {
    const store = memoryTargetStore();
    const [all = ''] = (await store.bounds()).services;
    const services = [all.replace('/*', `/${document.service}`)];
    store.bounds = async () => ({ ...(await memoryTargetStore().bounds()), services });
    expect(await problemsOf({ 'web.json': fileOf({ web: target() }) }, store)).toEqual([
      `web.json: web: strategy.idle_service: this stack may not touch ${all.replace('/*', `/${document.service}-green`)}`,
    ]);
  });
});

describe('two services whose deployments would not wait for each other', () => {
  const other = { listener_rule: `${blueGreenStrategy.listener_rule}4` };
  const rolling = { ...document, service: `${document.service}-green` };
  const bothWrite = 'too, and both would write it at once';

  test('one is the second service of the other', async () => {
    const files = { 'a.json': fileOf({ web: target() }), 'b.json': fileOf({ api: rolling }, 4712) };
    const problems = [`a.json: web: strategy.idle_service: is service of 4712/api in b.json ${bothWrite}`];
    expect(await problemsOf(files)).toEqual(problems);
    const reversed = { 'b.json': files['b.json'], 'a.json': files['a.json'] };
    expect(await problemsOf(reversed)).toEqual(problems);
  });

  test('one is the second service of the other, which swaps colours too', async () => {
    const green = target(other, { service: rolling.service });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), green }) })).toEqual([
      `a.json: web: strategy.idle_service: is service of 4711/green in a.json ${bothWrite}`,
    ]);
  });

  test('both have the same second service', async () => {
    const api = target({ ...other, idle_service: `${document.service}-green` }, { service: 'api' });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), api }) })).toEqual([
      `a.json: web: strategy.idle_service: is strategy.idle_service of 4711/api in a.json ${bothWrite}`,
      `a.json: api: strategy.idle_service: is strategy.idle_service of 4711/web in a.json ${bothWrite}`,
    ]);
  });

  test('both divide the traffic of one rule', async () => {
    const api = target({}, { service: 'api' });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), api }) })).toEqual([
      `a.json: web: strategy.listener_rule: is strategy.listener_rule of 4711/api in a.json ${bothWrite}`,
      `a.json: api: strategy.listener_rule: is strategy.listener_rule of 4711/web in a.json ${bothWrite}`,
    ]);
  });

  test("one tests by the other's rule", async () => {
    const test = { test_url: 'https://web.example.com/', test_listener_rule: blueGreenStrategy.listener_rule };
    const api = target({ ...other, ...test }, { service: 'api' });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), api }) })).toEqual([
      `a.json: web: strategy.listener_rule: is strategy.test_listener_rule of 4711/api in a.json ${bothWrite}`,
      `a.json: api: strategy.test_listener_rule: is strategy.listener_rule of 4711/web in a.json ${bothWrite}`,
    ]);
  });

  test('are refused by apply too: nothing is written', async () => {
    const store = memoryTargetStore();
    const readFile = filesOf({ 'a.json': fileOf({ web: target(), api: rolling }) });
    const { problems } = await applyTargets({ readFile, store })({ files: ['a.json'] });
    expect(problems).toHaveLength(1);
    expect(store.writes).toEqual([]);
  });

  test('are not two targets of one service, nor two services with their own of everything', async () => {
    const tagged = target({}, { on: { tag: { pattern: 'v*' } } });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), tagged }) })).toEqual([]);
    const api = target(other, { service: 'api' });
    expect(await problemsOf({ 'a.json': fileOf({ web: target(), api }) })).toEqual([]);
  });

  test('are not services of one name in two clusters', async () => {
    const inOther = { ...rolling, cluster: 'other' };
    const files = { 'a.json': fileOf({ web: target(), api: inOther }) };
    const { problems } = await checkTargets({ readFile: filesOf(files), store: undefined })({ files: ['a.json'] });
    expect(problems).toEqual([]);
  });
});
