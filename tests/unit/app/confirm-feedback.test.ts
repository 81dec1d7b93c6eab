import {
  digest,
  imageCause,
  imageTarget,
  operatorOfTag,
  pipelineFacts,
  project,
  sha,
  tagTarget,
  target,
} from '../../support/samples.ts';
import { confirmWorld } from './confirm-world.ts';

/** What GitLab is to be told is in the record from the start: a target may change, or go, before the end. */

const shown = { environment: 'production', environmentUrl: 'https://www.example.com/', noteOnFailure: true } as const;
const wish = { project, environment: 'production', url: 'https://www.example.com/', noteOnFailure: true };

test('of a pipeline: what the target asks for', async () => {
  const world = confirmWorld(target(shown));
  await world.ask();
  const record = await world.journal.read('web-1');
  expect(record).toMatchObject({ feedback: wish, sha, ref: 'main' });
  expect(record).not.toHaveProperty('tag');
});

test('nothing, when it asks for nothing', async () => {
  const world = confirmWorld(target());
  await world.ask();
  expect(await world.journal.read('web-1')).not.toHaveProperty('feedback');
});

test('of a tag’s pipeline: that it is one', async () => {
  const world = confirmWorld(tagTarget({ environment: 'production' }));
  world.gitlab.pipelines.set(90001, { ...pipelineFacts({ ref: 'v1', tag: true }), sha });
  world.gitlab.refs.set('tag v1', true);
  await world.ask();
  expect(await world.journal.read('web-1')).toMatchObject({
    feedback: { project, environment: 'production' },
    ...{ ref: 'v1', tag: true },
  });
});

test.each([imageCause, operatorOfTag])('of a pushed image: which one, for its label: $kind', async (cause) => {
  const world = confirmWorld(imageTarget(shown));
  await world.ask({ cause });
  const image = { repository: 'acme/web/app', digest };
  expect(await world.journal.read('web-1')).toMatchObject({ feedback: { ...wish, image } });
});
