/** Tests run as the ES modules they are: NestJS 12 cannot be loaded by jest's CommonJS mode (docs/adr/0005-test-set-up.md). */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/{src,agent,test,bench,scripts}/**/*.test.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
        swcrc: false,
      },
    ],
  },
  transformIgnorePatterns: ['/node_modules/'],
  // Ends what hangs; longer than any wait within a test, on a slow machine too.
  testTimeout: 240_000,
  // Module registries of ES modules are never freed: a worker that has grown is replaced by a new one between files.
  workerIdleMemoryLimit: '1500MB',
};
