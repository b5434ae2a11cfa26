import * as fc from 'fast-check';
import { SchedulePlayer } from './schedule-player';
import { schedules } from './schedules';
import { PreparedApps } from '../apps/prepared-apps';

/*
 * Schedules at random: what goes wrong in the fault matrix one at a time happens here at once, and in a row. SCHEDULES says how many there are to be, SCHEDULE_LENGTH
 * how long they may get. A failure prints the SCHEDULE_SEED and SCHEDULE_PATH that replay it.
 */
const { SCHEDULES = '200', SCHEDULE_LENGTH = '4', SCHEDULE_SEED = '1', SCHEDULE_PATH } = process.env;
const DAY = 24 * 3_600_000;

let apps: PreparedApps;

beforeAll(() => {
  apps = new PreparedApps();
});
afterAll(() => apps.remove());

test(`${SCHEDULES} schedules at random, from seed ${SCHEDULE_SEED}`, async () => {
  const outcome = await fc.check(
    fc.asyncProperty(schedules(Number(SCHEDULE_LENGTH)), async (schedule) => SchedulePlayer.play(schedule, apps)),
    { numRuns: Number(SCHEDULES), seed: Number(SCHEDULE_SEED), path: SCHEDULE_PATH },
  );

  if (outcome.failed) {
    const { message } = outcome.errorInstance as Error;
    throw new Error([
      `After ${outcome.numRuns} schedules, and ${outcome.numShrinks} that were shrunk from it:`,
      ...outcome.counterexample?.[0].map((step) => JSON.stringify(step)) ?? [],
      message,
      'To play it again:',
      `SCHEDULE_LENGTH=${SCHEDULE_LENGTH} SCHEDULE_SEED=${outcome.seed} SCHEDULE_PATH=${outcome.counterexamplePath} npx jest test/lifecycle/schedules/schedules.test.ts`,
    ].join('\n'));
  }
}, DAY);
