import { missingPrerequisites } from '../../../local/demo/prerequisites.ts';

test('nothing is missing here', () => {
  expect(missingPrerequisites()).toEqual([]);
});

test('an old Node and absent packages are named, with what to do', () => {
  expect(missingPrerequisites('22.20.0', import.meta.dirname)).toEqual([
    expect.stringMatching(/^Node 24: this is 22\.20\.0/),
    expect.stringMatching(/npm ci/),
  ]);
});
