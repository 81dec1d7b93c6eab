import { documented, leftOut, realParts } from '../../support/left-out.ts';

test('where nothing is missing, nothing is left out, and nothing said', () => {
  expect(leftOut(realParts, [], undefined)).toEqual({ args: [], told: [] });
});

test.each([undefined, ''])(
  'what is missing leaves out the tests that need it, which is said with its names (CI: %p)',
  (ci) => {
    const { args, told } = leftOut(realParts, ['skopeo', 'crane'], ci);
    const [, pattern = ''] = /^--testPathIgnorePatterns=(.*)$/.exec(args[0] ?? '') ?? [];
    expect(args).toHaveLength(1);
    expect(new RegExp(pattern).test('/somewhere/tests/end-to-end/real-parts.test.ts')).toBe(true);
    expect(new RegExp(pattern).test('/somewhere/tests/end-to-end/door.test.ts')).toBe(false);
    expect(told.join('\n')).toMatch(/NOT RUN: .*real-parts.* for want of skopeo, crane\n.*apt-get install/);
  },
);

test('in CI nothing is left out, whatever is missing', () => {
  expect(leftOut(realParts, ['crane'], 'true')).toEqual({ args: [], told: [] });
});

test('the documents say which programs they need of their own', () => {
  const { told } = leftOut(documented, ['jq'], undefined);
  expect(told.join('\n')).toMatch(/NOT RUN: .*documented.* for want of jq\n.*apt-get install jq openssl/);
});
