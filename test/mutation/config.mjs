import { readdirSync } from 'node:fs';

/**
 * What the runs of the mutation tests share. There are several, since every mutant loads all tests that reach its file: logic whose
 * tests take milliseconds must not load the SDK or aws-cdk-lib with each of its mutants.
 *
 * @param {string} name of the run, and of its reports
 * @param {string[]} mutate globs of sources
 * @param {string[]} tests paths of test files
 * @returns {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export function mutationTests(name, mutate, tests) {
  const reports = `reports/mutation/${name}`;
  return {
    mutate,
    testRunner: 'jest',
    plugins: ['@stryker-mutator/jest-runner'],
    jest: {
      configFile: 'test/mutation/jest.config.json',
      projectType: 'custom',
      config: { testMatch: tests.map((test) => `<rootDir>/${test}`) },
    },
    coverageAnalysis: 'perTest',
    // What runs once when a module is loaded, such as a table or a pattern, is run by every test: each mutant of it would need them all.
    ignoreStatic: true,
    concurrency: 2,
    // A machine that is busy must not make a mutant look like an endless loop.
    timeoutMS: 20_000,
    incremental: true,
    incrementalFile: `${reports}/incremental.json`,
    tempDirName: `${reports}/sandbox`,
    // The bundle is needed for synthesis.
    ignorePatterns: ['/.venvs', '/dist', '/coverage', '/reports', '/test/e2e', '/test/lifecycle', '/benchmarks', '/examples', '*.md', 'cdk.out'],
    reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
    htmlReporter: { fileName: `${reports}/index.html` },
    jsonReporter: { fileName: `${reports}/mutation.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: 90, break: 90 },
  };
}

/**
 * @param {string} folder
 * @param {(file: string) => boolean} isMeant
 * @returns the test files of a folder and of those below it
 */
export function testsIn(folder, isMeant = () => true) {
  return readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.test.ts') && isMeant(file)).map((file) => `${folder}/${file}`);
}
