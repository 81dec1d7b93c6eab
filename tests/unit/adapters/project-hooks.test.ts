import { projectHooks } from '../../../lib/adapters/gitlab/project-hooks.ts';
import { failureOf, gitlabStage, managerToken, refusals, type Said } from './gitlab-stage.ts';

const { stage, answers, manager, calls } = gitlabStage();
const hooks = () => projectHooks(manager());

const url = 'https://abc.execute-api.us-gov-west-1.amazonaws.com/webhooks/pipeline';
const signingToken = 'whsec_hunter2';
const values = { url, token: 'hunter2-token' };
const shown = { pipeline_events: true, job_events: false, enable_ssl_verification: true };
const view = (id: number, more = {}) => ({ id, url, project_id: 1, ...shown, ...more });
const usual = { url, pipeline: true, job: false, sslVerification: true };

describe('the hooks of a project', () => {
  test('in our words: with a signing token, without one, and of a GitLab that knows none', async () => {
    answers({
      body: [view(1, { signing_token_present: true }), view(2, { signing_token_present: false }), view(3)],
    });
    expect(await hooks().list(1)).toEqual([
      { ...usual, id: 1, signing: true },
      { ...usual, id: 2, signing: false },
      { ...usual, id: 3, signing: undefined },
    ]);
    expect(calls()).toEqual(['GET /api/v4/projects/1/hooks?per_page=100&page=1']);
    expect(stage.sent[0]?.headers['private-token']).toBe(managerToken);
  });

  test('what they tell of, whether they verify certificates, and whether GitLab sends over them', async () => {
    const more = { pipeline_events: false, job_events: true, enable_ssl_verification: false, alert_status: 'disabled' };
    answers({ body: [view(1, more)] });
    const [hook] = await hooks().list(1);
    expect(hook).toMatchObject({ pipeline: false, job: true, sslVerification: false, alertStatus: 'disabled' });
  });

  test('from all pages', async () => {
    const next = (page: string) => ({ 'x-next-page': page });
    answers({ body: [view(1)], headers: next('2') }, { body: [view(2)], headers: next('3') }, { body: [view(3)] });
    expect((await hooks().list(1)).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(calls().map((call) => call.replace(/.*page=/, ''))).toEqual(['1', '2', '3']);
  });

  test('also when GitLab names a page that was read already: no list is endless', async () => {
    answers({ body: [view(1)], headers: { 'x-next-page': '1' } });
    expect(await hooks().list(1)).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['no list', { message: 'hunter2' }],
    ['a hook without an address', [{ id: 1 }]],
    ['no JSON', '<html>hunter2'],
  ])('are not known when GitLab answers %s', async (_what, body) => {
    answers({ body });
    expect(await failureOf(() => hooks().list(1))).toMatchObject({ name: 'GitLabUnavailable' });
  });
});

test('set: address and tokens together, and nothing else', async () => {
  answers({ body: view(31) });
  await hooks().set(1, 31, { ...values, signingToken });
  await hooks().set(1, 31, values);
  expect(calls()).toEqual(Array(2).fill('PUT /api/v4/projects/1/hooks/31'));
  expect(stage.sent.map(({ body }) => body)).toEqual([{ ...values, signing_token: signingToken }, values]);
  expect(stage.sent[0]?.headers['content-type']).toBe('application/json');
});

test('create: the events that are needed and no other, and SSL verification', async () => {
  answers({ status: 201, body: view(32) });
  await hooks().create(1, { ...values, signingToken }, { pipeline: true, job: false });
  await hooks().create(1, values, { pipeline: false, job: true });
  expect(calls()).toEqual(Array(2).fill('POST /api/v4/projects/1/hooks'));
  const always = { ...values, name: 'Drawbridge', push_events: false, enable_ssl_verification: true };
  expect(stage.sent.map(({ body }) => body)).toEqual([
    { ...always, signing_token: signingToken, pipeline_events: true, job_events: false },
    { ...always, pipeline_events: false, job_events: true },
  ]);
});

describe('test', () => {
  test('sends a push, never a pipeline or a job', async () => {
    answers({ status: 201, body: { message: '201 Created' } });
    await hooks().test(1, 31);
    expect(calls()).toEqual(['POST /api/v4/projects/1/hooks/31/test/push_events']);
  });

  test('that is not taken proves nothing', async () => {
    answers({ status: 422, body: { message: 'hunter2' } });
    const failure = await failureOf(() => hooks().test(1, 31));
    expect(failure).toMatchObject({ name: 'NotProven' });
    expect(failure.message).toContain('hook 31 of project 1');
  });
});

describe('anything else', () => {
  const verbs: [string, () => Promise<unknown>][] = [
    ['the hooks of project 1', () => hooks().list(1)],
    ['a new hook of project 1', () => hooks().create(1, values, { pipeline: true, job: true })],
    ['hook 31 of project 1', () => hooks().set(1, 31, values)],
    ['the test of hook 31 of project 1', () => hooks().test(1, 31)],
  ];
  const cases = refusals.flatMap(([said, name]) => verbs.map(([about, act]) => ({ said, name, about, act })));

  test.each(cases)('$about: $said is $name, told without a value and not tried again', async (one) => {
    answers(one.said);
    const failure = await failureOf(one.act);
    expect(failure).toMatchObject({ name: one.name });
    expect(failure.message).toContain(`"${one.about}: `);
    expect(stage.sent).toHaveLength(1);
  });

  test('422 is a refusal where it says nothing of a test', async () => {
    answers({ status: 422, body: { error: 'hunter2' } });
    expect(await failureOf(() => hooks().set(1, 31, values))).toMatchObject({ name: 'GitLabRefused' });
  });
});

describe('a 401', () => {
  const takes = (token: string): void => {
    stage.pending = token;
    answers({ status: 401 }, { body: view(31) });
  };

  test('is asked once more with what a rotation has staged', async () => {
    takes('hunter2-next');
    await projectHooks(manager(false)).set(1, 31, values);
    expect(stage.sent.map(({ headers }) => headers['private-token'])).toEqual([managerToken, 'hunter2-next']);
    expect(calls()).toEqual(Array(2).fill('PUT /api/v4/projects/1/hooks/31'));
  });

  test('and no third time', async () => {
    takes('hunter2-next');
    answers({ status: 401 });
    expect(await failureOf(() => hooks().list(1))).toMatchObject({ name: 'OutOfReach' });
    expect(stage.sent).toHaveLength(2);
  });

  test.each<[boolean, string]>([
    [true, 'gitlab_manager_token'],
    [false, 'gitlab_token'],
  ])('names the key whose value was shown: %p, %s', async (own, key) => {
    const said: Said = { status: 401 };
    answers(said);
    expect((await failureOf(() => projectHooks(manager(own)).list(1))).message).toContain(` to ${key},`);
  });
});
