import { hookLog } from '../../../lib/adapters/gitlab/hook-log.ts';
import { failureOf, gitlabStage, refusals } from './gitlab-stage.ts';

const { stage, answers, manager, calls } = gitlabStage();
const log = () => hookLog(manager());

const events = '/api/v4/projects/1/hooks/31/events';
const view = (id: number, response_status: string, more = {}) => ({
  ...{ id, url: 'https://door.example.com', trigger: 'pipeline_hooks', response_status },
  request_headers: { 'X-Gitlab-Token': '[REDACTED]', 'Idempotency-Key': `key-${id}` },
  request_data: { object_kind: 'pipeline' },
  ...more,
});
const ours = (event: number, arrived: boolean, more = {}) => ({
  ...{ event, arrived, key: `key-${event}`, body: { object_kind: 'pipeline' } },
  ...more,
});

describe('what was sent', () => {
  test('in our words: only 2xx and 3xx have arrived', async () => {
    const statuses = ['202', '200', '302', '400', '404', '500', 'internal error'];
    answers({ body: statuses.map((status, index) => view(index, status)) });
    const arrived = [true, true, true, false, false, false, false];
    expect(await log().newest(1, 31)).toEqual(arrived.map((one, index) => ours(index, one)));
    expect(calls()).toEqual([`GET ${events}?per_page=20`]);
  });

  test('without a key, by a GitLab before 17.4', async () => {
    answers({ body: [view(1, '500', { request_headers: {} }), view(2, '500', { request_headers: null })] });
    expect((await log().newest(1, 31)).map(({ key }) => key)).toEqual([undefined, undefined]);
  });

  test('in vain: of three pages, by GitLab’s own word for no answer and 5xx', async () => {
    const page = (id: number, next: string) => ({ body: [view(id, '500')], headers: { 'x-next-page': next } });
    answers(page(1, '2'), page(2, '3'), page(3, '4'));
    expect((await log().failed(1, 31)).map(({ event }) => event)).toEqual([1, 2, 3]);
    expect(calls()).toEqual(
      [1, 2, 3].map((number) => `GET ${events}?per_page=20&status=server_failure&page=${number}`),
    );
  });

  test.each(['', '1', '0', 'x'])('in vain: no list is endless, though the next page is said to be %p', async (next) => {
    answers({ body: [view(1, '500')], headers: { 'x-next-page': next } });
    expect(await log().failed(1, 31)).toHaveLength(1);
    expect(stage.sent).toHaveLength(1);
  });

  test('is nothing where the hook is gone or GitLab keeps no log', async () => {
    answers({ status: 404, body: { error: '404 Not Found' } });
    expect([await log().newest(1, 31), await log().failed(1, 31)]).toEqual([[], []]);
  });

  test.each<[string, unknown]>([
    ['no list', { message: 'hunter2' }],
    ['an event without a status', [{ id: 1, request_data: 'hunter2' }]],
    ['no JSON', '<html>hunter2'],
  ])('is not known when GitLab answers %s', async (_what, body) => {
    answers({ body });
    expect(await failureOf(() => log().newest(1, 31))).toMatchObject({ name: 'GitLabUnavailable' });
    expect(await failureOf(() => log().failed(1, 31))).toMatchObject({ name: 'GitLabUnavailable' });
  });
});

describe('once more', () => {
  test.each<[unknown, boolean]>([
    [202, true],
    ['200', true],
    [302, false],
    [404, false],
    [500, false],
    [null, false],
  ])('with the answer %p: %p', async (response_status, arrived) => {
    answers({ status: 201, body: { response_status } });
    expect(await log().resend(1, 31, 7)).toBe(arrived);
    expect(calls()).toEqual([`POST ${events}/7/resend`]);
  });

  test.each([404, 422])('is not possible: %i', async (status) => {
    answers({ status, body: { message: 'hunter2' } });
    expect(await log().resend(1, 31, 7)).toBe(false);
    expect(stage.sent).toHaveLength(1);
  });
});

describe('anything else', () => {
  const verbs: [string, () => Promise<unknown>][] = [
    ['the events of hook 31 of project 1', () => log().newest(1, 31)],
    ['the events of hook 31 of project 1', () => log().failed(1, 31)],
    ['event 7 of hook 31 of project 1', () => log().resend(1, 31, 7)],
  ];
  const others = refusals.filter(([said]) => said === 'cut' || said.status !== 404);
  const cases = others.flatMap(([said, name]) => verbs.map(([about, act]) => ({ said, name, about, act })));

  test.each(cases)('$about: $said is $name, told without a value and not tried again', async (one) => {
    answers(one.said);
    const failure = await failureOf(one.act);
    expect(failure).toMatchObject({ name: one.name });
    expect(failure.message).toContain(`"${one.about}: `);
    expect(stage.sent.filter(({ headers }) => headers['private-token'] !== undefined)).toHaveLength(1);
  });

  test('a 429 says so', async () => {
    answers({ status: 429 });
    expect(await failureOf(() => log().resend(1, 31, 7))).toMatchObject({ facts: { status: 429 } });
  });
});
