// Levels are folders below tests/ (see CONTRIBUTING.md); tests/run.ts starts one jest run per level.
export default {
  testEnvironment: 'node',
  testSequencer: '<rootDir>/tests/support/rotating-last.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/esbuild-transform.mjs' },
  testMatch: ['<rootDir>/tests/{unit,contract,workflow,end-to-end,record,documented}/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.build', '<rootDir>/.serverless', '<rootDir>/.rehearsal'],
  reporters: ['default'],
};
