import fc from 'fast-check';
import {
  cloneWithImage,
  deploymentTag,
  differingPaths,
  imagesOf,
  readOnlyFields,
  revisionName,
} from '../../../lib/domain/revision.ts';
import { digest, registry, revision, revisionArn } from '../../support/samples.ts';

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

describe('comparing what was asked with what ECS made', () => {
  const asked = () => clone().definition;
  const answered = (change: (definition: Record<string, unknown>) => void): Record<string, unknown> => {
    const definition = structuredClone(asked());
    change(definition);
    return definition;
  };
  const app = (definition: Record<string, unknown>): Record<string, unknown> => containers(definition)[0] ?? {};

  test.each<[string, (definition: Record<string, unknown>) => void]>([
    ['nothing', () => undefined],
    ['read-only fields', (definition) => Object.assign(definition, revision(8).definition, asked())],
    ['lists in another order', (definition) => containers(definition).reverse()],
    ['empty and null for absent', (definition) => Object.assign(definition, { volumes: [], ipcMode: null, tags: {} })],
    [
      'empty for absent in a container',
      (definition) => Object.assign(app(definition), { mountPoints: [], links: null }),
    ],
    ['keys in another order', (definition) => (definition['runtimePlatform'] = undefined)],
  ])('%s is no difference', (_what, change) => {
    expect(differingPaths(asked(), answered(change))).toEqual([]);
  });

  test.each<[string, (definition: Record<string, unknown>) => void]>([
    ['cpu', (definition) => (definition['cpu'] = '512')],
    ['taskRoleArn', (definition) => delete definition['taskRoleArn']],
    ['runtimePlatform', (definition) => (definition['runtimePlatform'] = { cpuArchitecture: 'ARM64' })],
    ['containerDefinitions.app.image', (definition) => (app(definition)['image'] = 'other')],
    ['containerDefinitions.app.command', (definition) => (app(definition)['command'] = ['--port', 'serve', '8080'])],
    [
      'containerDefinitions.app.environment.DB_PASSWORD.value',
      (definition) => (app(definition)['environment'] = [{ name: 'DB_PASSWORD', value: 'correct horse' }]),
    ],
    ['containerDefinitions.proxy', (definition) => containers(definition).pop()],
  ])('%s is one, named by its path', (path, change) => {
    expect(differingPaths(asked(), answered(change))).toEqual([path]);
  });

  test('values never appear in a path: they hold applications’ secrets', () => {
    const secret = fc.stringMatching(/^SECRET[a-z]{8}$/);
    const value = (leaf: string) => [
      {
        name: 'app',
        environment: [{ name: 'A', value: leaf }],
        command: [leaf],
        secrets: [{ name: 'S', valueFrom: leaf }],
      },
      { name: 'proxy', environmentFiles: [{ value: leaf, type: 's3' }], dockerLabels: { label: leaf } },
    ];
    fc.assert(
      fc.property(secret, secret, (one, other) => {
        const paths = differingPaths({ containerDefinitions: value(one) }, { containerDefinitions: value(other) });
        expect(paths.join()).not.toContain('SECRET');
        expect(paths.length).toBe(one === other ? 0 : 5);
      }),
      { numRuns: 50 },
    );
  });

  test('whatever a definition holds: none differs from itself, and two differ both ways', () => {
    const definition = fc.dictionary(fc.constantFrom('cpu', 'volumes', 'command', 'x'), fc.jsonValue());
    fc.assert(
      fc.property(definition, definition, (one, other) => {
        expect(differingPaths(one, structuredClone(one))).toEqual([]);
        expect(differingPaths(one, other).length > 0).toBe(differingPaths(other, one).length > 0);
      }),
      { numRuns: 200 },
    );
  });
});

test('a revision’s name is in its ARN', () => {
  expect(revisionName(revisionArn(41))).toEqual({ family: 'web', number: 41 });
});
