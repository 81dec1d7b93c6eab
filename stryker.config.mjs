/** The verbs that rotate secrets and tend what rotations leave. */
const rotation = [
  ...[
    'rotate-secret',
    'hook-rotation',
    'hook-projects',
    'gitlab-rotation',
    'self-rotate',
    'make-tokens',
    'prove-tokens',
  ],
  ...[
    'promote-version',
    'revoke-leftovers',
    'tend-credentials',
    'tend-hooks',
    'resend-lost-hooks',
    'known-versions',
    'remember',
    'in-parts',
    'token-owner',
  ],
].map((name) => `lib/app/${name}.ts`);

// `npm run mutate`: does a unit test notice when a rule changes? What survives, and why: docs/mutation.md.
export default {
  mutate: ['lib/domain/**/*.ts', 'lib/webhooks/**/*.ts', ...rotation],
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: {
    config: {
      testMatch: [
        '<rootDir>/tests/unit/{domain,webhooks,app/rotation}/**/*.test.ts',
        '<rootDir>/tests/unit/app/{hook-rotation,rotate-secret,promote-version}.test.ts',
      ],
    },
  },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // Jest's ESM contexts are never freed
  maxTestRunnerReuse: 100,
  tempDirName: '.rehearsal/mutants',
  reporters: ['progress', 'clear-text'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 95, low: 90, break: 85 },
  cleanTempDir: 'always',
  ignorePatterns: ['/*', '!/lib', '!/tests', '!/events', '!/jest.config.mjs', '!/package.json'],
};
