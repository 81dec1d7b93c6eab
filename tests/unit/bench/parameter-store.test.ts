import { parameterStore, Refusal } from '../../bench/parameter-store.ts';
import type { ParameterStore } from '../../bench/parameter-store.ts';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  throw new Error('was not refused');
};

const names = (store: ParameterStore, request: object): string[] =>
  store.byPath(request).Parameters.map(({ Name }) => Name);

/** Follows NextToken to the end. */
const pages = (store: ParameterStore, request: object): string[][] => {
  const { Parameters, NextToken } = store.byPath(request);
  const rest = NextToken === undefined ? [] : pages(store, { ...request, NextToken });
  return [Parameters.map(({ Name }) => Name), ...rest];
};

describe('by path', () => {
  const store = parameterStore({
    '/t/4711/web': 'a',
    '/t/4711/deep/er': 'b',
    '/t/47110/web': 'c',
    '/t/4711': 'd',
    '/other/4711/web': 'e',
  });

  test('only what lies directly below, with its value', () => {
    expect(store.byPath({ Path: '/t/4711' })).toEqual({
      Parameters: [{ Name: '/t/4711/web', Type: 'String', Value: 'a' }],
    });
  });

  test('recursively all below, but neither the path itself nor one that only begins alike', () => {
    expect(names(store, { Path: '/t/4711', Recursive: true }).sort()).toEqual(['/t/4711/deep/er', '/t/4711/web']);
    expect(names(store, { Path: '/', Recursive: true })).toHaveLength(5);
  });

  test('a slash at the end says the same', () => {
    expect(names(store, { Path: '/t/4711/' })).toEqual(['/t/4711/web']);
  });

  test('an unknown path is an empty answer', () => {
    expect(store.byPath({ Path: '/t/4712' })).toEqual({ Parameters: [] });
  });

  test.each([
    ['no path', {}],
    ['a path without its first slash', { Path: 't/4711' }],
    ['a filter, which the stub does not play', { Path: '/t', ParameterFilters: [] }],
  ])('%s is refused', (_, request) => {
    expect(codeOf(() => store.byPath(request))).toBe('ValidationException');
  });
});

describe('by page', () => {
  const ofProject = (project: string, count: number) =>
    Array.from({ length: count }, (_, n) => [`/t/${project}/${String(n).padStart(2, '0')}`, 'x'] as const);
  const store = parameterStore(Object.fromEntries([...ofProject('1', 23), ...ofProject('2', 10)]));

  test('ten at a time, each once, and no token on the last page', () => {
    const found = pages(store, { Path: '/t/1' });
    expect(found.map(({ length }) => length)).toEqual([10, 10, 3]);
    expect(new Set(found.flat()).size).toBe(23);
  });

  test('ten that fill the last page leave no token', () => {
    expect(store.byPath({ Path: '/t/2' })).not.toHaveProperty('NextToken');
  });

  test('as few as MaxResults says', () => {
    expect(pages(store, { Path: '/t/2', MaxResults: 4 }).map(({ length }) => length)).toEqual([4, 4, 2]);
  });

  test.each([0, 11, 2.5])('MaxResults %p is refused', (MaxResults) => {
    expect(codeOf(() => store.byPath({ Path: '/t/1', MaxResults }))).toBe('ValidationException');
  });

  test('a token is good only for the query that gave it', () => {
    const { NextToken } = store.byPath({ Path: '/t/1' });
    expect(codeOf(() => store.byPath({ Path: '/t/2', NextToken }))).toBe('InvalidNextToken');
    expect(codeOf(() => store.byPath({ Path: '/t/1', Recursive: true, NextToken }))).toBe('InvalidNextToken');
    expect(codeOf(() => store.byPath({ Path: '/t/1', NextToken: 'made-up' }))).toBe('InvalidNextToken');
  });
});

describe('by name', () => {
  const store = parameterStore({ '/t/4711/web': 'a' });

  test('exactly that one', () => {
    expect(store.byName({ Name: '/t/4711/web' })).toEqual({
      Parameter: { Name: '/t/4711/web', Type: 'String', Value: 'a' },
    });
  });

  test.each(['/t/4711', '/t/4711/web/', 'constructor', undefined, 7])('%p is not there', (Name) => {
    expect(codeOf(() => store.byName({ Name }))).toBe('ParameterNotFound');
  });
});
