import { eventsNeeded } from '../../../lib/domain/project-hook.ts';
import { imageTarget, jobTarget, tagTarget, target } from '../../support/samples.ts';

test.each([
  ['a pipeline', [target()], false, { pipeline: true, job: false }],
  ['a tag, of which pipelines tell', [tagTarget()], false, { pipeline: true, job: false }],
  ['a job', [jobTarget()], false, { pipeline: false, job: true }],
  ['a job and an image', [imageTarget(), jobTarget()], false, { pipeline: false, job: true }],
  ['a job and a tag', [jobTarget(), tagTarget()], false, { pipeline: true, job: true }],
  ['a document that cannot be read', [], true, { pipeline: true, job: false }],
  ['a job, and a document that cannot be read', [jobTarget()], true, { pipeline: true, job: true }],
  ['an image', [imageTarget()], false, undefined],
  ['nothing', [], false, undefined],
])('for %s', (_what, targets, broken, events) => {
  expect(eventsNeeded(targets, broken)).toEqual(events);
});
