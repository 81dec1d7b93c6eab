import { imageMisfit, planImages } from '../../../lib/domain/plan-images.ts';
import { imageCause, imageTarget, jobTarget, target } from '../../support/samples.ts';

const { repository, tag, digest, event, pushedAt } = imageCause;
const push = { repository, tag, digest, event, pushedAt };
const { on } = imageTarget();

test('a push deploys the targets that wait for its repository and tag, each for its own project', () => {
  const elsewhere = imageTarget({ project: 7, name: 'elsewhere' });
  expect(planImages([push], [imageTarget(), elsewhere])).toEqual([
    { target: imageTarget(), cause: imageCause },
    { target: elsewhere, cause: { ...imageCause, project: 7 } },
  ]);
});

test('several pushes are causes of their own', () => {
  const planned = planImages([push, { ...push, event: 'other', tag: 'v2' }], [imageTarget()]);
  expect(planned.map(({ cause }) => cause.tag)).toEqual(['v1', 'v2']);
});

test.each([
  ['another repository', { repository: 'acme/web' }],
  ['a repository below it', { repository: 'acme/web/app/x' }],
  ['another tag', { tag: 'latest' }],
  ['nothing at all of it', { repository: 'x', tag: 'y' }],
])('%s moves nothing', (_what, change) => {
  expect(planImages([{ ...push, ...change }], [imageTarget()])).toEqual([]);
});

test('targets that wait for something else are not moved', () => {
  expect(planImages([push], [target(), jobTarget()])).toEqual([]);
});

test.each([
  ['the target waits for no image', target().on, push],
  ["the image is another repository's", on, { ...push, repository: 'acme/other' }],
  ['its tag is another', on, { ...push, tag: 'latest' }],
])('why it does not fit is told: %s', (because, trigger, of) => {
  expect(imageMisfit(trigger, of)).toBe(because);
});

test('what fits has no reason', () => {
  expect(imageMisfit(on, push)).toBeUndefined();
});

test.each([`sha256-${'a'.repeat(64)}`, ...['sig', 'att', 'sbom'].map((end) => `sha256-${'a'.repeat(64)}.${end}`)])(
  'what is pushed beside an image starts nothing, whatever the pattern: %s',
  (name) => {
    const any = { ...imageTarget(), on: { kind: 'image', repository, tag: '*' } as const };
    expect(imageMisfit(any.on, { ...push, tag: name })).toBe('it is no image, but tells of one');
    for (const image of [name.slice(0, 70), `v${name}`, `${name}-1`])
      expect(imageMisfit(any.on, { ...push, tag: image })).toBeUndefined();
  },
);
