import { world, useCloud, endsFailed, settle, expectTheTruth, expectTheNextTryToEndWell, FAULT_CASES, isFatal, addFault } from './matrix';

useCloud();

describe('a fault until the event has failed', () => {
  test.each(FAULT_CASES)('$name, until the event has failed', async (faultCase) => {
    const { operation, call, named } = faultCase;
    const { cloud, recorder } = world();
    await operation.prepare(cloud);
    const lasting = addFault(faultCase);
    recorder.onAnswer = ({ answer }) => {
      if (answer.status === 'FAILED') lasting.remove();
    };

    const outcome = await operation.run(cloud);
    settle();

    if (isFatal(faultCase)) {
      expect(outcome.reason).toContain(`${call} failed: `);
      expect(outcome.reason).toMatch(named.words);
    }
    expect(outcome.status).toBe(isFatal(faultCase) ? endsFailed(operation) : operation.ends);
    expectTheTruth(outcome);
    if (outcome.status === 'ROLLBACK_COMPLETE' && operation.name.includes('on a disabled service')) expect(cloud.emulator.service('web')!.state).toBe('DISABLED');
    if (outcome.status !== operation.ends) await expectTheNextTryToEndWell(operation, outcome);
  });
});
