import fc from 'fast-check';
import { cloneWithImage, differingPaths } from '../../../lib/domain/revision.ts';
import { digest, registry, revision } from '../../support/samples.ts';

const image = `${registry}/acme/web@${digest}`;
const containers = (definition: Record<string, unknown>) =>
  definition['containerDefinitions'] as Record<string, unknown>[];

describe('comparing what was asked with what ECS made', () => {
  const asked = () => cloneWithImage(revision(7), { containers: ['app'], image, deployment: 'web-1' }).definition;
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

  const mount = { sourceVolume: 'data', containerPath: '/data', readOnly: true };
  const port = { containerPort: 8080, protocol: 'tcp' };

  test.each<[string, unknown, unknown]>([
    ['values in another order', ['NET_ADMIN', 'SYS_TIME'], ['SYS_TIME', 'NET_ADMIN']],
    ['records in another order', [mount, port], [port, mount]],
    ['keys in another order', [mount], [{ readOnly: true, containerPath: '/data', sourceVolume: 'data' }]],
    ['empty for absent', [mount], [{ ...mount, a: null, b: [], c: {} }]],
    ['empty for absent further in', [{ at: mount }], [{ at: { ...mount, a: [] } }]],
  ])('in a list without names, %s are no difference', (_what, one, other) => {
    expect(differingPaths({ list: one }, { list: other })).toEqual([]);
  });

  test.each<[string, unknown, unknown]>([
    ['a value', ['NET_ADMIN'], ['SYS_TIME']],
    ['a value more', ['NET_ADMIN'], ['NET_ADMIN', 'SYS_TIME']],
    ['a value of a record', [mount], [{ ...mount, readOnly: false }]],
    [
      'a value of a record that has no name beside one that has',
      [{ name: 'a' }, port, mount],
      [{ name: 'a' }, port, port],
    ],
    ['a record whose name is no text', [{ name: 1, value: 'x' }], [{ name: 1, value: 'y' }]],
    ['a null in a list', [null], ['x']],
  ])('in a list without names, %s is one, named by the list', (_what, one, other) => {
    expect(differingPaths({ list: one }, { list: other })).toEqual(['list']);
    expect(differingPaths({ list: other }, { list: one })).toEqual(['list']);
  });

  test.each<[string, unknown, unknown]>([
    ['numbers', 512, 1024],
    ['0 for absent', 0, undefined],
    ['false for absent', false, undefined],
    ['an empty text for absent', '', undefined],
    ['a text for a list', 'x', ['x']],
  ])('%s are a difference: they are values', (_what, one, other) => {
    expect(differingPaths({ field: one }, { field: other })).toEqual(['field']);
  });

  test.each(['command', 'entryPoint'])('the order of a %s is what it says', (field) => {
    const container = (words: string[]) => ({ containerDefinitions: [{ name: 'app', [field]: words }] });
    expect(differingPaths(container(['a', 'b']), container(['b', 'a']))).toEqual([`containerDefinitions.app.${field}`]);
  });

  test('paths come in order, whatever the order of the fields', () => {
    const one = { b: { z: 1, y: 1 }, a: 1 };
    expect(differingPaths(one, { b: { z: 2, y: 2 }, a: 2 })).toEqual(['a', 'b.y', 'b.z']);
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
