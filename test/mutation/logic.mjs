import { ADAPTERS } from './adapters.mjs';
import { mutationTests, testsIn } from './config.mjs';

/*
 * The handler's logic, against a world in memory. What counts as timed out is a loop that no longer ends.
 *
 * What may survive here, since no test could distinguish it from the original:
 * - Everywhere, the value that only the compiler needs: the text or list in the place of one that is always there (a group of a pattern
 *   that matched, a list that is filtered before, the image of a container), and a check for undefined before a comparison that undefined
 *   does not pass. That is so in `container-findings.ts`, `explain-failure.ts`, `failure-reason.ts`, `health-check-diagnosis.ts`,
 *   `secret-detection.ts`, `log-excerpt.ts`, `private-images.ts`, `process-diagnosis.ts`, `process-signs.ts`, `secret-mask.ts`,
 *   `secret-resolver.ts` and `secret-text.ts`.
 * - `container-findings.ts`, the value for no line since the process was up: no pattern finds anything in it.
 * - `container-log-tail.ts`, which read is reported where a later one was complete and yet shorter: a log does not shrink.
 * - `log-excerpt.ts`, that a log is closed by the first line that does not fit, where the next one does not fit either, and that a line without
 *   its header is not shown: ten containers, which is the most, always have room for theirs.
 * - `secret-text.ts`, the name of an error that never leaves the handler.
 * - `desired-deployment.ts`, the order of equal keys: a map has none, and any order that both sides share will do.
 * - `health-check.ts`, what stands for a first number: `split` leaves out none.
 * - `request.ts`, the order of equal triggers, and the name of a property that was found to be a map before.
 * - `request.ts` and `property-values.ts`, the type of a value beside a check that no other type passes.
 * - `ownership.ts`, what `claimOn` puts in the place of nothing: it is no claim either; and `<=` beside `===` in `isOwn`.
 * - `version-resolver.ts`, that `versionsOf` leaves out what the list has already: a version that is there twice is found once.
 * - `stack-operation.ts`, the comparisons with an operation, or a time, that is undefined or over, which are false by themselves.
 * - `deployment-lifecycle.ts`, what is reported by a check in the very millisecond of the deadline; the `default` of the states,
 *   and whether there is a version where the URL has answered: it is only requested for one.
 */
export default mutationTests('logic', ['lambda/**/*.ts', ...ADAPTERS.map((name) => `!lambda/${name}.ts`)],
  // Those of the adapters talk to servers; the others that are left out say again over HTTP, of long logs, or of random texts, what a test here says quickly.
  testsIn('test/lambda', (file) => !/\.(?:emulator|volume|property)\.test\.ts$/.test(file) && !ADAPTERS.some((name) => file === `${name}.test.ts`)));
