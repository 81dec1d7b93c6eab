import fc from 'fast-check';
import { readJson } from '../../../cli/json-text.ts';

test.each([
  ['{"a": 1,}', 'line 1, column 9: a name in double quotes expected before }'],
  ['{"a": 1\n "b": 2}', 'line 2, column 2: "," or "}" expected before a text'],
  ['{"a": [1, 2\n', 'line 2, column 1: "," or "]" expected'],
  ['{\n  "a": tru\n}', 'line 2, column 8: a value expected'],
  ['{"a" 1}', 'line 1, column 6: ":" expected before 1'],
  ['{} {}', 'line 1, column 4: the end of the file expected'],
  ['', 'line 1, column 1: a value expected'],
  ["{'a': 1}", 'line 1, column 2: a name in double quotes expected'],
  ['{"a": "b\nc"}', 'line 1, column 7: a value expected'],
])('%j is no JSON, and the place is told', (text, problem) => {
  expect(readJson(text)).toEqual({ problems: [problem] });
});

test('a text is not quoted in a complaint', () => {
  expect(JSON.stringify(readJson('{"a" "hunter2"}'))).not.toContain('hunter2');
});

test('a name that is there twice is told with its place, however it is written', () => {
  const text = '{"a": {"web": 1,\n "w\\u0065b": 2},\n "a": 3, "b": [{"a": 1}, {"a": 2}]}';
  const problems = ['line 2, column 2: "w\\u0065b" is there twice', 'line 3, column 2: "a" is there twice'];
  expect(readJson(text)).toEqual({ problems });
});

test('whatever JSON.stringify writes is read as it is', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      expect(readJson(text)).toEqual({ value: JSON.parse(text) as unknown });
    }),
  );
});

test('what JSON.parse refuses is refused, wherever the text was damaged', () => {
  const damaged = fc
    .tuple(fc.jsonValue(), fc.nat(), fc.constantFrom('', '"', '{', ']', ',', ':', 'x', '\\', '01'))
    .map(([value, place, other]) => {
      const text = JSON.stringify(value);
      const at = place % text.length;
      return text.slice(0, at) + other + text.slice(at + 1);
    });
  const refused = (text: string): boolean => {
    try {
      JSON.parse(text);
      return false;
    } catch {
      return true;
    }
  };
  fc.assert(
    fc.property(damaged, (text) => {
      if (refused(text)) expect(readJson(text)).toHaveProperty('problems');
    }),
    { numRuns: 500 },
  );
});
