import { Rejection } from '../../../lib/domain/failure.ts';
import { readPipelineHook } from '../../../lib/webhooks/read-pipeline-hook.ts';
import { finishedAt, project } from '../../support/samples.ts';
import { job, pipeline } from './hook-bodies.ts';

const rejection = (body: unknown): Rejection => {
  try {
    readPipelineHook(body);
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
  throw new Error('it was read');
};

describe('a pipeline hook', () => {
  test('in our words; its builds, variables and sha are not read', () => {
    expect(readPipelineHook(pipeline())).toEqual({
      kind: 'pipeline',
      project,
      pipeline: 90001,
      ref: 'main',
      tag: false,
      source: 'push',
      status: 'success',
      mergeRequest: false,
      finishedAt,
    });
  });

  test.each(['2026-01-05T09:40:00.123Z', '2026-01-05 09:40:00 UTC', '2026-01-05T11:40:00+02:00'])(
    'finished at %s',
    (date) => {
      expect(readPipelineHook(pipeline({ finished_at: date }))).toMatchObject({ finishedAt });
    },
  );

  test.each([null, undefined, '', 'soon'])('that has not finished: %p', (date) => {
    expect(readPipelineHook(pipeline({ finished_at: date }))).not.toHaveProperty('finishedAt');
  });

  test.each([
    ['of a merge request', { id: 5, source_branch: 'main' }, true],
    ['with an empty merge request', {}, true],
    ['with none', null, false],
    ['of an older GitLab, which leaves it out', undefined, false],
  ])('%s', (_what, merge_request, mergeRequest) => {
    expect(readPipelineHook(pipeline({}, { merge_request }))).toMatchObject({ mergeRequest });
  });

  test.each([
    ['no attributes', { object_attributes: undefined }, 'object_attributes'],
    ['no project', { project: undefined }, 'project'],
    ['a project by name', { project: { id: 'web' } }, 'project.id'],
    ['a merge request that is no object', { merge_request: 'yes' }, 'merge_request'],
    ['a list for attributes', { object_attributes: [] }, 'object_attributes'],
  ])('of another shape, %s, is unreadable, by the field', (_what, rest, field) => {
    expect(rejection(pipeline({}, rest))).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining(field) as string,
    });
  });

  test.each([
    ['id', 0],
    ['id', -1],
    ['id', 1.5],
    ['id', '90001'],
    ['id', 2 ** 60],
    ['ref', null],
    ['tag', 'false'],
    ['status', 1],
    ['source', undefined],
    ['finished_at', 1_767_606_000],
  ])('with %s %p is unreadable, the value not told', (field, value) => {
    const { kind, reason } = rejection(pipeline({ [field]: value }));
    expect(kind).toBe('unreadable');
    expect(reason).toContain(`object_attributes.${field}`);
    expect(reason).not.toContain('90001');
  });
});

describe('a job hook', () => {
  test('in our words; its commit id is its pipeline’s, and not read', () => {
    expect(readPipelineHook(job())).toEqual({
      kind: 'job',
      project,
      pipeline: 90001,
      job: 700001,
      name: 'deploy-prod',
      status: 'success',
      ref: 'main',
      tag: false,
      finishedAt,
    });
  });

  test.each([null, undefined])('that has not finished: %p', (build_finished_at) => {
    expect(readPipelineHook(job({ build_finished_at }))).not.toHaveProperty('finishedAt');
  });

  test('of another shape is unreadable, by the fields', () => {
    expect(rejection(job({ build_id: null, project_id: 'x' })).reason).toMatch(/build_id, project_id$/);
  });

  test.each([
    ['ref', null],
    ['tag', 'false'],
    ['build_id', 0],
    ['build_name', 7],
    ['build_status', null],
    ['build_finished_at', 2026],
    ['pipeline_id', '90001'],
    ['project_id', -1],
  ])('with %s %p is unreadable', (field, value) => {
    expect(rejection(job({ [field]: value }))).toMatchObject({
      kind: 'unreadable',
      reason: `the hook has another shape than expected at ${field}`,
    });
  });

  test('of which nothing fits names five fields, and no list as long as the hook', () => {
    expect(rejection({ object_kind: 'build' }).reason).toMatch(/expected at (\w+, ){4}\w+$/);
  });
});

describe('what it does not know', () => {
  test.each(['push', 'tag_push', 'deployment', 'access-token', 'job', 'Pipeline', 'constructor', ''])(
    'kind %p is ignored, and not repeated to the sender',
    (object_kind) => {
      expect(rejection({ object_kind })).toMatchObject({
        kind: 'ignored',
        reason: 'hooks of this kind start nothing',
      });
    },
  );

  test('a warning that an access token ends soon is told apart, whatever else it says', () => {
    expect(rejection({ object_kind: 'access_token', event_name: 'expiring_access_token' })).toMatchObject({
      kind: 'expiring',
      reason: 'a warning is only counted',
    });
  });

  test.each([undefined, null, [], 'pipeline', 1, {}, { object_kind: null }])('%p is unreadable', (body) => {
    expect(rejection(body).kind).toBe('unreadable');
  });

  test('fields out of a prototype are no fields', () => {
    const polluted = JSON.parse('{"object_kind":"pipeline","__proto__":{"project":{"id":1}}}') as object;
    expect(rejection(polluted).kind).toBe('unreadable');
    expect(Object.prototype).not.toHaveProperty('project');
  });
});
