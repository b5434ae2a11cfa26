import { world, useCloud, endsFailed, settle, expectTheTruth, expectTheNextTryToEndWell, FAULT_CASES, addFault } from './matrix';
import { isOfSources } from './named-faults';

/** Each fault, twice in a row, after so many calls. A file for each number: together they would take one worker too long. */
export function testFaultsAfter(skip: number): void {
  useCloud();

  test.each(FAULT_CASES)(`$name, for a moment, after ${skip} calls`, async (faultCase) => {
    const { operation, call, named } = faultCase;
    await operation.prepare(world().cloud);
    addFault(faultCase, { skip, times: 2 });

    const outcome = await operation.run(world().cloud);
    settle();

    // What is denied half a minute after the start is not only a policy that has yet to have its effect. What is deployed is read before that, or not needed.
    const mayFail = named.name === 'denied' && !isOfSources(call);
    expect([operation.ends, ...(mayFail ? [endsFailed(operation), 'UPDATE_ROLLBACK_FAILED'] : [])]).toContain(outcome.status);
    expectTheTruth(outcome);
    if (outcome.status !== operation.ends) await expectTheNextTryToEndWell(operation, outcome);
  });
}
