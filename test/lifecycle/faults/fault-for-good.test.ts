import { world, useCloud, endsFailed, settle, expectTheTruth, expectTheNextTryToEndWell, FAULT_CASES, isFatal, addFault } from './matrix';
import { isOfSources } from './named-faults';

useCloud();

describe('a fault for good', () => {
  test.each(FAULT_CASES.filter(isFatal))('$name, for good', async (faultCase) => {
    const { operation, call, named } = faultCase;
    const { cloud } = world();
    await operation.prepare(cloud);
    const versions = cloud.emulator.deployments('web');
    addFault(faultCase);

    const outcome = await operation.run(cloud);
    settle();

    expect(outcome.reason).toContain(`${call} failed: `);
    expect(outcome.reason).toMatch(named.words);
    // Without its secrets and images nothing is deployed, and a rollback without its secrets keeps the active version.
    expect(isOfSources(call) ? [endsFailed(operation)] : [endsFailed(operation), 'ROLLBACK_FAILED', 'UPDATE_ROLLBACK_FAILED']).toContain(outcome.status);
    if (isOfSources(call)) expect(cloud.emulator.deployments('web')).toEqual(versions);
    expectTheTruth(outcome);
    await expectTheNextTryToEndWell(operation, outcome);
  });
});
