import * as fs from 'fs';

/** Removes what the test run left there. */
export default function tearDown(): void {
  fs.rmSync(process.env.TMPDIR!, { recursive: true, force: true });
}
