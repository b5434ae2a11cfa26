import { mutationTests, testsIn } from './config.mjs';

/*
 * The checks at synthesis, and what is written into the template after them.
 *
 * What may survive here, since no test could distinguish it from the original: in `container-validation.ts` the `$` behind a pattern that takes
 * all there is, and `.+` in the place of `.*` where nothing follows; in `container-service-validation.ts`, `container-validation.ts` and
 * `validation.ts` the type of a value beside a check that no other type passes; and what an unnamed class is called.
 */
export default mutationTests('synthesis', [
  'lib/private/validation/*.ts', 'lib/private/validation/images/*.ts', 'lib/private/tree/known-text.ts', 'lib/private/tree/missing-value.ts',
  'lib/private/binding/bound-container.ts', 'lib/private/binding/rendering.ts',
  'lib/private/warnings/mutable-tag.ts', 'lib/private/warnings/secret-name.ts', 'lib/private/warnings/secret-value.ts',
], testsIn('test/lib/private'));
