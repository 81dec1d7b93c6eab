import {
  cloneWithImage,
  deploymentOf,
  deploymentTag,
  imagesOf,
  readOnlyFields,
  revisionName,
} from '../../../lib/domain/revision.ts';
import { digest, olderDigest, registry, revision, revisionArn } from '../../support/samples.ts';

const image = `${registry}/acme/web@${digest}`;
const clone = (source = revision(7), containers = ['app']) =>
  cloneWithImage(source, { containers, image, deployment: 'web-1' });
const containers = (definition: Record<string, unknown>) =>
  definition['containerDefinitions'] as Record<string, unknown>[];

describe('cloning', () => {
  test('replaces the image of the named container and of no other', () => {
    expect(containers(clone().definition).map((one) => one['image'])).toEqual([image, 'public.ecr.aws/nginx/nginx:1']);
  });

  test('passes everything else on, also fields that nobody knows yet', () => {
    const source = revision(7, { definition: { ...revision(7).definition, somethingNew: { a: [1] } } });
    expect(clone(source).definition).toMatchObject({
      family: 'web',
      networkMode: 'awsvpc',
      cpu: '256',
      somethingNew: { a: [1] },
    });
    expect(containers(clone(source).definition)[0]).toMatchObject({
      command: ['serve', '--port', '8080'],
      environment: [{ name: 'DB_PASSWORD', value: 'hunter2' }],
    });
  });

  test.each(readOnlyFields)('drops %s, which ECS does not take', (field) => {
    const source = revision(7, { definition: { ...revision(7).definition, [field]: 'x' } });
    expect(clone(source).definition).not.toHaveProperty(field);
  });

  test('leaves the source as it was', () => {
    const source = revision(7);
    clone(source);
    expect(source).toEqual(revision(7));
  });

  test('keeps tags, drops those of AWS, and puts its own in the place of a predecessor’s', () => {
    const tags = [
      { key: 'team', value: 'web' },
      { key: 'aws:cloudformation:stack-name', value: 'x' },
      { key: deploymentTag, value: 'web-0' },
    ];
    expect(clone(revision(7, { tags })).tags).toEqual([
      { key: 'team', value: 'web' },
      { key: deploymentTag, value: 'web-1' },
    ]);
  });

  test('a definition without containers stays one', () => {
    expect(imagesOf(revision(7, { definition: {} }))).toEqual({});
    expect(clone(revision(7, { definition: {} })).definition).toEqual({ containerDefinitions: [] });
  });
});

describe('reading a revision', () => {
  test('the image of each container, by its name', () => {
    expect(imagesOf(revision(7))).toEqual({
      app: `${registry}/acme/web@${olderDigest}`,
      proxy: 'public.ecr.aws/nginx/nginx:1',
    });
  });

  // Another release of ours must still know the revisions of this one.
  test('whose it is, by a tag that stays', () => {
    expect(deploymentOf(revision(7, { tags: [{ key: 'drawbridge:deployment', value: 'web-0' }] }))).toBe('web-0');
    expect(deploymentOf(revision(7))).toBeUndefined();
  });
});

test('a revision’s name is in its ARN', () => {
  expect(revisionName(revisionArn(41))).toEqual({ family: 'web', number: 41 });
});
