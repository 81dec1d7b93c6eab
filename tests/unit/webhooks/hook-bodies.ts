import { project } from '../../support/samples.ts';

/** A pipeline hook's attributes, with what is not ours to read. */
export const attributes = {
  id: 90001,
  iid: 1,
  ref: 'main',
  tag: false,
  sha: '2bf863fe9b4b40bde937838adc1ac5fabc7d6c28',
  source: 'push',
  status: 'success',
  finished_at: '2026-01-05T09:40:00.123Z',
  variables: [{ key: 'TOKEN', value: 'hunter2' }],
};
export const pipeline = (change: object = {}, rest: object = {}): object => ({
  object_kind: 'pipeline',
  object_attributes: { ...attributes, ...change },
  merge_request: null,
  project: { id: project, name: 'web' },
  builds: [{ id: 1, status: 'failed' }],
  ...rest,
});
export const job = (change: object = {}): object => ({
  object_kind: 'build',
  ref: 'main',
  tag: false,
  build_id: 700001,
  build_name: 'deploy-prod',
  build_status: 'success',
  build_finished_at: '2026-01-05 09:40:00 UTC',
  pipeline_id: 90001,
  project_id: project,
  commit: { id: 90001 },
  ...change,
});
